"""The project's own rules, one CONSTRUCT per file under queries/rules/<layer>/, run through pyoxigraph.

A rule is read as text. What speaks of absence or counts is found by its keywords; such a rule is not monotone, and
a step by it needs the record besides its premises.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from posthma.check.sources import store
from posthma.check.terms import OWL, RDF, RDFS, XSD, P, Triple, canonical
from posthma.errors import KnowledgeError

LOGIC = "logic"
PREFIXES = {
    "p": P,
    "kb": "https://w3id.org/posthma/kb/",
    "shape": "https://w3id.org/posthma/shape/",
    "rule": "https://w3id.org/posthma/rule/",
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
}
_TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*""", re.DOTALL
)
_ABSENCE = re.compile(r"(?<![?$:\w])(?:NOT\s+EXISTS|MINUS)\s*\{", re.IGNORECASE)
_OPTIONAL = re.compile(r"(?<![?$:\w])(?:OPTIONAL\s*\{|(?<!NOT\s)EXISTS\s*\{|LIMIT\s+\d|OFFSET\s+\d)", re.IGNORECASE)
_AGGREGATE = re.compile(r"(?<![?$:\w])(?:(COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\(|GROUP\s+BY\b)", re.IGNORECASE)
Row = frozenset[tuple[str, str]]
_UNBOUND = re.compile(r"(?<![?$:\w])(?:COALESCE\s*\(|!\s*BOUND\s*\(|!\s*EXISTS\b)", re.IGNORECASE)
_SELECT = re.compile(r"(\bSELECT\b[^{}()]*)(?=\((?:[^{}]*\()?\s*(?:COUNT|SUM|AVG)\b)", re.IGNORECASE)
_HEADER = re.compile(r"^#\s*(\w+):\s*(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class SparqlRule:
    """One rule file.

    Attributes:
        name: Its permanent id.
        layer: The folder it lies in.
        text: The query without comments.
        mask: The query with strings and IRIs blanked out, of the same length, for finding keywords.
        header: The header lines by their key.
    """

    name: str
    layer: str
    text: str
    mask: str = field(repr=False)
    header: dict[str, str] = field(repr=False)

    @cached_property
    def absences(self) -> tuple[tuple[int, int], ...]:
        """Where NOT EXISTS and MINUS groups stand, the outermost ones."""
        found: list[tuple[int, int]] = []
        for match in _ABSENCE.finditer(self.mask):
            if not found or match.start() >= found[-1][1]:
                found.append((match.start(), _closing(self.mask, match.end() - 1)))
        return tuple(found)

    @cached_property
    def optional(self) -> bool:
        """Whether the rule uses OPTIONAL, EXISTS or LIMIT, whose answer can change when facts are added."""
        return _OPTIONAL.search(self.mask) is not None

    @cached_property
    def aggregates(self) -> tuple[str, ...]:
        """The aggregate functions used."""
        return tuple((match[1] or "GROUP BY").upper() for match in _AGGREGATE.finditer(self.mask))

    @property
    def monotone(self) -> bool:
        """Whether a step follows from its premises whatever else is true."""
        return not (self.absences or self.optional or self.aggregates)

    @cached_property
    def positive(self) -> str:
        """The query without its absences: what the premises of a step alone must give."""
        text, at = "", 0
        for start, end in self.absences:
            # MINUS is a clause and may go; NOT EXISTS stands in a FILTER or an expression, which then is true.
            text += self.text[at:start] + ("" if self.mask[start].upper() == "M" else " (true) ")
            at = end
        return text + self.text[at:]

    @cached_property
    def denies(self) -> bool:
        """Whether the rule turns something not found into a conclusion, which needs a licence."""
        return bool(self.absences) or (self.optional and _UNBOUND.search(self.mask) is not None)

    @property
    def licence(self) -> str:
        """What the header says of the rule's absences; "" when it says none."""
        said = self.header.get("absence", "")
        return "" if said.split(":")[0].strip().lower() in ("", "none") else said


def read_rules(folder: Path) -> dict[str, SparqlRule]:
    """Read every rule below queries/rules/ of a knowledge folder, by id.

    Raises:
        KnowledgeError: A file has no id, or an id stands twice.
    """
    found: dict[str, SparqlRule] = {}
    for path in sorted((folder / "queries" / "rules").rglob("*.rq")):
        rule = parse_rule(path.read_text(encoding="utf-8"), path.parent.name)
        if not rule.name or rule.name in found:
            raise KnowledgeError(str(path), f"no id of its own ({rule.name or 'none'})", "give it a line '# id: R-...'")
        found[rule.name] = rule
    return found


def read_layers(folder: Path) -> tuple[str, ...]:
    """Return the order of the layers as queries/rules/layers.toml declares it, those that tell the answer last.

    Without that file there is logic alone.
    """
    path = folder / "queries" / "rules" / "layers.toml"
    if not path.exists():
        return (LOGIC,)
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(str(name) for name in (*declared["order"], *declared.get("told", ())))


def parse_rule(text: str, layer: str) -> SparqlRule:
    """Read one rule from its text."""
    body, mask, at = "", "", 0
    for match in _TOKEN.finditer(text):
        body, mask = body + text[at : match.start()], mask + text[at : match.start()]
        if not match[0].startswith("#"):
            body, mask = body + match[0], mask + match[0][0] + "_" * (len(match[0]) - 2) + match[0][-1]
        at = match.end()
    body, mask = body + text[at:], mask + text[at:]
    header: dict[str, str] = {}
    for key, said in _HEADER.findall(text):
        header.setdefault(key.lower(), said)
    return SparqlRule(header.get("id", ""), layer, body, mask, header)


def _closing(mask: str, opening: int) -> int:
    """Return the position after the brace that closes the one at ``opening``."""
    depth = 0
    for at in range(opening, len(mask)):
        depth += (mask[at] == "{") - (mask[at] == "}")
        if depth == 0:
            return at + 1
    return len(mask)


def construct(query: str, graph: ox.Store) -> Iterator[Triple]:
    """Run a CONSTRUCT and give its triples as tokens, literals as the store writes them.

    Raises:
        KnowledgeError: The query is not valid SPARQL, or not a CONSTRUCT.
    """
    try:
        answer = graph.query(query, prefixes=PREFIXES)
    except SyntaxError as error:
        raise KnowledgeError("queries/rules", str(error), "mend the rule") from error
    if not isinstance(answer, ox.QueryTriples):
        raise KnowledgeError("queries/rules", "a rule is not a CONSTRUCT", "write it as one")
    for triple in answer:
        obj = canonical(str(triple.object)) if isinstance(triple.object, ox.Literal) else str(triple.object)
        yield str(triple.subject), str(triple.predicate), obj


def as_stored(triples: Iterable[Triple]) -> set[Triple]:
    """Return triples with their literals as a store writes them ("01" becomes "1"), to be compared with results."""
    return set(construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", store(triples)))


def concludes(query: str, premises: Iterable[Triple], conclusion: Triple) -> bool:
    """Tell whether a query over a graph of the premises alone gives the conclusion."""
    wanted = as_stored([conclusion])  # nothing for a literal as subject: no query gives that
    return bool(wanted) and wanted <= set(construct(query, store(premises)))


def rows(query: str, graph: ox.Store) -> frozenset[Row]:
    """Return the values of a CONSTRUCT's visible variables for every way in which a graph satisfies it.

    Where rows are counted or summed, their number is one of the values: a row that adds nothing still belongs.
    """
    head = re.compile(r"\bCONSTRUCT\s*\{[^{}]*\}\s*(?:WHERE\b)?", re.IGNORECASE)
    text = _SELECT.sub(r"\1(COUNT(*) AS ?numberOfRows) ", head.sub("SELECT * WHERE ", query, count=1))
    answer = graph.query(text, prefixes=PREFIXES)
    if not isinstance(answer, ox.QuerySolutions):
        raise KnowledgeError("queries/rules", "a rule is not a CONSTRUCT", "write it as one")
    names = [variable.value for variable in answer.variables]
    return frozenset(
        frozenset((name, canonical(str(row[name]))) for name in names if row[name] is not None) for row in answer
    )
