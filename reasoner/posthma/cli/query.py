"""``posthma query``: ask the knowledge, or one patient's inferred graph, in SPARQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from posthma.cli import common

if TYPE_CHECKING:
    from pyoxigraph import Store

    from posthma.queries import Query

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@common.verb("query")
@click.argument("query", metavar="[QUERY]", required=False)
@click.option("--list", "listed", is_flag=True, help="List the queries that have a name, with their parameters.")
@click.option("--param", "params", metavar="NAME=VALUE", multiple=True, help="Bind a parameter; CURIEs are understood.")
@click.option("--record", metavar="RECORD", type=common.File(), help="Ask the inferred graph of this patient as well.")
@common.at
@common.jurisdiction
@common.as_of
@common.without_source
@common.form("table", "csv", "json")
def command(
    query: str | None,
    listed: bool,
    params: tuple[str, ...],
    record: str | None,
    at: str | None,
    jurisdiction: str | None,
    as_of: str | None,
    without_source: str | None,
    form: str,
) -> int:
    """Run a SPARQL query over the knowledge: a .rq file, or a name of --list.

    With --record the query sees the knowledge, the record and all that is inferred about the patient.

    \b
    Example:
      posthma query --list
    """
    from posthma import queries
    from posthma.errors import UsageError
    from posthma.resources import root

    if listed:
        _list(form)
        return 0
    if not query:
        raise UsageError("query", "no query is named", "give a .rq file or a name of posthma query --list")
    asked = queries.get_query(query, root())
    named = _named(asked, params)  # wrong parameters are told before anything slow begins
    if not record and (at or jurisdiction):
        option = "--at" if at else "--jurisdiction"
        raise UsageError(
            option, "it asks about a patient, and no record is named", "add --record FILE, or leave it out"
        )
    if record:
        base = common.load(as_of, without_source)
        closure = base.close(record, **common.question(at, jurisdiction))
        triples = dict.fromkeys([*base.knowledge.triples, *closure.asserted, *closure.inferred])
        store = queries.store_of(triples)
    else:
        from posthma.knowledge import read_knowledge

        day = common.date(as_of, "--as-of")
        store = read_knowledge(as_of=day, without_source=without_source).store()
    _refuse_unknown(named, store)
    _print(queries.run(asked, store, params), form)
    return 0


def _named(asked: Query, params: tuple[str, ...]) -> dict[str, str]:
    """Return the terms of p: and kb: that parameters name, by parameter.

    Raises:
        UsageError: A parameter is wrong; a bare name is told how it is written as a CURIE.
    """
    from posthma import queries
    from posthma.errors import UsageError
    from posthma.vocab import KB, P

    try:
        bound = queries.bind(asked, params)
    except UsageError as error:
        bare = re.fullmatch(r"[A-Za-z][\w-]*", error.place)
        if bare and any(text.endswith(f"={error.place}") for text in params):
            fact = f"{error.place!r} is no CURIE"
            raise UsageError("--param", fact, f"write kb:{error.place} if that is meant, or a full IRI") from error
        raise
    return {name: term for name, term in bound.items() if term.startswith((f"<{P.BASE}", f"<{KB.BASE}"))}


def _refuse_unknown(named: dict[str, str], store: Store) -> None:
    """Refuse terms of which nothing is said: the question would be answered with nothing, as if that were known."""
    import pyoxigraph as ox

    from posthma.errors import UsageError
    from posthma.spelling import nearest
    from posthma.vocab import curie

    for name, term in named.items():
        node = ox.NamedNode(term[1:-1])
        if not any(True for _ in store.quads_for_pattern(node, None, None, None)):
            known = {str(quad.subject) for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS_LABEL), None, None)}
            hint = nearest(term, known)
            remedy = f"did you mean {hint}?" if hint else "see kb/ for what there is"
            raise UsageError("--param", f"{name}: there is no {curie(term)}", remedy)


def _print(result: object, form: str) -> None:
    from posthma.queries import Table
    from posthma.report import table as tables
    from posthma.report.layout import terminal_page

    if isinstance(result, bool):
        common.write(
            f'{{"head": {{}}, "boolean": {str(result).lower()}}}\n' if form == "json" else f"{str(result).lower()}\n"
        )
    elif not isinstance(result, Table):
        common.write(str(result))
    elif form == "csv":
        common.write(tables.as_csv(result))
    elif form == "json":
        common.write(tables.as_json(result))
    else:
        common.write(tables.as_table(result, terminal_page()))


def _list(form: str) -> None:
    import json

    from posthma import queries
    from posthma.report.layout import terminal_page
    from posthma.resources import root

    found = [queries.read_query(file, file.relative_to(root()).as_posix()) for file in queries.find_queries(root())]
    if form == "json":
        rows = [{"name": q.name, "title": q.title, "params": {n: list(v) for n, v in q.params.items()}} for q in found]
        common.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    page = terminal_page()
    for q in found:
        page.field(q.name, q.title, column=10)
        for name, (kind, meaning) in q.params.items():
            page.text(f"--param {name}=... ({kind}) {meaning}", indent=10, style="dim")
    common.write(str(page) if found else "")
