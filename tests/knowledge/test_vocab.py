"""The closed namespaces: every name of the code is a term of the ontology, and a misspelt one raises."""

from __future__ import annotations

import pytest

from posthma.errors import UsageError
from posthma.knowledge import read_knowledge
from posthma.vocab import KB, OWL, P, curie, expand, plain


@pytest.mark.parametrize("namespace", [P, KB])
def test_every_name_is_declared(namespace):
    """A name is declared when the ontology or the knowledge base states something of it."""
    subjects = {s for s, _, _ in read_knowledge().triples}
    missing = [name for name in namespace.names() if f"<{namespace.BASE}{name}>" not in subjects]
    assert missing == []


def test_a_misspelt_name_raises():
    with pytest.raises(AttributeError):
        P.Pateint  # noqa: B018


def test_curies_there_and_back():
    for term in (P.Patient, KB.EU, OWL.Class):
        assert expand(curie(term)) == term
    assert curie("<https://w3id.org/posthma/ontology/a/b>") == "<https://w3id.org/posthma/ontology/a/b>"
    assert expand("https://example.org/x") == "<https://example.org/x>"
    assert expand("<https://example.org/x>") == "<https://example.org/x>"
    assert plain('"30"^^<http://www.w3.org/2001/XMLSchema#integer>') == "30"
    assert plain(KB.EU) == "kb:EU"


def test_an_unknown_prefix_is_wrong_use():
    with pytest.raises(UsageError, match="foo:bar: it is neither an IRI nor a CURIE"):
        expand("foo:bar")
