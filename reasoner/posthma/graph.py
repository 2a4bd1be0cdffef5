"""The mechanism graph as networkx sees it, and the shortest explained connections in it.

Which facts are edges, in which words and at which cost, is said by ``queries/graph/mechanisms.rq``; everything here is
the walk. Edges are walked both ways and told in their own direction.

>>> from posthma.knowledge import read_knowledge
>>> graph = MechanismGraph(read_knowledge())
>>> [graph.label(node) for node in graph.connections("enasidenib", "idh2", limit=1)[0].nodes]
['enasidenib', 'mutant IDH2 protein', 'IDH2']
"""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from posthma.errors import UsageError
from posthma.knowledge import Knowledge, graph_of_file
from posthma.queries import Table, read_query, run, store_of
from posthma.spelling import local_name
from posthma.terms import Triple, literal_parts
from posthma.vocab import RDF, RDFS, P, curie, expand

if TYPE_CHECKING:
    import networkx

QUERY = "queries/graph/mechanisms.rq"
MOST = 100
"""So many connections at most; two things may have thousands."""
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_ALT_LABEL = f"<{_SKOS}altLabel>"
_DESCRIPTION, _SOURCE = "<http://purl.org/dc/terms/description>", "<http://purl.org/dc/terms/source>"
_GENE_SYMBOL, _SEEN_IN, _HGNC = (f"<{P.BASE}{name}>" for name in ("geneSymbol", "seenIn", "hgncId"))


@dataclass(frozen=True, slots=True)
class Edge:
    """One statement of the graph, in its own direction.

    Attributes:
        start, end: Tokens of what it leads from and to.
        words: The verb between them.
        citation: Document, lines and publications; where else it was seen, when it stands in no document.
    """

    start: str
    words: str
    end: str
    citation: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A way from one thing to another.

    Attributes:
        nodes: Tokens, the first and the last included.
        steps: For each pair of neighbours the statements that join them.
    """

    nodes: tuple[str, ...]
    steps: tuple[tuple[Edge, ...], ...]


class MechanismGraph:
    """Agents, targets, genes, diseases, trials and what is said of them, as a graph.

    Args:
        knowledge: What was read from ontology/ and kb/.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    @cached_property
    def _said(self) -> dict[str, list[Triple]]:
        found: dict[str, list[Triple]] = {}
        for triple in self.knowledge.triples:
            found.setdefault(triple[0], []).append(triple)
        return found

    @cached_property
    def graph(self) -> networkx.Graph:
        """The graph: nodes are tokens, an edge carries ``edges`` (a tuple of `Edge`) and ``cost``."""
        import networkx as nx

        query = read_query(self.knowledge.root / QUERY, QUERY)
        table = run(query, store_of(self.knowledge.triples))
        assert isinstance(table, Table)
        found: Any = nx.Graph()
        for start, words, end, cost in table.rows:
            if self._left_out(start):
                continue
            edge = Edge(start, literal_parts(words)[0], end, self._citation(start))
            price = int(literal_parts(cost)[0])
            old = found.get_edge_data(start, end, {"edges": (), "cost": price})
            found.add_edge(start, end, edges=(*old["edges"], edge), cost=min(old["cost"], price))
        return found

    def label(self, token: str) -> str:
        """Return the label of a node."""
        return self.knowledge.label(token)

    def kind(self, token: str) -> str:
        """Return what a node is, in the ontology's word."""
        kinds = sorted(o for _, p, o in self._said.get(token, ()) if p == RDF.type)
        return self.label(kinds[0]).removesuffix(" (entity)") if kinds else ""

    def says(self, token: str) -> str:
        """Return what a mechanism or association says, in a sentence; empty for other nodes."""
        return next((literal_parts(o)[0] for _, p, o in self._said.get(token, ()) if p == _DESCRIPTION), "")

    def find(self, name: str) -> str:
        """Return the node that a name means: a CURIE or IRI, a local name, a gene symbol or number, a label.

        Raises:
            UsageError: No node has the name, or several have it; the message names them or the nearest.
        """
        if not name.strip():
            raise UsageError("FROM and TO", "a name is empty", "name an agent, target or gene, such as idh2")
        if name.casefold() in self._numbered:
            return self._numbered[name.casefold()]
        if ":" in name:
            token = self._expanded(name)
            if token in self.graph:
                return token
            raise UsageError(name, *self._why_not(token))
        wanted = name.strip().casefold()
        for names in self._names:
            found = sorted(names.get(wanted, ()))
            if len(found) == 1:
                return found[0]
            if found:
                shown = ", ".join(f"{curie(token)} ({self.kind(token)})" for token in found)
                raise UsageError(name, f"it may mean {shown}", "give the one that is meant by its kb: name")
        every = sorted({known for names in self._names for known in names})
        close = difflib.get_close_matches(wanted, every, n=3, cutoff=0.6)
        hint = (
            f"did you mean {' or '.join(repr(text) for text in close)}?" if close else "name an agent, target or gene"
        )
        raise UsageError(name, "no part of the mechanism graph has this name", hint)

    def connections(self, start: str, end: str, limit: int = 3) -> list[Connection]:
        """Return the shortest connections of two nodes, the shortest first, detours left out; empty when there is none.

        Args:
            start: Name as `find` knows it.
            end: Name of the other end.
            limit: So many at most, up to 100.

        Raises:
            UsageError: A name is not known, or both mean the same node.
        """
        import networkx as nx

        first, last = self.find(start), self.find(end)
        if first == last:
            raise UsageError(end, f"{start!r} and {end!r} are both {self.label(first)}", "name two different things")
        if not nx.has_path(self.graph, first, last):
            return []
        ways = nx.shortest_simple_paths(self.graph, first, last, weight="cost")
        # Ways of one cost come in no order that repeats, so those of the last cost are taken whole and sorted.
        taken: list[tuple[int, tuple[str, ...]]] = []
        for way in itertools.islice(ways, MOST * 20):
            if self._is_detour(way):
                continue
            cost = sum(self.graph[a][b]["cost"] for a, b in itertools.pairwise(way))
            if len(taken) >= limit and cost > taken[-1][0]:
                break
            taken.append((cost, tuple(way)))
        return [self._connection(way) for _, way in sorted(taken)[: min(limit, MOST)]]

    def _is_detour(self, way: list[str]) -> bool:
        """Say whether two nodes of a way, no neighbours on it, are joined directly: a shorter way says as much."""
        return any(self.graph.has_edge(way[i], way[j]) for i in range(len(way)) for j in range(i + 2, len(way)))

    def _connection(self, way: tuple[str, ...]) -> Connection:
        steps = [tuple(sorted(self.graph[a][b]["edges"], key=lambda e: e.words)) for a, b in itertools.pairwise(way)]
        return Connection(way, tuple(steps))

    @cached_property
    def _names(self) -> tuple[dict[str, set[str]], ...]:
        """Names by table, the surest first: local name, gene symbol, label, local name after a hyphen."""
        tables: tuple[dict[str, set[str]], ...] = ({}, {}, {}, {})
        for token in self.graph:
            own = local_name(token)
            tables[0].setdefault(own.casefold(), set()).add(token)
            tables[3].setdefault(own.partition("-")[2].casefold() or own.casefold(), set()).add(token)
            for _, p, o in self._said.get(token, ()):
                table = 1 if p == _GENE_SYMBOL else 2 if p in (RDFS.label, _ALT_LABEL) else None
                if table is not None:
                    tables[table].setdefault(literal_parts(o)[0].casefold(), set()).add(token)
        return tables

    @cached_property
    def _numbered(self) -> dict[str, str]:
        """Number of a gene in its nomenclature, such as ``hgnc:5383`` -> gene."""
        numbers = (
            (literal_parts(o)[0], node) for node in self.graph for _, p, o in self._said.get(node, ()) if p == _HGNC
        )
        return {number.casefold(): node for number, node in numbers}

    def _left_out(self, token: str) -> bool:
        """Say whether a statement stands only in documents that were left out or are not in force."""
        sources = [o for _, p, o in self._said.get(token, ()) if p == _SOURCE]
        return bool(sources) and all(o in self._documents_left_out for o in sources)

    @cached_property
    def _documents_left_out(self) -> frozenset[str]:
        """Source documents of which no file was read."""
        read = {graph for file in self.knowledge.by_file if (graph := graph_of_file(file))}
        gone = (document for graph, document in self.knowledge.documents.items() if graph not in read)
        return frozenset(expand(f"kb:{document.folder}") for document in gone)

    def _expanded(self, name: str) -> str:
        try:
            return expand(name)
        except UsageError as error:
            raise UsageError(name, error.fact, "give a name, or a CURIE such as kb:idh2") from error

    def _why_not(self, token: str) -> tuple[str, str]:
        if token in self._said:
            return "it takes no part in the mechanism graph", "name an agent, target, gene, mechanism or trial"
        own = {local_name(node): node for node in self.graph}
        close = difflib.get_close_matches(local_name(token), own, n=1, cutoff=0.6)
        hint = f"did you mean {curie(own[close[0]])}?" if close else "name an agent, target or gene, such as idh2"
        return "there is no such thing", hint

    def _citation(self, token: str) -> str:
        said: dict[str, list[str]] = {}
        for _, p, o in self._said.get(token, ()):
            said.setdefault(p, []).append(o)
        lines = ", ".join(sorted(literal_parts(o)[0] for o in said.get(P.lines, ())))
        documents = " and ".join(sorted(self.label(o) for o in said.get(_SOURCE, ())))
        references = sorted(literal_parts(n)[0] for n in self._numbers(said.get(P.publication, ())))
        if documents:
            where = f"{documents}, lines {lines}" if lines else documents
            return f"{where}; ref. {', '.join(sorted(references, key=int))}" if references else where
        seen = sorted(literal_parts(o)[0] for o in said.get(_SEEN_IN, ()))
        marks = [self.label(o) for o in said.get(P.verification, ())]
        return f"seen in {seen[0]}{f', {marks[0]}' if marks else ''}" if seen else "no source given"

    def _numbers(self, publications: list[str] | tuple[()]) -> list[str]:
        return [o for pub in publications for _, p, o in self._said.get(pub, ()) if p == P.referenceNumber]
