"""``posthma path``: how two things of the mechanism graph hang together."""

from __future__ import annotations

import click

from posthma.cli import common


@common.verb("path")
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option("--limit", metavar="N", type=click.IntRange(1, 100), default=3, show_default=True, help="Show so many.")
@common.as_of
@common.without_source
@common.form("text", "json", "svg")
def command(start: str, end: str, limit: int, as_of: str | None, without_source: str | None, form: str) -> int:
    """Show the shortest explained connections of two agents, targets, genes, mechanisms or trials.

    FROM and TO are local names, gene symbols, labels or CURIEs. Every step is a statement with its citation; a
    connection says what is stated side by side, not that one thing causes the other.

    \b
    Examples:
      posthma path idh2 venetoclax
      posthma path "integrin alpha5" azacitidine --limit 1 --format svg
    """
    from posthma.graph import MechanismGraph
    from posthma.knowledge import read_knowledge

    graph = MechanismGraph(read_knowledge(as_of=common.date(as_of, "--as-of"), without_source=without_source))
    ends = graph.find(start), graph.find(end)
    found = graph.connections(start, end, limit)
    if form == "svg":
        from posthma.report.picture import as_svg

        common.write(as_svg(graph, ends, found))
        return 0
    from posthma.report import connections

    if form == "json":
        common.write(connections.as_json(graph, ends, found))
    else:
        from posthma.report.layout import terminal_page

        common.write(connections.as_text(graph, ends, found, terminal_page()))
    return 0
