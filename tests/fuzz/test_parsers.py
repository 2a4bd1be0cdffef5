"""No input makes a parser of single strings crash, hang or fetch anything."""

from __future__ import annotations

import importlib.util
import re
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

_HERE = Path(__file__).parent


def _load(name):
    spec = importlib.util.spec_from_file_location(f"posthma_fuzz_{name}", _HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TARGETS = _load("targets").TARGETS
MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a parser opened a connection")

    monkeypatch.setattr(socket, "socket", refuse)


@pytest.mark.parametrize("name", sorted(TARGETS))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_text_is_read_without_an_exception(name, data):
    target, alphabet, seeds = TARGETS[name]
    any_text = st.text(max_size=80)
    shaped = st.text(alphabet=alphabet, max_size=80)
    bent = st.builds(lambda seed, at, new: seed[:at] + new + seed[at + 1 :], st.sampled_from(seeds), st.integers(0, 60), shaped)
    target(data.draw(st.one_of(any_text, shaped, bent)))


@pytest.mark.parametrize("name", sorted(TARGETS))
@pytest.mark.parametrize("text", ["\x00", "\ufeff", "\ufeff46,XX", "46,\x00XX", "\ud800", "\u202e46,XX", "١٢", "\n", "\r\n5\r\n"])
def test_odd_characters(name, text):
    TARGETS[name][0](text)


ADVERSARIAL = ["(", ")", "[", "46,XX,", "46,XX/", "+1", "-7,", "t(1;2)", "der(", "((", "1 000", "1,", "p.", "c.1_", "_", "~", "<",
               "add(5)(q1", "mar", "idem,", "x10", "*", "A", " ", "9", "del(5)(q13q33)", "[cp", "no ", "not ", "-", "/"]  # fmt: skip


@pytest.mark.parametrize("name", sorted(TARGETS))
@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_a_megabyte_is_refused_with_its_limit_and_not_searched(name, unit):
    """Each parser states a limit; just below it, repetition must not make it slow (a hang would end the run)."""
    target = TARGETS[name][0]
    result = target(unit * (MEGABYTE // len(unit)))
    if name != "unit":
        assert any(re.search(r"longer than \d+ characters", finding.text) for finding in result.findings)
    for limit in (190, 990, 19_900):
        target(unit * (limit // len(unit)))
        target("46,XX," + unit * (limit // len(unit) - 6))


@settings(deadline=None)
@given(st.text(alphabet="46,XY[]/+-78delt(q13) ", max_size=60))
@example("46,XX[20]/46,XX,+8[1]")
def test_normal_means_that_nothing_else_was_said(text):
    """Whatever the text: a karyotype is only called normal when its clones hold nothing but numbers and brackets."""
    from posthma.intake.karyotype import read_karyotype

    if read_karyotype(text).normal:
        assert re.fullmatch(r"[\s.,]*(?:46[\s.,]*X[XY][\s.,]*(?:\[[\d\s+]*\])?[\s.,/]*)+", text), text
