"""A policy of order that a reader brings: read, checked, and refused when it would order by what studies found.

A file holds one `p:OrderPolicy` with its keys; it may name keys of kb/policies/order.ttl too. Shapes
(ontology/shapes/policy/) say what a policy is, and kb/policies/reads.ttl which properties of options a key may compare.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from posthma.decide.guidance import FIRST, RDF_TYPE, REST, Guidance, Policy
from posthma.errors import PolicyError, UsageError
from posthma.knowledge import tokens
from posthma.places import Places
from posthma.terms import Triple
from posthma.validation import Result, run_shapes
from posthma.vocab import KB, P, curie

FOLDER = "ontology/shapes/policy"
MAX_BYTES = 1_000_000
_REFUSED = "compares what a policy may not read"
_OURS = (f"<{P.BASE}", f"<{KB.BASE}")


def read_policy(path: str | os.PathLike[str], guidance: Guidance) -> Policy:
    """Read a policy of order from a Turtle file.

    Args:
        path: The file.
        guidance: The knowledge that its keys and values must be known to.

    Raises:
        UsageError: The file cannot be read.
        PolicyError: It is no sound policy, or would order by evidence; place, fact and remedy are told.
    """
    name = os.fspath(path)
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise UsageError(name, f"it cannot be read ({error.strerror})", "check the path") from error
    if len(data) > MAX_BYTES:
        raise PolicyError(name, f"it is larger than {MAX_BYTES:,} bytes", "give a file with one policy")
    try:
        triples = tuple(tokens(ox.parse(data, format=ox.RdfFormat.TURTLE)))
    except SyntaxError as error:
        place = f"{name}:{error.lineno}" if error.lineno else name
        raise PolicyError(place, str(error.msg), "mend the Turtle there") from error
    places = Places(data.decode("utf-8"), "turtle", name, triples)
    policy = _checked(triples, guidance, places, name)
    said = {**guidance.said}
    for s, p, o in triples:
        facts = said.setdefault(s, {})
        facts[p] = [*facts.get(p, ()), o]
    found = replace(guidance, said=said, kept={}, _texts={}).policy(policy)
    return replace(found, file=os.path.basename(name), sha256=hashlib.sha256(data).hexdigest())


def _checked(triples: tuple[Triple, ...], guidance: Guidance, places: Places, name: str) -> str:
    """Return the policy of a file.

    Raises:
        PolicyError: The file is not sound.
    """
    policies = [t for t in triples if t[1] == RDF_TYPE and t[2] == P.OrderPolicy]
    if len(policies) != 1:
        told = ", ".join(curie(t[0]) for t in policies) or "none"
        fact = f"it holds {len(policies)} policies of order ({told})"
        raise PolicyError(name, fact, "give a file with one p:OrderPolicy")
    for look in (_strangers, _unsound, _unknown):
        for place, fact, remedy in look(triples, guidance, places):
            raise PolicyError(place, fact, remedy)
    return policies[0][0]


_Fault = tuple[str, str, str]


def _strangers(triples: tuple[Triple, ...], guidance: Guidance, places: Places) -> Iterator[_Fault]:
    """Yield what a file says of anything but its own policy and keys: it may not change what the knowledge says."""
    own = {s for s, p, o in triples if p == RDF_TYPE and o in (P.OrderPolicy, P.OrderKey)}
    for triple in triples:
        s, p, _ = triple
        listed = s.startswith("_:") and p in (FIRST, REST)
        if not listed and (s not in own or s in guidance.said):
            what = f"it speaks of {curie(s)}, which is no policy or key of its own"
            yield places.of(triple), what, "take it out; a policy of order changes nothing that the knowledge says"


def _unsound(triples: tuple[Triple, ...], guidance: Guidance, places: Places) -> Iterator[_Fault]:
    """Yield what the shapes find in the file, refused reads with their reason first."""
    knowledge = guidance.knowledge
    known = [t for file, ts in knowledge.by_file.items() if file.startswith("kb/policies/") for t in ts]
    own = {s for s, _, _ in triples}
    shapes = sorted((knowledge.root / FOLDER).glob("*.ttl"))
    results = [r for r in run_shapes(shapes, (*known, *triples)) if r.focus in own]
    for result in sorted(results, key=lambda r: _REFUSED not in r.message):
        fact, _, remedy = result.message.rstrip(".").partition("; ")
        reason = _refusal(result, guidance)
        terms = dict.fromkeys(t for t in (result.focus, result.path, result.value) if t)
        about = " ".join(curie(t) if t.startswith("<") else t for t in terms)
        if reason:
            fact, remedy = f"{curie(result.focus)} compares {curie(result.value)}: {reason}", _allowed(guidance)
            yield places.of(_triple(result, triples)), fact, remedy
        else:
            yield places.of(_triple(result, triples)), f"{fact} ({about})", remedy


def _refusal(result: Result, guidance: Guidance) -> str:
    """Return why a key may not read what it reads; empty when a result is about something else."""
    if not result.value or result.value in guidance.objects(KB.orderReads, P.allowsRead):
        return ""
    if _REFUSED not in result.message:
        return ""
    for refusal in guidance.instances(P.ReadRefusal):
        if result.value in guidance.objects(refusal, P.refuses):
            return guidance.text(refusal, P.refusedBecause)
    return "it is not among what a policy of order may compare"


def _allowed(guidance: Guidance) -> str:
    allowed = ", ".join(map(curie, guidance.objects(KB.orderReads, P.allowsRead)))
    return f"compare one of {allowed} (kb/policies/reads.ttl)"


def _triple(result: Result, triples: tuple[Triple, ...]) -> Triple:
    """Return the triple of the file that a result is about."""
    about = [t for t in triples if t[0] == result.focus]
    exact = [t for t in about if t[2] == result.value]
    on_path = [t for t in about if t[1] == result.path]
    return next(iter([*exact, *on_path, *about]))


def _unknown(triples: tuple[Triple, ...], guidance: Guidance, places: Places) -> Iterator[_Fault]:
    """Yield names of p: and kb: that the knowledge does not know, and statements of evidence among the values."""
    for triple in triples:
        for term in triple[1:]:
            if not term.startswith(_OURS):
                continue
            if term not in guidance.said:
                near = difflib.get_close_matches(curie(term), map(curie, guidance.said), n=1)
                hint = f"did you mean {near[0]}?" if near else "see the knowledge base"
                yield places.of(triple), f"{curie(term)} is no term of the knowledge base", hint
            elif P.EvidenceStatement in guidance.objects(term, RDF_TYPE):
                fact = f"{curie(term)} is a statement of evidence: a policy would order by what one study found"
                yield places.of(triple), fact, _allowed(guidance)
