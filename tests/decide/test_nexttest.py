"""What next: an unknown made known in either way settles what was said."""

from __future__ import annotations

from tests.decide.conftest import case

from posthma.decide.changes import Change
from posthma.decide.nexttest import what_next
from posthma.errors import UsageError
from posthma.vocab import curie


def known_after(patient, option, finding):
    try:
        outlook = patient.outlook([Change(finding, "met")])
    except UsageError:
        return None
    return outlook.tree(option).value != "unknown" and not outlook.withheld


def test_a_finding_settles_what_was_said_in_either_way(any_case):
    guidance = any_case.guidance
    for test in what_next(any_case).tests:
        for missing in test.findings:
            finding = f"<{missing.iri}>"
            contrary = guidance.contrary.get(finding, "")
            for option in guidance.options:
                iri = option[1:-1]
                if any_case.now.tree(option).value != "unknown" or option not in any_case.now.statuses:
                    assert iri not in missing.if_met + missing.if_not_met
                    continue
                met, other = known_after(any_case, option, finding), contrary and known_after(any_case, option, contrary)
                assert (iri in missing.if_met) == bool(met), (finding, option)
                assert (iri in missing.if_not_met) == bool(other), (finding, option)
                assert iri not in missing.either_way or (met is not False and other is not False)


def test_a_test_settles_what_was_said_however_it_comes_out(any_case):
    """All its findings met, and all not met, where both can be: each option it settles is known."""
    guidance = any_case.guidance
    held = 0
    for test in what_next(any_case).tests:
        if test.from_history or not test.settles:
            continue
        findings = [f"<{m.iri}>" for m in test.findings]
        for side in (findings, [guidance.contrary[f] for f in findings if f in guidance.contrary]):
            try:
                outlook = any_case.outlook(Change(f, "met") for f in side)
            except UsageError:  # such as a trial on offer and no trial on offer
                continue
            for option in test.settles:
                assert outlook.tree(f"<{option}>").value != "unknown", (test.label, option)
                held += 1
    assert held or any_case.record.name.endswith(".nt")


def test_what_is_due_comes_first_and_the_rest_by_what_it_settles(any_case):
    tests = what_next(any_case).tests
    keys = [(not t.due, t.from_history, -len(t.settles), -len(t.may_settle)) for t in tests]
    assert keys == sorted(keys)


def test_the_tests_of_the_articles_duties_are_due_for_patient_2():
    """Lines 460-462 and 476-480: IDH1, IDH2 and somatic mutations at failure; none was tested in patient 2."""
    found = what_next(case("patient-2"))
    due = {test.label for test in found.tests if test.due}
    assert {"IDH1 and IDH2 test", "gene panel"} <= due
    assert found.reassess


def test_best_supportive_care_is_among_what_can_be_given_meanwhile(patient):
    found = what_next(patient)
    assert "best supportive care" in {found.labels[o] for o in found.meanwhile}
    assert all(patient.now.statuses[f"<{o}>"] == "applicable" for o in found.meanwhile)


def test_nothing_given_meanwhile_rests_on_a_stale_finding_to_be_renewed(patient):
    found = what_next(patient)
    due = {t.iri for t in found.tests if t.due}
    guidance = patient.guidance
    for option in (f"<{o}>" for o in found.meanwhile):
        if curie(option) == "kb:option-supportive-care":
            continue
        for finding in guidance.leaves(f"<{patient.now.tree(option).iri}>"):
            if patient.now.whole.value(finding) == "met" and guidance.decided_by(finding)[1:-1] in due:
                assert patient.now.fresh.value(finding) == "met", (option, finding)


def test_a_question_is_asked_once(any_case):
    for test in what_next(any_case).tests:
        asked = [f"<{m.iri}>" for m in test.findings]
        assert not any(any_case.guidance.contrary.get(f) in asked for f in asked)
