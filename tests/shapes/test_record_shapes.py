"""Each shape of a patient record has a valid and an invalid twin, and tells them apart in both SHACL engines."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from posthma import allowlists, resources
from posthma.knowledge import read_knowledge
from posthma.terms import Triple
from posthma.validation import Engine, Result, run_shapes, shape_files

TWINS = sorted(Path(__file__).parent.glob("record/*/invalid.ttl"))
SHAPE = "https://w3id.org/posthma/shape/"
SH = "http://www.w3.org/ns/shacl#"
HELPERS = {"ExactDate", "DateBounds"}


@cache
def shapes() -> dict[str, set[str]]:
    """Return the named shapes and what is said of them."""
    found: dict[str, set[str]] = {}
    for file in shape_files(resources.root()):
        for quad in ox.parse(path=str(file)):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(SHAPE):
                found.setdefault(quad.subject.value[len(SHAPE) :], set()).add(quad.predicate.value[len(SH) :])
    return found


@cache
def messages(name: str) -> set[str]:
    """Return the messages of a SPARQL constraint, which reports under the name of its shape; nothing for a shape."""
    if "select" not in shapes()[name]:
        return set()
    return {
        quad.object.value
        for file in shape_files(resources.root())
        for quad in ox.parse(path=str(file))
        if quad.subject == ox.NamedNode(SHAPE + name) and quad.predicate.value == SH + "message"
    }


def run(path: Path, engine: Engine) -> list[Result]:
    triples: list[Triple] = [(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(path=str(path))]
    return run_shapes(shape_files(resources.root()), triples, engine)


@pytest.mark.parametrize("invalid", TWINS, ids=lambda path: path.parent.name)
def test_twins(invalid: Path) -> None:
    """The valid twin conforms; the invalid one is refused by the shape of that name, and says in words what is wrong."""
    assert run(invalid.with_name("valid.ttl"), "pyshifty") == []
    assert invalid.read_text(encoding="utf-8").startswith("# Wrong: ")
    name = invalid.parent.name
    found = {(result.shape[1:-1].removeprefix(SHAPE), result.message) for result in run(invalid, "pyshifty")}
    wanted = {name, name.partition("-")[0]} if messages(name) else {name}
    assert [
        source for source, message in found if source in wanted and (not messages(name) or message in messages(name))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("invalid", TWINS[::5], ids=lambda path: path.parent.name)
def test_pyshacl_agrees(invalid: Path) -> None:
    """The other engine, slow as it is, finds the same shapes broken in every fifth invalid twin."""
    ours, theirs = (sorted((r.focus, r.shape, r.severity) for r in run(invalid, e)) for e in ("pyshifty", "pyshacl"))
    assert ours == theirs


def test_every_shape_has_twins() -> None:
    """A shape that can report has a folder of its name; a message tells the fact and the remedy."""
    speaking = {name for name, said in shapes().items() if "message" in said and name.partition("-")[0] not in HELPERS}
    assert {path.parent.name for path in TWINS} == speaking
    for file in shape_files(resources.root()):
        for quad in ox.parse(path=str(file)):
            if quad.predicate.value == SH + "message" and isinstance(quad.object, ox.Literal):
                fact, semicolon, remedy = quad.object.value.partition("; ")
                assert all((fact, semicolon, remedy)), quad.object.value


def test_allow_lists_are_current() -> None:
    """Run ``python -m posthma.allowlists`` when this fails."""
    current = resources.path(allowlists.FILE).read_text(encoding="utf-8")
    assert current == allowlists.generate(read_knowledge()), "run python -m posthma.allowlists"


def test_allow_lists_hide_no_hma() -> None:
    """A record names the parts of a regimen, so that no hypomethylating agent is overlooked."""
    listed = (
        resources.path(allowlists.FILE)
        .read_text(encoding="utf-8")
        .partition("shape:Agents-agent\n")[2]
        .partition(") ;")[0]
    )
    assert "kb:azacitidine\n" in listed
    assert "kb:decitabine\n" in listed
    assert "kb:esa\n" in listed
    assert "kb:azacitidinePlusVenetoclax" not in listed
    assert "kb:hma\n" not in listed
