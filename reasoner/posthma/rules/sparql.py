"""CONSTRUCT files compiled to the rule form, through rdflib's SPARQL algebra.

One file becomes one or more rules: unions, alternatives of paths, ``OPTIONAL`` and ``IF`` between terms are split
into cases, so that every rule is a plain conjunction with guards and absences. What lies outside the
fragment is refused with the file, the construct and the way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from posthma.errors import RuleError
from posthma.rules.expressions import is_known
from posthma.rules.files import Parsed, Walk
from posthma.rules.files import RuleText as RuleText
from posthma.rules.form import Aggregate, Atom, Body, Expr, Rule, rename_body
from posthma.terms import XSD, Terms, escape, python_value

PATH_PREFIX = "<path:"


def parse(source: RuleText) -> Parsed:
    """Return the rules of one file.

    Raises:
        RuleError: The query is broken or outside the fragment.
    """
    compiler = Compiler(Terms())
    rules = tuple(compiler.rules(source))
    paths = tuple((compiler.terms.name(number), walk) for number, walk in compiler.paths.items())
    return Parsed(tuple(compiler.terms.tokens()), rules, paths)


def walk_of(path: Any) -> Walk:
    """Return a property path of rdflib as plain tuples."""
    kind = path.__class__.__name__
    if kind == "URIRef":
        return ("iri", token_of_rdflib(path))
    if kind == "InvPath":
        return ("inverse", walk_of(path.arg))
    if kind in ("AlternativePath", "SequencePath"):
        return ("either" if kind == "AlternativePath" else "sequence", *map(walk_of, path.args))
    return ("maybe" if path.mod == "?" else "repeat", walk_of(path.path))


@dataclass
class _Branch:
    """One conjunction in the making, with variables that are known never to be bound."""

    atoms: list[Atom] = field(default_factory=list)
    binds: list[tuple[int, Expr]] = field(default_factory=list)
    guards: list[Expr] = field(default_factory=list)
    absences: list[Body] = field(default_factory=list)
    aggregates: list[Aggregate] = field(default_factory=list)
    renames: dict[int, int] = field(default_factory=dict)

    def joined(self, other: _Branch) -> _Branch:
        return _Branch(
            self.atoms + other.atoms, self.binds + other.binds, self.guards + other.guards,
            self.absences + other.absences, self.aggregates + other.aggregates, {**self.renames, **other.renames},
        )  # fmt: skip

    def body(self) -> Body:
        aggregate = self.aggregates[0] if self.aggregates else None
        body = Body(
            tuple(dict.fromkeys(self.atoms)), tuple(self.binds), tuple(self.guards), tuple(self.absences), aggregate
        )
        env = dict(self.renames)
        for _ in range(len(env)):
            env = {k: env.get(v, v) for k, v in env.items()}
        return rename_body(body, env)


class Compiler:
    """Compiles rule files against one table of terms.

    Paths with ``*`` or ``+`` become predicates of their own, noted in ``paths``; `specialise` fills them from
    the knowledge.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.paths: dict[int, Walk] = {}

    def rules(self, source: RuleText) -> list[Rule]:
        """Return the rules of one file.

        Raises:
            RuleError: The query is broken or outside the fragment.
        """
        from rdflib.plugins.sparql.algebra import (
            translateQuery,
        )  # rdflib loads slowly; a cached program needs none of it
        from rdflib.plugins.sparql.parser import parseQuery

        self._file, self._fresh, self._inside_absence = source.path, 0, 0
        self._variables: dict[str, int] = {}
        prefix = "" if "PREFIX xsd:" in source.text else f"PREFIX xsd: <{XSD}>\n"
        try:
            query = translateQuery(parseQuery(prefix + source.text)).algebra
        except Exception as error:  # rdflib raises pyparsing's and its own types without a common root
            raise RuleError(source.path, f"the query cannot be parsed: {error}", "mend the SPARQL") from error
        if query.name != "ConstructQuery":
            raise self._refuse(query.name, "a rule is one CONSTRUCT")
        head = tuple(self._triple(t) for t in query.template)
        found: list[Rule] = []
        for branch in self._pattern(query.p):
            body = branch.body()
            names = tuple((n, branch.renames.get(v, v)) for n, v in self._variables.items() if not n.startswith("_"))
            env = branch.renames
            rule_head = tuple((env.get(s, s), env.get(p, p), env.get(o, o)) for s, p, o in head)
            found.append(Rule(source.id, rule_head, body, (), names, source.layer))
        return found

    # --- patterns --------------------------------------------------------------------------------------------

    def _pattern(self, node: Any) -> list[_Branch]:
        handler = getattr(self, f"_on_{node.name.lower()}", None)
        if handler is None:
            raise self._refuse(
                node.name,
                "use basic patterns, FILTER, BIND, VALUES, OPTIONAL, UNION, NOT EXISTS or one grouping subquery",
            )
        result: list[_Branch] = handler(node)
        return result

    def _on_project(self, node: Any) -> list[_Branch]:
        return self._pattern(node.p)

    def _on_bgp(self, node: Any) -> list[_Branch]:
        branches = [_Branch()]
        for s, p, o in node.triples:
            cases = list(self._path(self._term(s), p, self._term(o)))
            branches = [b.joined(c) for b in branches for c in cases]
        return branches

    def _on_join(self, node: Any) -> list[_Branch]:
        left, right = self._pattern(node.p1), self._pattern(node.p2)
        return [a.joined(b) for a in left for b in right]

    def _on_union(self, node: Any) -> list[_Branch]:
        return self._pattern(node.p1) + self._pattern(node.p2)

    def _on_leftjoin(self, node: Any) -> list[_Branch]:
        required, optional = self._pattern(node.p1), self._pattern(node.p2)
        if getattr(node.expr, "name", None) != "TrueFilter":
            optional = [b for branch in optional for b in self._filtered(branch, node.expr)]
        result = [a.joined(b) for a in required for b in optional]
        return result + [replace(a, absences=[*a.absences, *(b.body() for b in optional)]) for a in required]

    def _on_filter(self, node: Any) -> list[_Branch]:
        return [b for branch in self._pattern(node.p) for b in self._filtered(branch, node.expr)]

    def _filtered(self, branch: _Branch, expr: Any) -> list[_Branch]:
        branches = [replace(branch)]
        for part in _conjuncts(expr):
            if part.__class__.__name__ != "Variable" and getattr(part, "name", "") == "Builtin_NOTEXISTS":
                self._inside_absence += 1
                inner = [b.body() for b in self._group(part.graph)]
                self._inside_absence -= 1
                branches = [replace(b, absences=[*b.absences, *inner]) for b in branches]
            elif getattr(part, "name", "") == "Builtin_EXISTS":
                cases = self._group(part.graph)
                branches = [b.joined(c) for b in branches for c in cases]
            else:
                guard = self._expr(part)
                branches = [replace(b, guards=[*b.guards, guard]) for b in branches]
        return branches

    def _group(self, graph: Any) -> list[_Branch]:
        from rdflib.plugins.sparql.algebra import translateGroupGraphPattern

        if graph.name in ("GroupGraphPatternSub", "SubSelect"):
            graph = translateGroupGraphPattern(graph)
        return self._pattern(graph)

    def _on_extend(self, node: Any) -> list[_Branch]:
        variable = self._variable(str(node.var))
        return [b for branch in self._pattern(node.p) for b in self._bound(branch, variable, self._expr(node.expr))]

    def _bound(self, branch: _Branch, variable: int, expr: Expr) -> list[_Branch]:
        """Bind a variable; an IF that chooses between terms makes one case for each, since rules are sorted by them."""
        if expr[0] == "if" and any(part[0] in ("const", "if") for part in expr[2:]):
            _, test, yes, no = expr
            first = replace(branch, guards=[*branch.guards, test])
            second = replace(branch, guards=[*branch.guards, ("not", test)])
            return self._bound(first, variable, yes) + self._bound(second, variable, no)
        return [replace(branch, binds=[*branch.binds, (variable, expr)])]

    def _on_tomultiset(self, node: Any) -> list[_Branch]:
        inner = node.p
        if inner.name != "values":
            return self._subselect(inner)
        rows = []
        for row in inner.res:
            binds = [(self._variable(str(v)), ("const", self._term(t))) for v, t in row.items() if str(t) != "UNDEF"]
            rows.append(_Branch(binds=binds))
        return rows

    # --- grouping --------------------------------------------------------------------------------------------

    def _subselect(self, node: Any) -> list[_Branch]:
        if node.name in ("Distinct", "Reduced"):
            node = node.p
        if node.name != "Project":
            raise self._refuse(node.name, "a subquery is one SELECT with GROUP BY, without ORDER BY or LIMIT")
        renamed: dict[str, Any] = {}
        having: list[Any] = []
        inner = node.p
        while inner.name in ("Extend", "Filter"):
            if inner.name == "Extend":
                renamed[str(inner.var)] = inner.expr
            else:
                having.append(inner.expr)
            inner = inner.p
        if inner.name != "AggregateJoin":
            return self._pattern(node)
        outer_names = {str(v): str(e) for v, e in renamed.items() if e.__class__.__name__ == "Variable"}
        bodies, keep = self._grouped_bodies(inner.p.p)
        group, outputs = [], []
        for variable in inner.p.expr or ():
            if variable.__class__.__name__ != "Variable":
                raise self._refuse("GROUP BY with an expression", "bind the expression to a variable first")
            group.append(self._variable(str(variable)))
        names = {result: outer for outer, result in outer_names.items()}
        for aggregate in inner.A:
            kind = aggregate.name.removeprefix("Aggregate_").lower()
            if kind == "sample":
                continue
            if kind not in ("count", "sum", "min", "max"):
                raise self._refuse(aggregate.name, "use COUNT, SUM, MIN or MAX")
            what = ("value", 1) if str(aggregate.vars) == "*" else self._expr(aggregate.vars)
            target = self._variable(names.get(str(aggregate.res), "_" + str(aggregate.res)))
            outputs.append((kind, bool(aggregate.distinct), what, target))
            self._variables[str(aggregate.res)] = target
        aggregate = self._apart(Aggregate(tuple(bodies), tuple(group), tuple(outputs), keep))
        branch = _Branch(aggregates=[aggregate])
        branches = [branch]
        for expr in having:
            branches = [b for each in branches for b in self._filtered(each, expr)]
        for outer, expr in renamed.items():
            if expr.__class__.__name__ != "Variable":
                branches = [replace(b, binds=[*b.binds, (self._variable(outer), self._expr(expr))]) for b in branches]
        return branches

    def _apart(self, aggregate: Aggregate) -> Aggregate:
        """Give the inner variables that do not leave the subquery names of their own."""
        inner = {v for body in aggregate.bodies for v in body.mentioned()} - aggregate.exported()
        env = {v: self._variable(f"_inner{v}") for v in sorted(inner)}
        renamed = rename_body(Body(aggregate=aggregate), env).aggregate
        assert renamed is not None
        return renamed

    def _grouped_bodies(self, node: Any) -> tuple[list[Body], tuple[int, ...] | None]:
        keep = None
        if node.name == "ToMultiSet" and node.p.name == "Distinct" and node.p.p.name == "Project":
            keep = tuple(self._variable(str(v)) for v in node.p.p.PV)
            node = node.p.p.p
        branches = self._pattern(node)
        if any(b.aggregates for b in branches):
            raise self._refuse(
                "grouping inside grouping", "write two rules, the second reading what the first concludes"
            )
        return [b.body() for b in branches], keep

    # --- paths -----------------------------------------------------------------------------------------------

    def _path(self, s: int, path: Any, o: int) -> Iterator[_Branch]:
        kind = path.__class__.__name__
        if kind == "URIRef" or kind == "Variable":
            yield _Branch([(s, self._term(path), o)])
        elif kind == "InvPath":
            yield from self._path(o, path.arg, s)
        elif kind == "AlternativePath":
            for part in path.args:
                yield from self._path(s, part, o)
        elif kind == "SequencePath":
            yield from self._sequence(s, list(path.args), o)
        elif kind == "MulPath" and path.mod == "?":
            yield from self._path(s, path.path, o)
            yield self._equal(s, o)
        elif kind == "MulPath":
            token = f"{PATH_PREFIX}{re.sub(r'[<> ]', '', path.n3())}>"
            number = self.terms.id(token)
            self.paths[number] = walk_of(path)
            yield _Branch([(s, number, o)])
            if path.mod == "*":
                yield self._equal(s, o)
        else:
            raise self._refuse(f"path {kind}", "use / | ^ ? * or +")

    def _sequence(self, s: int, parts: list[Any], o: int) -> Iterator[_Branch]:
        if len(parts) == 1:
            yield from self._path(s, parts[0], o)
            return
        self._fresh += 1
        middle = self._variable(f"_path{self._fresh}")
        for first in self._path(s, parts[0], middle):
            for rest in self._sequence(middle, parts[1:], o):
                yield first.joined(rest)

    def _equal(self, s: int, o: int) -> _Branch:
        names = {v: n for n, v in self._variables.items()}
        for inner, outer in ((s, o), (o, s)):
            if inner < 0 and names.get(inner, "").startswith("_path"):
                return _Branch(renames={inner: outer})
        if s >= 0 and o >= 0:
            return _Branch(guards=[] if s == o else [("value", False)])
        if self._inside_absence:
            sides = [("var", t) if t < 0 else ("const", t) for t in (s, o)]
            return _Branch(guards=[("same-term", *sides)])
        inner, outer = (s, o) if s < 0 else (o, s)
        return _Branch(renames={inner: outer})

    # --- terms and expressions -------------------------------------------------------------------------------

    def _triple(self, triple: tuple[Any, Any, Any]) -> Atom:
        for part in triple:
            if part.__class__.__name__ == "BNode":
                raise self._refuse("a blank node in the head", "mint an IRI with BIND(IRI(CONCAT(...)) AS ?x)")
        s, p, o = (self._term(part) for part in triple)
        return (s, p, o)

    def _term(self, term: Any) -> int:
        kind = term.__class__.__name__
        if kind == "Variable":
            return self._variable(str(term))
        if kind == "BNode":
            return self._variable(f"_blank{term}")
        return self.terms.same_value(self.terms.id(token_of_rdflib(term)))

    def _variable(self, name: str) -> int:
        return self._variables.setdefault(name, -1 - len(self._variables))

    def _expr(self, expr: Any) -> Expr:
        kind = expr.__class__.__name__
        if kind == "Variable":
            return ("var", self._variable(str(expr)))
        if kind in ("URIRef", "Literal"):
            token = token_of_rdflib(expr)
            return ("value", python_value(token)) if token[0] == '"' else ("const", self.terms.id(token))
        name = expr.name
        if name == "ConditionalOrExpression":
            return ("or", self._expr(expr.expr), *(self._expr(e) for e in expr.other))
        if name == "ConditionalAndExpression":
            return ("and", self._expr(expr.expr), *(self._expr(e) for e in expr.other))
        if name == "RelationalExpression":
            return self._relation(expr)
        if name in ("AdditiveExpression", "MultiplicativeExpression"):
            result = self._expr(expr.expr)
            for op, other in zip(expr.op, expr.other, strict=True):
                result = (str(op), result, self._expr(other))
            return result
        if name == "UnaryMinus":
            return ("neg", self._expr(expr.expr))
        if name == "UnaryNot":
            return ("not", self._expr(expr.expr))
        if name == "Function":
            return self._known(str(expr.iri), tuple(self._expr(e) for e in expr.expr))
        if name.startswith("Builtin_"):
            return self._builtin(name.removeprefix("Builtin_").lower(), expr)
        raise self._refuse(name, "use the operators and functions that the rule form knows")

    def _relation(self, expr: Any) -> Expr:
        op = str(expr.op)
        if op in ("IN", "NOT IN"):
            found: Expr = ("in", self._expr(expr.expr), *(self._expr(e) for e in expr.other))
            return found if op == "IN" else ("not", found)
        return (op, self._expr(expr.expr), self._expr(expr.other))

    def _builtin(self, name: str, expr: Any) -> Expr:
        if name in ("exists", "notexists"):
            raise self._refuse("EXISTS inside an expression", "let FILTER EXISTS or FILTER NOT EXISTS stand alone")
        if name == "if":
            return ("if", self._expr(expr.arg1), self._expr(expr.arg2), self._expr(expr.arg3))
        if name in ("concat", "coalesce"):
            return (name, *(self._expr(e) for e in expr.arg))
        if name == "replace":
            extra = (self._expr(expr.flags),) if expr.flags is not None else ()
            return (name, self._expr(expr.arg), self._expr(expr.pattern), self._expr(expr.replacement), *extra)
        if name in ("strafter", "strbefore", "contains", "strstarts", "strends"):
            return (name, self._expr(expr.arg1), self._expr(expr.arg2))
        name = {"uri": "iri", "isuri": "isiri"}.get(name, name)
        if expr.arg is None:
            raise self._refuse(f"the function {name}", "an answer must not depend on when it is asked, nor on chance")
        return self._known(name, (self._expr(expr.arg),))

    def _known(self, name: str, arguments: tuple[Expr, ...]) -> Expr:
        if not is_known(name):
            raise self._refuse(f"the function {name}", "use one that posthma.rules.expressions.FUNCTIONS lists")
        return (name, *arguments)

    def _refuse(self, construct: str, way_out: str) -> RuleError:
        return RuleError(self._file, f"{construct} is outside the rule fragment", way_out)


def _conjuncts(expr: Any) -> Iterator[Any]:
    if getattr(expr, "name", "") == "ConditionalAndExpression":
        yield from _conjuncts(expr.expr)
        for other in expr.other:
            yield from _conjuncts(other)
    else:
        yield expr


def token_of_rdflib(term: Any) -> str:
    """Return the token of an rdflib term, its lexical form kept."""
    kind = term.__class__.__name__
    if kind == "URIRef":
        return f"<{term}>"
    if kind == "BNode":
        return f"_:{term}"
    body = f'"{escape(str(term))}"'
    if term.language:
        return f"{body}@{term.language}"
    datatype = str(term.datatype) if term.datatype is not None else XSD + "string"
    return body if datatype == XSD + "string" else f"{body}^^<{datatype}>"
