"""Every statement of an answer has a proof that the checker accepts, and every report says these statements alone."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdflib import Graph, Literal
from tests.cases.failure_table import records

import posthma
from posthma.check import check
from posthma.decide.answer import Answer
from posthma.intake.rdf import parse_record, read_record
from posthma.proof import CONTRADICTION
from posthma.report import html, json_, markdown, statements, text, turtle
from posthma.report.book import Book, goals
from posthma.report.layout import Page
from posthma.vocab import RDF, P, expand

CASES = ["patient-1", "patient-2", "patient-3", "patient-4"]
TABLE = {record.name: record for record in records()}
ROWS = ["stable-3", "stable-6", "stable-6-no-dose", "months-4", "best-missing-6", "pd-2"]
"""Too early, failed, undetermined for want of a dose, of a count, of a response, and progression too early."""
CARRIES = {"met": RDF.type, "not met": P.fails, "unknown": P.leavesOpen}


@cache
def knowledge() -> posthma.KnowledgeBase:
    return posthma.load()


@pytest.fixture(scope="module")
def record_of(tmp_path_factory):
    """Give the file of a case, or of a row of the table."""
    folder = tmp_path_factory.mktemp("records")

    def file(name):
        if name in CASES:
            return knowledge().knowledge.root / f"kb/cases/{name}/record.ttl"
        path = folder / f"{name}.nt"
        path.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in TABLE[name].triples), encoding="utf-8")
        return path

    return file


def told(path):
    """Return the answer about a record, its closure and its statements."""
    kb = knowledge()
    answer, closure = kb.assess(path), kb.tell(path)
    return answer, closure, statements.statements(answer, closure)


@pytest.mark.parametrize("name", [*CASES, *ROWS])
def test_every_statement_has_a_proof_that_the_checker_accepts(name, record_of):
    """One proof holds all of them: each fact of each statement is a step, and each step is checked."""
    path = record_of(name)
    _, closure, said = told(path)
    assert [s for s in said if not s.facts] == []
    facts = statements.goals(said)
    book = Book(closure, facts)
    assert [fact for fact in facts if book.number(fact) is None] == []
    whole = json.loads(book.whole().to_json())
    concluded = {tuple(step["triple"]) for step in whole["steps"]}
    assert set(facts) <= concluded
    verdict = check(whole, path)
    assert verdict.accepted, verdict.to_text()


@pytest.mark.parametrize("name", ["patient-2", "stable-6-no-dose"])
def test_a_status_that_rests_on_absence_falls_with_one_more_fact(name, record_of, tmp_path):
    """The proof of an open finding is rejected for a record in which the finding is there."""
    path = record_of(name)
    answer, closure, _ = told(path)
    undecided = next(o for o in answer.options if o.status == "undetermined" and o.missing)
    fact = (f"<{undecided.situation}>", P.leavesOpen, f"<{undecided.missing[0].iri}>")
    proof = Book(closure, [fact]).proof(fact).to_dict()
    assert check(proof, path).accepted
    record = read_record(path)
    other = tmp_path / "more.nt"
    more = (fact[0], RDF.type, fact[2])
    other.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in (*record.triples, more)), encoding="utf-8")
    proof["record"] = {}
    assert check(proof, other).outcome == "rejected"


def test_a_failure_that_cannot_be_determined_is_proven_to_be_so(record_of):
    answer, _, said = told(record_of("stable-6-no-dose"))
    assert answer.failure.gate == "cannot be determined"
    (verdict,) = [s for s in said if s.path == "/failure/verdicts/0"]
    assert verdict.facts == ((expand(answer.situation), P.showsNone, "<https://w3id.org/posthma/kb/partGate>"),)


@pytest.mark.parametrize("name", [*CASES, *ROWS])
def test_the_facts_say_what_the_statement_says(name, record_of):
    """A value is carried by the fact of that value, a status and a directness by their own words."""
    answer, _, said = told(record_of(name))
    data = json_.to_dict(answer)
    seen = dict.fromkeys(("criterion", "option", "evidence"), 0)
    for statement in said:
        if statement.kind not in seen:
            continue
        seen[statement.kind] += 1
        at = resolve(data, statement.path)
        if statement.kind == "criterion":
            (fact,) = statement.facts
            assert fact[1:] == (CARRIES[at["value"]], f"<{at['iri']}>")
        else:
            words = at if statement.kind == "option" else at["directness"]
            assert next(f[2] for f in statement.facts if f[1] == P.comesTo).startswith(f'"{words}"')
    assert all(seen.values()) or answer.out_of_scope


@pytest.mark.parametrize("name", [*CASES, *ROWS])
def test_every_part_of_the_answer_is_walked(name, record_of):
    """Nothing that a report could say stands beside the statements."""
    answer, _, said = told(record_of(name))
    data = json_.to_dict(answer)
    paths = {statement.path for statement in said}
    for path in paths:
        resolve(data, path)
    counted = {
        "labels",
        "evidence_for",
        "evidence_against",
        "evidence_context",
        "missing",
        "failed",
        "duties",
        "safety",
    }
    for number, option in enumerate(data["options"]):
        assert f"/options/{number}/status" in paths
        for part in counted:
            assert {f"/options/{number}/{part}/{i}" for i in range(len(option[part]))} <= paths
        agenda = [(f"/options/{number}/criteria", option["criteria"])]
        while agenda:
            path, node = agenda.pop()
            assert path in paths
            agenda += [(f"{path}/children/{i}", child) for i, child in enumerate(node["children"])]
    for part in (
        "first",
        "counselling",
        "reported",
        "choices",
        "notices",
        "patient_summary",
        "disease_state",
        "contradictions",
    ):
        assert {f"/{part}/{i}" for i in range(len(data[part]))} <= paths
    for part in ("verdicts", "sentences", "assumptions"):
        assert {f"/failure/{part}/{i}" for i in range(len(data["failure"][part]))} <= paths


def resolve(data, pointer):
    for part in pointer.split("/")[1:]:
        data = data[int(part)] if isinstance(data, (list, tuple)) else data[part]
    return data


# --- no sentence without structure behind it


class _Text(HTMLParser):
    """The text of an HTML report; what is folded or drawn counts like the rest."""

    def __init__(self):
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag == "style"

    def handle_endtag(self, tag):
        self.silent -= tag == "style"

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(f"{data} ")


def plain_html(answer):
    parser = _Text()
    parser.feed(html.render(answer))
    return "".join(parser.parts)


FORMS = {
    "text": lambda answer: text.render(answer, Page(5000)),
    "full text": lambda answer: text.render(answer, Page(5000), full=True),
    "markdown": lambda answer: re.sub(r"\\(.)", r"\1", markdown.render(answer)),
    "full markdown": lambda answer: re.sub(r"\\(.)", r"\1", markdown.render(answer, full=True)),
    "html": plain_html,
}


def words_of(string):
    return re.findall(r"[^\W_]+(?:[.,'’-][^\W_]+)*", string.lower())


def said_by(answer: Answer) -> set[str]:
    """Every word that the structure of the answer holds."""
    found: set[str] = set()
    agenda: list[object] = [json_.to_dict(answer)]
    while agenda:
        value = agenda.pop()
        if isinstance(value, dict):
            agenda += value.values()
        elif isinstance(value, (list, tuple)):
            agenda += value
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            found |= set(words_of(str(value)))
    return found


FRAME = set(
    words_of(
        """
        Options after failure of hypomethylating agents in MDS Record Patient Asked on dates of this record are constructed
        for Failure of hypomethylating therapy Assumed This rests on assumptions Definition used Disease on Measured Date
        Values Measured values, latest first Found Reassess first Tests Because Therapies and trials Status Options
        Applicable Only within a trial Advised against Caution, not decided Cannot be decided yet Ruled out Out of scope
        silent see below but Order within a group Why For Against Context Safety Do Besides more But Needs Label Missing
        advised against as perhaps Order fails ruled out by found to repeat older than the reassessment found before the reassessment
        was met not met then jurisdiction studied setting Where no drug label is named, none is known here Counted with What a test would settle Settles Test to
        discuss and to do Reported in the record, compared and not relied on reported concluded agrees differs not
        comparable Remarks Sources After a colon the lines of that document doi PMID verified probable unresolved lines
        Knowledge sha256 Shortened --full shows the whole ledger, places in the record and the reasons of the order
        DISPUTED, orders nothing disputed n direct indirect not decidable None can be named for this patient on this date
        waiting Criteria met unknown needs repeat all any of these one To the options Disease Tests To discuss Proofs
        Evidence on Side Statement Design Setting This patient n statement statements Criteria tree Criteria of is
        Criteria trees the whole ledger and every proof fold open in the electronic form of this report
        Definitions and windows Definitions choose default chosen in the call in the record by default else no source gives
        it the project's own number Because would of certainty kind no longer also if instead Evidence is direct when it speaks
        patients like this one indirect others not decidable while a finding missing that tell other choices were not tried No other named choice would change failure the state of the
        disease or the status of an option and more options nothing would be recommended would change from Finding Findings
        that decide Value Decided by Contrary days old contrary tested by facts listed x
        """
    )
)
"""The words that reports may add to those of the structure: headings and what joins."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CASES)
def test_no_form_says_a_word_that_the_structure_does_not_hold(name, form, record_of):
    answer = knowledge().assess(record_of(name))
    allowed = said_by(answer) | FRAME
    allowed |= {f"s{number}" for number in range(60)} | {str(number) for number in range(100)}
    allowed |= set(words_of(" ".join((answer.knowledge_sha[:12], answer.record_sha[:12]))))
    found = words_of(FORMS[form](answer))
    assert len(found) > 300
    assert sorted({word for word in found if word not in allowed and not word.isdigit()}) == []


@pytest.mark.parametrize("name", CASES)
def test_the_whole_forms_hold_every_statement(name, record_of):
    """What the JSON states of options and evidence stands in the whole text, Markdown, HTML and Turtle too."""
    answer = knowledge().assess(record_of(name))
    graph = Graph().parse(data=turtle.render(answer), format="turtle")
    literals = {str(o) for o in graph.objects() if isinstance(o, Literal)}
    flat = {form: " ".join(FORMS[form](answer).split()) for form in ("full text", "full markdown", "html")}
    for option in answer.options:
        assert option.label in literals
        for form, said in flat.items() if option.status != "silent" else ():
            assert " ".join(option.label.split()) in said, form
        for item in (*option.evidence_for, *option.evidence_against, *option.evidence_context):
            assert item.text in literals
            shown = option.status not in ("silent", "not applicable", "out of scope")
            for form, said in flat.items() if shown else ():
                assert item.text.rstrip(".") in said, form
    for claim in (*answer.failure.sentences, *answer.failure.assumptions, *answer.disease_state, *answer.notices):
        assert claim.text in literals


@pytest.mark.parametrize("name", CASES)
def test_turtle_says_nothing_that_the_structure_does_not_hold(name, record_of):
    answer = knowledge().assess(record_of(name))
    graph = Graph().parse(data=turtle.render(answer), format="turtle")
    allowed = said_by(answer) | FRAME | set(words_of(f"Assessment posthma {posthma.__version__} decision support"))
    allowed |= set(words_of("patient failure assumption disease state reassess first counselling remark reported"))
    said = {w for o in graph.objects() if isinstance(o, Literal) for w in words_of(str(o))}
    assert sorted(word for word in said if word not in allowed and not word.isdigit()) == []


def test_a_question_of_the_call_is_proven_too():
    """A remark on the question rests on the question itself."""
    kb = knowledge()
    path = kb.knowledge.root / "kb/cases/patient-4/record.ttl"
    answer = kb.assess(path, at="2017-05-02")
    closure = kb.tell(path, at="2017-05-02")
    said = statements.statements(answer, closure)
    (remark,) = [s for s in said if s.kind == "remark"]
    book = Book(closure, statements.goals(said))
    assert check(json.loads(book.proof(remark.facts[0]).to_json()), path).accepted
    assert check(json.loads(book.whole().to_json()), path).accepted


# --- contradictions: a refutation is a proof too

SOUND = Path(__file__).parents[1] / "bad-input" / "sound" / "input.ttl"
TWO_MINDS = """r:one a p:GeneTest ; p:date "2017-04-10"^^xsd:date ; p:conclusive true ; p:panel kb:panelIdh ;
    p:found kb:idh2 ; p:notFound kb:idh2 ."""
ON_ONE_DAY = """r:two a p:ResponseAssessment ; p:ofLine r:azacitidine ; p:date "2016-12-05"^^xsd:date ;
    p:response kb:hematologicImprovement .
r:three a p:ResponseAssessment ; p:ofLine r:azacitidine ; p:date "2016-12-05"^^xsd:date ;
    p:response kb:progressiveDisease ."""
ONE_CHANGE = TWO_MINDS.replace("kb:panelIdh", "kb:panelNotStated").replace("kb:idh2", "kb:idh2R172K")
CLASHES = {  # events added to the sound record: what clashes, by which rule
    "a test of two minds": (TWO_MINDS, [("found IDH2", "not found IDH2", "cax-dw")]),
    "one change of two minds": (ONE_CHANGE, [("found IDH2 R172K", "not found IDH2 R172K", "prp-pdw")]),
    "response and progression": (
        ON_ONE_DAY, [("response haematological improvement", "response progressive disease", "cax-dw")],
    ),
    "both": (
        f"{TWO_MINDS}\n{ON_ONE_DAY}",
        [("found IDH2", "not found IDH2", "cax-dw"), ("response haematological", "response progressive", "cax-dw")],
    ),
}  # fmt: skip


@pytest.fixture
def clashing(tmp_path):
    """Write the sound record with the events of a case."""

    def file(name):
        events = CLASHES[name][0]
        names = ", ".join(re.findall(r"^(r:\w+) a ", events, re.MULTILINE))
        path = tmp_path / "clash.ttl"
        sound = SOUND.read_text(encoding="utf-8")
        path.write_text(sound.replace("p:event r:age,", f"p:event {names}, r:age,") + events, encoding="utf-8")
        return path

    return file


@pytest.mark.parametrize("name", CLASHES)
def test_a_contradiction_has_a_refutation_that_the_checker_accepts(name, clashing):
    path = clashing(name)
    answer, closure, said = told(path)
    found = [s for s in said if s.kind == "contradiction"]
    assert [s.path for s in found] == [f"/contradictions/{n}" for n in range(len(answer.contradictions))]
    expected = CLASHES[name][1]
    assert len(found) == len(expected)
    for one, other, rule in expected:
        assert [s.clash.rule for s in found if s.text.startswith(one) and other in s.text] == [rule]
    book = Book(closure, statements.goals(said), statements.clashes(said))
    whole = json.loads(book.whole().to_json())
    for statement in found:
        step = whole["steps"][book.refutation(statement.clash) - 1]
        assert tuple(step["triple"]) == CONTRADICTION
        assert step["rule"] == statement.clash.rule
        assert len(statement.facts) == 2
        assert set(statement.facts) <= {tuple(whole["steps"][n - 1]["triple"]) for n in step["premises"]}
    assert len({book.refutation(s.clash) for s in found}) == len(found)
    verdict = check(whole, path)
    assert verdict.accepted, verdict.to_text()


@pytest.mark.parametrize("name", CLASHES)
def test_a_refutation_falls_with_each_of_its_premises(name, clashing, tmp_path):
    """It is rejected without one, and for a record that does not say both."""
    path = clashing(name)
    _, closure, said = told(path)
    book = Book(closure, (), statements.clashes(said))
    whole = json.loads(book.whole().to_json())
    assert check(whole, path).accepted
    last = whole["steps"][book.refutation(statements.clashes(said)[0]) - 1]
    premises = last["premises"]
    assert len(premises) == 3
    for place in range(3):
        last["premises"] = premises[:place] + premises[place + 1 :]
        assert check(whole, path).outcome == "rejected"
    last["premises"] = premises
    other = tmp_path / "one.nt"
    kept = "".join(f"{s} {p} {o} .\n" for s, p, o in read_record(path).triples if p != P.notFound)
    other.write_text(kept.replace("/progressiveDisease>", "/hematologicImprovement>"), encoding="utf-8")
    assert knowledge().assess(other).contradictions == ()
    assert check({**whole, "record": {}}, other).outcome == "rejected"


def test_html_folds_the_refutation_below_the_warning(clashing):
    path = clashing("a test of two minds")
    answer = knowledge().assess(path)
    shown = html.render(answer, Book(knowledge().tell(path), goals(answer), answer.contradictions))
    alarm = shown.partition('<section class="alarm"')[2].partition("</section>")[0]
    assert "contradict each other" in alarm
    assert "cannot be both “IDH2 mutated” and “IDH2 tested, not mutated”" in alarm


def test_records_of_the_table_are_sound():
    """The rows chosen are there and can be read like any file."""
    for name in ROWS:
        text_ = "".join(f"{s} {p} {o} .\n" for s, p, o in TABLE[name].triples)
        assert parse_record(text_.encode(), f"{name}.nt").triples
