"""What is linted: the whole knowledge, a part of it, or a draft that is read as if it were part of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from posthma import resources
from posthma.errors import KnowledgeError, UsageError
from posthma.knowledge import Knowledge, read_knowledge, tokens
from posthma.places import Places
from posthma.terms import Triple
from posthma.vocab import KB, RDF, P

OURS = (f"<{P.BASE}", f"<{KB.BASE}")
_PARTS = ("ontology", "kb", "queries")


@dataclass(frozen=True)
class Matter:
    """Knowledge to be linted, and where each fact of it stands.

    Attributes:
        knowledge: The knowledge, a draft merged into it.
        drafts: Place of each draft file -> the name that its findings carry.
        rules: Rule files beside those of queries/rules/.
        only: Findings are told of places that begin with one of these; of all places when empty.
    """

    knowledge: Knowledge
    drafts: dict[str, str]
    rules: tuple[Path, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def root(self) -> Path:
        """The folder that holds ontology/, kb/ and queries/."""
        return self.knowledge.root

    @cached_property
    def said(self) -> dict[str, list[Triple]]:
        """Subject -> its facts."""
        found: dict[str, list[Triple]] = {}
        for triple in self.knowledge.triples:
            found.setdefault(triple[0], []).append(triple)
        return found

    @cached_property
    def _places(self) -> dict[str, Places]:
        return {}

    def place(self, triple: Triple) -> str:
        """Return ``file:line`` of a fact."""
        for file in self.knowledge.files_of(triple):
            if file not in self._places:
                text = (self.root / file).read_text(encoding="utf-8")
                name = self.drafts.get(file, file)
                self._places[file] = Places(text, "turtle", name, self.knowledge.by_file[file])
            return self._places[file].of(triple)
        return ""

    def place_of(self, term: str) -> str:
        """Return where a thing is described: the line of its type, else of its first fact."""
        facts = self.said.get(term, [])
        typed = [triple for triple in facts if triple[1] == RDF.type]
        return self.place((typed or facts)[0]) if facts else ""

    def is_meant(self, place: str) -> bool:
        """Say whether findings at a place are asked for."""
        file = place.rpartition(":")[0] or place
        return not self.only or any(file == wanted or file.startswith(wanted + "/") for wanted in self.only)


def read_matter(path: str | None = None) -> Matter:
    """Read what a path names.

    Args:
        path: None for the whole knowledge; a file or folder of it; a folder with ontology/, kb/ and queries/ of its
            own; or a Turtle or rule file elsewhere, read as a draft of the knowledge.

    Raises:
        UsageError: It names none of these.
        KnowledgeError: A file cannot be parsed.
    """
    if path is None:
        return Matter(read_knowledge(), {})
    given = Path(path)
    found = given.resolve()
    if not found.exists():
        raise UsageError(path, "there is no such file or folder", "name a .ttl or .rq file, or a folder")
    if found.is_dir() and all((found / part).is_dir() for part in _PARTS):
        return Matter(read_knowledge(found), {})
    root = resources.root()
    if any(found.is_relative_to(root / part) for part in _PARTS):
        return Matter(read_knowledge(), {}, only=(found.relative_to(root).as_posix(),))
    if found.suffix == ".rq":
        return Matter(read_knowledge(), {}, (found,), only=(given.as_posix(),))
    if found.suffix != ".ttl":
        raise UsageError(
            path, "it is no part of the knowledge", "name a .ttl or .rq file, or a folder of ontology/ or kb/"
        )
    return _with_draft(read_knowledge(), found, given.as_posix())


def _with_draft(knowledge: Knowledge, file: Path, name: str) -> Matter:
    try:
        quads = list(ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True, lenient=True))
    except SyntaxError as error:
        raise KnowledgeError(f"{name}:{error.lineno}", str(error.msg), "mend the Turtle there") from error
    triples = tuple(dict.fromkeys(tokens(quads)))
    key = file.as_posix()
    merged = tuple(dict.fromkeys([*knowledge.triples, *triples]))
    mark = hashlib.sha256(knowledge.fingerprint.encode() + file.read_bytes()).hexdigest()
    whole = replace(knowledge, triples=merged, by_file={**knowledge.by_file, key: triples}, fingerprint=mark)
    return Matter(whole, {key: name}, only=(name,))


def described(matter: Matter) -> set[str]:
    """Return the names of p: and kb: that something is said of."""
    return {term for term in matter.said if term.startswith(OURS)}
