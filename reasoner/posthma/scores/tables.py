"""The score tables of kb/scores.ttl, read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from posthma.errors import KnowledgeError
from posthma.intake.nodes import Node, nodes, of_type
from posthma.intake.values import Interval

__all__ = ["CytogeneticRow", "Row", "Table", "Variable", "table"]

_FILE = "kb/scores.ttl"


@dataclass(frozen=True, slots=True)
class Row:
    """A span of values and what belongs to it: points, or the label of a category."""

    at_least: Decimal | None
    more_than: Decimal | None
    at_most: Decimal | None
    less_than: Decimal | None
    points: Decimal
    label: str = ""
    group: str = ""

    def meets(self, given: Interval) -> bool:
        """Say whether some number lies both in the row and in the interval."""
        low = self.at_least if self.at_least is not None else self.more_than
        high = self.at_most if self.at_most is not None else self.less_than
        if low is not None and given.high is not None:
            open_ends = self.at_least is None or given.high_exclusive
            if given.high < low or (given.high == low and open_ends):
                return False
        if high is not None and given.low is not None:
            open_ends = self.at_most is None or given.low_exclusive
            if given.low > high or (given.low == high and open_ends):
                return False
        return True

    @property
    def start(self) -> Decimal:
        """Where the row begins, for sorting."""
        begin = self.at_least if self.at_least is not None else self.more_than
        return Decimal("-Infinity") if begin is None else begin


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of IPSS-M: coefficient, value of the average patient, stand-ins for a missing value, clipping."""

    name: str
    coefficient: Decimal
    mean: Decimal
    best: Decimal
    worst: Decimal
    floor: Decimal | None
    cap: Decimal | None
    divisor: Decimal
    excluded_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CytogeneticRow:
    """A row of a karyotype grouping: how many independent abnormalities, and which lesion among them."""

    group: str
    least: int
    most: int | None
    lesions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All that kb/scores.ttl says of one score."""

    label: str
    source: str
    reason: str
    numbers: Mapping[str, Decimal]
    texts: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[Row, ...]]
    categories: tuple[Row, ...]
    cytopenias: Mapping[str, Decimal]
    variables: Mapping[str, Variable]
    groups: Mapping[str, Decimal]
    cytogenetic_rows: tuple[CytogeneticRow, ...]

    def category(self, value: Decimal) -> str:
        """Return the label of the category that holds a score."""
        return self.possible(Interval.exactly(value))[0]

    def possible(self, span: Interval) -> tuple[str, ...]:
        """Return the labels of the categories that a span of scores touches, from low to high."""
        return tuple(row.label for row in self.categories if row.meets(span))


@cache
def input_ranges() -> Mapping[str, Row]:
    """Return, by analyte, the range that the published calculator accepts."""
    return {node["analyte"][0]: _row(node) for node in of_type(_FILE, "InputRange")}


@cache
def table(name: str) -> Table:
    """Return the table of one score by its name in the knowledge base, such as ``"ipssR"``.

    Raises:
        KnowledgeError: There is no such score, or its table is incomplete.
    """
    every = nodes(_FILE)
    own = every.get(f"score-{name}")
    if own is None:
        raise KnowledgeError(_FILE, f"has no kb:score-{name}", "name a score of that file")
    try:
        return _build(own, [node for node in every.values() if node.get("ofScore") == [f"score-{name}"]])
    except (KeyError, IndexError, ArithmeticError) as error:
        raise KnowledgeError(_FILE, f"the table of kb:score-{name} is incomplete: {error!r}", "complete it") from error


def _build(own: Node, parts: list[Node]) -> Table:
    rows: dict[str, list[Row]] = defaultdict(list)
    by_type: dict[str, list[Node]] = defaultdict(list)
    for part in parts:
        by_type[part["type"][0]].append(part)
    for part in by_type["ScoreRow"]:
        rows[part["analyte"][0]].append(_row(part))
    ordered = sorted(by_type["CytogeneticRow"], key=lambda node: int(node["order"][0]))
    return Table(
        label=own["label"][0],
        source="; ".join(own.get("seenIn", ())),
        reason=" ".join(own.get("notComputableBecause", ())),
        numbers={key: Decimal(values[0]) for key, values in own.items() if _is_number(values[0])},
        texts={key: tuple(sorted(values)) for key, values in own.items()},
        rows={analyte: tuple(sorted(found, key=lambda row: row.start)) for analyte, found in rows.items()},
        categories=tuple(sorted((_row(part) for part in by_type["ScoreCategory"]), key=lambda row: row.start)),
        cytopenias={part["analyte"][0]: Decimal(part["rowLessThan"][0]) for part in by_type["CytopeniaDefinition"]},
        variables={part["label"][0]: _variable(part) for part in by_type["ScoreVariable"]},
        groups={part["label"][0]: Decimal(part["points"][0]) for part in by_type["CytogeneticGroup"]},
        cytogenetic_rows=tuple(_cytogenetic(part) for part in ordered),
    )


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _optional(node: Node, key: str) -> Decimal | None:
    return Decimal(node[key][0]) if key in node else None


def _row(node: Node) -> Row:
    return Row(
        at_least=_optional(node, "rowAtLeast"),
        more_than=_optional(node, "rowMoreThan"),
        at_most=_optional(node, "rowAtMost"),
        less_than=_optional(node, "rowLessThan"),
        points=_optional(node, "points") or Decimal(0),
        label=node.get("label", [""])[0],
        group=node.get("riskGroup", [""])[0],
    )


def _variable(node: Node) -> Variable:
    return Variable(
        name=node["label"][0],
        coefficient=Decimal(node["coefficient"][0]),
        mean=Decimal(node["mean"][0]),
        best=Decimal(node["best"][0]),
        worst=Decimal(node["worst"][0]),
        floor=_optional(node, "floor"),
        cap=_optional(node, "cap"),
        divisor=_optional(node, "divisor") or Decimal(1),
        excluded_by=tuple(sorted(node.get("excludedByGene", ()))),
    )


def _cytogenetic(node: Node) -> CytogeneticRow:
    group = nodes(_FILE)[node["cytogeneticGroup"][0]]["label"][0]
    most = int(node["maxAbnormalities"][0]) if "maxAbnormalities" in node else None
    return CytogeneticRow(group, int(node["minAbnormalities"][0]), most, tuple(sorted(node.get("lesion", ()))))
