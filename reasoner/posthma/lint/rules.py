"""Rule files: headers, ids and layers, names, absences that are told, sums over one row a line, and the fragment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from posthma.engine import KnowledgeBase, layers, record_keys
from posthma.errors import PosthmaError, RuleError
from posthma.lint.matter import Matter, described
from posthma.rules.files import RuleText, read_rule
from posthma.rules.program import LOGIC, compile_program
from posthma.rules.sparql import parse
from posthma.spelling import nearest
from posthma.validation import Finding
from posthma.vocab import PREFIXES

PREFIX_OF = {"time": "TIME", "measures": "MEAS", "findings": "FIND", "refute": "REF", "lift": "LIFT", "answer": "ANS"}
"""The middle of a rule's id, by layer."""
_FOLDER = "queries/rules"
_COMMENT = re.compile(r"""<[^<>"{}|^`\\\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\#[^\n]*""")
_LOOKS_FOR_ABSENCE = re.compile(r"\bNOT\s+EXISTS\b|\bMINUS\b|!\s*BOUND\b", re.IGNORECASE)
_GROUPS = re.compile(r"\b(COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE)
_REPEATS_ROWS = re.compile(r"\b(SUM|AVG)\s*\(", re.IGNORECASE)
_DISTINCT_ROWS = re.compile(r"\{\s*SELECT\s+DISTINCT\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:?$-])(p|kb):([A-Za-z][\w-]*)")
_OTHERS = re.compile(r"\b(SERVICE|GRAPH|NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


def check_rules(matter: Matter) -> Iterator[Finding]:
    """Yield what is wrong with rule files, the order of layers and the program that they make."""
    try:
        order = layers(matter.root, told=True)
    except RuleError as error:
        yield _told(error)
        return
    yield from _layers(matter.root, order)
    sources: dict[str, RuleText] = {}
    sound = True
    for path, place in _files(matter):
        try:
            source = read_rule(path, place)
        except RuleError as error:
            yield _told(error)
            sound = False
            continue
        other = sources.setdefault(source.id, source)
        if other is not source:
            fact = f"the id {source.id} is taken by {other.path}"
            yield _violation(f"{place}:1", "rule-id", fact, "give it an id of its own; an id is never used again")
            sound = False
            continue
        yield from _header(source, order)
        yield from _names(source, matter)
        yield from _query(source)
        refused = _OTHERS.search(code(source.text)) is not None
        try:
            if not refused:
                parse(source)
        except RuleError as error:
            yield _told(error)
            refused = True
        sound = sound and not refused
    if sound and all(source.layer in order for source in sources.values()):
        yield from _program(matter, order, list(sources.values()))


def rule_texts(root: Path) -> str:
    """Return all rule and answer queries without their comments, as one text."""
    files = [f for folder in (_FOLDER, "queries/answers") for f in sorted((root / folder).rglob("*.rq"))]
    return "\n".join(code(file.read_text(encoding="utf-8")) for file in files)


def code(text: str) -> str:
    """Return a query without its comments; lines keep their numbers."""
    return _COMMENT.sub(lambda match: match[0] if match[0][0] != "#" else "", text)


def _files(matter: Matter) -> Iterator[tuple[Path, str]]:
    for path in sorted((matter.root / _FOLDER).rglob("*.rq")):
        yield path, path.relative_to(matter.root).as_posix()
    for path, name in zip(matter.rules, matter.only, strict=False):
        yield path, name


def _layers(root: Path, order: tuple[str, ...]) -> Iterator[Finding]:
    for folder in sorted((root / _FOLDER).iterdir()):
        if folder.is_dir() and folder.name not in order:
            place = f"{_FOLDER}/{folder.name}"
            yield _violation(place, "layer", "the layer is not declared", "name it in queries/rules/layers.toml")
    for name in dict.fromkeys(order):
        if name != LOGIC and not any((root / _FOLDER / name).glob("*.rq")):
            fact = f"the layer {name!r} has no rule"
            yield _violation(
                f"{_FOLDER}/layers.toml", "layer", fact, f"write one in queries/rules/{name}/, or take it out"
            )


def _header(source: RuleText, order: tuple[str, ...]) -> Iterator[Finding]:
    file = Path(source.path)
    middle = PREFIX_OF.get(source.layer, r"[A-Z]+")
    if not re.fullmatch(rf"R-{middle}-\d{{3}}", source.id):
        wanted = f"R-{middle}-" if source.layer in PREFIX_OF else "R-NAME-"
        remedy = f"write {wanted} and three digits that no rule has had"
        yield _at(source, "id", "rule-id", f"the id {source.id!r} does not fit the layer {source.layer!r}", remedy)
    elif file.stem != source.id:
        yield _at(source, "id", "rule-id", f"the file of {source.id} has another name", f"name it {source.id}.rq")
    if source.layer not in order or source.layer == LOGIC:
        yield _at(source, "layer", "layer", f"layer {source.layer!r} is not declared", "see queries/rules/layers.toml")
    elif file.parent.name != source.layer and source.path.startswith(_FOLDER):
        yield _at(source, "layer", "layer", f"it lies in {file.parent.name}/", f"move it to {_FOLDER}/{source.layer}/")
    for name in re.findall(r"\{(\w+)\}", source.says):
        if not re.search(rf"[?$]{name}\b", code(source.text)):
            yield _at(
                source, "says", "rule-says", f"{{{name}}} is no variable of the rule", "name one of its variables"
            )
    if not re.match(r"(none$|record: \S|licence: \S)", source.absence):
        remedy = "write 'none', 'record: which absence in the record' or 'licence: the statement that licenses it'"
        yield _at(source, "absence", "rule-absence", f"absence {source.absence!r} is of no kind", remedy)


def _query(source: RuleText) -> Iterator[Finding]:
    query = code(source.text)
    waits = _LOOKS_FOR_ABSENCE.search(query) or _GROUPS.search(query)
    if waits and source.absence == "none":
        remedy = "say after '# absence:' which absence in the record it is, or what licenses it in the world"
        yield _at(source, "absence", "rule-absence", f"it has {waits[0].rstrip(' (')} and tells no absence", remedy)
    if not waits and source.absence.startswith(("record:", "licence:")):
        yield _at(
            source, "absence", "rule-absence", "it tells an absence and looks for none", "write '# absence: none'"
        )
    summed = _REPEATS_ROWS.search(query)
    if summed and not _DISTINCT_ROWS.search(query):
        remedy = "sum over { SELECT DISTINCT ... } with one row a line; a second value on a line counts twice"
        yield _violation(_line(source, summed[0]), "sum-rows", f"{summed[1]} over rows that may repeat", remedy)
    for word in _OTHERS.findall(query):
        remedy = "take it out; a rule reads one graph and gives the same answer every time"
        yield _violation(_line(source, word), "rule-fragment", f"{word} is outside the fragment", remedy)


def _names(source: RuleText, matter: Matter) -> Iterator[Finding]:
    known = described(matter)
    for prefix, name in dict.fromkeys(_NAME.findall(code(source.text))):
        term = f"<{PREFIXES[prefix]}{name}>"
        if term not in known:
            hint = nearest(term, known)
            remedy = f"did you mean {hint}?" if hint else "describe it in ontology/ or kb/"
            yield _violation(
                _line(source, f"{prefix}:{name}"), "unknown-name", f"{prefix}:{name} is described nowhere", remedy
            )


def _program(matter: Matter, order: tuple[str, ...], sources: list[RuleText]) -> Iterator[Finding]:
    """Compile everything: absences and counts over types of findings, and circles of absence, come to light here."""
    try:
        if matter.drafts or matter.rules:
            compile_program(matter.knowledge.triples, sources, order, record_keys(matter.root))
        else:
            KnowledgeBase(matter.knowledge).program  # noqa: B018
    except RuleError as error:
        yield _told(error)


def _told(error: PosthmaError) -> Finding:
    return _violation(error.place, error.code, error.fact, error.remedy)


def _at(source: RuleText, key: str, kind: str, fact: str, remedy: str) -> Finding:
    """Return a finding at a line of the header."""
    return _violation(_line(source, f"# {key}:"), kind, fact, remedy)


def _line(source: RuleText, words: str) -> str:
    for number, line in enumerate(source.text.splitlines(), 1):
        if words in line:
            return f"{source.path}:{number}"
    return source.path


def _violation(place: str, kind: str, fact: str, remedy: str) -> Finding:
    return Finding(place, "violation", kind, fact, remedy)
