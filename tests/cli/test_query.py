"""``posthma query`` and SPARQL files: headers, parameters, forms, and nothing that leaves the machine."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest

from posthma import queries
from posthma.errors import RuleError, UsageError
from posthma.queries import Table, bind, find_queries, read_query, run, store_of
from posthma.report.layout import Page
from posthma.report.table import as_csv, as_json, as_table
from posthma.resources import root

XSD = "http://www.w3.org/2001/XMLSchema#"
HEADER = """# title: Things of a kind
# question: CQ-998
# param: kind (IRI) the kind of thing
# param: least (integer) the least number
# returns: thing (IRI), number (integer)
"""
SELECT = (
    HEADER
    + "SELECT ?thing ?number WHERE { ?thing a ?kind ; p:low ?number FILTER(!BOUND(?least) || ?number >= ?least) }"
)
TRIPLES = [
    ("<http://x/b>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<https://w3id.org/posthma/kb/k1>"),
    ("<http://x/a>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<https://w3id.org/posthma/kb/k1>"),
    ("<http://x/c>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<https://w3id.org/posthma/kb/k2>"),
    *(
        (f"<http://x/{n}>", "<https://w3id.org/posthma/ontology/low>", f'"{i}"^^<{XSD}integer>')
        for i, n in enumerate("abc")
    ),
    ('"literal"', "<http://x/p>", "<http://x/dropped>"),
]


@pytest.fixture
def query(tmp_path):
    def write(text, name="CQ-998.rq"):
        (tmp_path / name).write_text(text)
        return read_query(tmp_path / name)

    return write


def test_header(query):
    asked = query(SELECT)
    assert (asked.name, asked.title) == ("CQ-998", "Things of a kind")
    assert dict(asked.params) == {"kind": ("IRI", "the kind of thing"), "least": ("integer", "the least number")}


@pytest.mark.parametrize(
    ("params", "things"),
    [
        ([], ["<http://x/a>", "<http://x/b>", "<http://x/c>"]),
        (["kind=kb:k1"], ["<http://x/a>", "<http://x/b>"]),
        (["kind=https://w3id.org/posthma/kb/k2"], ["<http://x/c>"]),
        (["kind=kb:k1", "least=1"], ["<http://x/b>"]),
        (["kind=kb:none"], []),
    ],
)
def test_parameters_select_and_rows_are_sorted(query, params, things):
    found = run(query(SELECT), store_of(TRIPLES), params)
    assert isinstance(found, Table)
    assert [row[0] for row in found.rows] == things


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?thing ?kind WHERE { ?thing a ?kind }",
        "SELECT ?thing WHERE { { ?thing a ?k FILTER(?k = ?kind) } UNION { ?thing a kb:k9 } }",
        "SELECT ?thing WHERE { { SELECT ?thing (COUNT(*) AS ?n) WHERE { ?thing a ?kind } GROUP BY ?thing } }",
        "SELECT ?thing WHERE { ?thing p:low ?n FILTER NOT EXISTS { ?thing a ?other FILTER(?other != ?kind) } }",
        "SELECT ?thing WHERE { VALUES ?n { 0 1 2 } ?thing p:low ?n . OPTIONAL { ?thing a ?k FILTER(?k=?kind) } FILTER(BOUND(?k)) } # ?kind {",
    ],
)
def test_a_parameter_reaches_every_group(query, text):
    found = run(query("# param: kind (IRI) kind\n" + text), store_of(TRIPLES), ["kind=kb:k2"])
    assert isinstance(found, Table)
    assert [row[0] for row in found.rows] == ["<http://x/c>"]


def test_a_parameter_in_construct(query):
    text = "# param: kind (IRI) kind\nCONSTRUCT { ?s p:found ?kind } WHERE { ?s a ?kind }"
    assert "<http://x/c>\n    p:found kb:k2 ;" in str(run(query(text), store_of(TRIPLES), ["kind=kb:k2"]))


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ("knd=kb:k1", "CQ-998 has no parameter 'knd'; did you mean 'kind'?"),
        ("zzz=kb:k1", "its parameters are: kind, least"),
        ("kind", "'kind' gives no value; write name=value"),
        ("kind=", "gives no value"),
        ("kind=nonsense", "it is neither an IRI nor a CURIE"),
        ("kind=foo:bar", "it is neither an IRI nor a CURIE"),
        ("kind=<a b>", "is not an IRI"),
    ],
)
def test_wrong_parameters_are_told_before_the_query_runs(query, param, words):
    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        bind(query(SELECT), [param])


def test_order_of_the_query_is_kept(query):
    found = run(query("SELECT ?s WHERE { ?s p:low ?n } ORDER BY DESC(?n)"), store_of(TRIPLES))
    assert isinstance(found, Table)
    assert [row[0][-2] for row in found.rows] == ["c", "b", "a"]


def test_ask_and_construct(query):
    store = store_of(TRIPLES)
    assert run(query("ASK { ?s p:low 2 }"), store) is True
    assert run(query("ASK { ?s p:low 9 }"), store) is False
    text = run(query("CONSTRUCT { ?s a kb:k9 } WHERE { ?s p:low 2 }"), store)
    assert isinstance(text, str)
    assert [str(q.object) for q in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)] == [
        "<https://w3id.org/posthma/kb/k9>"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE would send data"),
        ("SELECT * {\n#\nservice\t<http://x/> { ?s ?p ?o } }", "SERVICE would send data"),
        ("# param: ghost (IRI) nobody\nSELECT * { ?s ?p ?o }", "parameter 'ghost' of the header is not in the query"),
    ],
)
def test_what_a_query_file_may_not_do(query, text, words):
    with pytest.raises(RuleError, match=words):
        query(text)


def test_the_word_service_in_a_string_or_comment_is_harmless(query):
    assert run(query("# no SERVICE here\nASK { ?s ?p \"SERVICE\", 'service' }"), store_of(TRIPLES)) is False


def test_broken_sparql_names_the_file(query):
    with pytest.raises(RuleError, match=r"CQ-998\.rq: it is not SPARQL.*mend the query there"):
        run(query("SELECT WHERE {"), store_of(TRIPLES))


TABLE = Table(
    ("thing", "note", "n"),
    (
        ("<https://w3id.org/posthma/kb/idh2>", '"say \\"hi\\", you"@en', f'"1.50"^^<{XSD}decimal>'),
        ("_:b1", "", '"plain"'),
    ),
)


def test_table_csv_and_json_hold_the_same_rows():
    assert as_table(TABLE, Page(100)).splitlines() == [
        "thing    note           n",
        'kb:idh2  say "hi", you  1.50',
        "_:b1                    plain",
        "",
        "2 rows",
    ]
    assert list(csv.reader(io.StringIO(as_csv(TABLE)))) == [
        ["thing", "note", "n"],
        ["https://w3id.org/posthma/kb/idh2", 'say "hi", you', "1.50"],
        ["_:b1", "", "plain"],
    ]
    data = json.loads(as_json(TABLE))
    assert data["head"]["vars"] == ["thing", "note", "n"]
    assert data["results"]["bindings"] == [
        {
            "thing": {"type": "uri", "value": "https://w3id.org/posthma/kb/idh2"},
            "note": {"type": "literal", "value": 'say "hi", you', "xml:lang": "en"},
            "n": {"type": "literal", "value": "1.50", "datatype": XSD + "decimal"},
        },
        {"thing": {"type": "bnode", "value": "b1"}, "n": {"type": "literal", "value": "plain"}},
    ]


def test_a_narrow_page_puts_the_columns_below_each_other():
    text = as_table(Table(("one", "two"), (('"' + "a" * 30 + '"', '"' + "b" * 30 + '"'),)), Page(40))
    assert max(map(len, text.splitlines())) <= 40
    assert text.splitlines()[0] == "one"


def test_every_query_of_the_repository_can_be_read_and_listed(posthma):
    files = find_queries(root())
    for file in files:
        read_query(file)
    names = [row["name"] for row in json.loads(posthma("query", "--list", "--format", "json").stdout)]
    assert names == [file.stem for file in files]


def test_a_file_over_the_knowledge_with_its_documents(posthma, tmp_path):
    file = tmp_path / "graphs.rq"
    file.write_text("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s a p:EvidenceStatement } }")
    done = posthma("query", file, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "g\nhttps://w3id.org/posthma/kb/source-santini-2019\n"
    without = posthma("query", file, "--format", "csv", "--without-source", "santini-2019")
    assert without.stdout == "g\n"


def test_a_query_of_the_package_is_found_in_any_case():
    found = find_queries(root())
    if not found:
        pytest.skip("no named queries yet")
    assert queries.get_query(found[0].stem.lower(), root()).name == found[0].stem


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("CQ-017", "--param", "gene=kb:idh22"), "gene: there is no kb:idh22; did you mean kb:idh2"),
        (("CQ-017", "--param", "gene=idh2"), "'idh2' is no CURIE; write kb:idh2"),
        (("CQ-001", "--at", "2020-01-01"), "--at: it asks about a patient"),
        (("CQ-001", "--jurisdiction", "US"), "--jurisdiction: it asks about a patient"),
    ],
)
def test_what_would_be_answered_with_nothing_is_refused(posthma, arguments, fact):
    done = posthma("query", *arguments)
    assert done.returncode == 2
    assert fact in done.stderr
    assert done.stdout == ""


def test_a_number_of_another_nomenclature_is_taken_as_it_is(posthma):
    """Line 466: enasidenib acts on mutant IDH2, which HGNC numbers 5383."""
    assert "kb:enasidenib" in posthma("query", "CQ-017", "--param", "gene=hgnc:5383").stdout
