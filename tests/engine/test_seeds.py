"""Rules matched as a whole: which are passed over, and that none is which might fire."""

from __future__ import annotations

import pytest

from posthma.closure import Stratum
from posthma.rules.form import Body, Rule
from posthma.store import Store
from posthma.terms import Terms

A, B = -1, -2


@pytest.fixture
def base():
    store = Store(Terms())
    for name in ("type", "measurement", "analyte", "blasts", "platelets", "high", "yes", "limit"):
        store.terms.id(f"<{name}>")
    n = names(store)
    store.add((n["limit"], n["analyte"], n["blasts"]), None)
    store.add((n["limit"], n["analyte"], n["platelets"]), None)
    return store


def names(store):
    return {token[1:-1]: number for number, token in enumerate(store.terms.tokens())}


def rule(n, analyte):
    """A measurement of an analyte that the base speaks of too."""
    return Rule(
        f"R-{analyte}",
        ((A, n["high"], n[analyte]),),
        Body(((A, n["type"], n["measurement"]), (A, n["analyte"], n[analyte]))),
    )


def ran(stratum, store, monkeypatch):
    tried = []
    for rule_, wake in stratum.whole:
        run = wake.run
        monkeypatch.setattr(wake, "run", lambda *a, r=rule_.id, f=run: tried.append(r) or f(*a))
    stratum.saturate(store, 0)
    return tried


def test_a_rule_is_passed_over_when_the_record_lacks_what_the_base_has(base, monkeypatch):
    n = names(base)
    stratum = Stratum([rule(n, "blasts"), rule(n, "platelets")])
    store = Store(Terms(base.terms), base)
    e = store.terms.id("<e>")
    for fact in ((e, n["type"], n["measurement"]), (e, n["analyte"], n["platelets"])):
        store.add(fact, None)
    assert ran(stratum, store, monkeypatch) == ["R-platelets"]
    assert (e, n["high"], n["platelets"]) in store


def test_a_record_that_speaks_of_the_base_is_matched_with_every_rule(base, monkeypatch):
    n = names(base)
    stratum = Stratum([rule(n, "blasts"), rule(n, "platelets")])
    store = Store(Terms(base.terms), base)
    store.add((n["limit"], n["type"], n["measurement"]), None)
    assert ran(stratum, store, monkeypatch) == ["R-blasts", "R-platelets"]
    assert {(n["limit"], n["high"], n["blasts"]), (n["limit"], n["high"], n["platelets"])} <= set(store.log)


def test_a_rule_that_the_base_alone_may_match_is_always_tried(base, monkeypatch):
    n = names(base)
    stratum = Stratum([Rule("R-X", ((A, n["high"], n["yes"]),), Body(((A, n["analyte"], n["blasts"]),)))])
    assert ran(stratum, Store(Terms(base.terms), base), monkeypatch) == ["R-X"]
