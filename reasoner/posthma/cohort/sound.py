"""Is a record sound? A quick yes for most; whatever is in doubt goes to `posthma.validation` as a whole.

A yes needs three things: every term is one that the shapes let a record use, there is exactly one patient, and the
shapes hold. The third is asked of pyshifty without the report graph, which costs several times the validation itself.
Tests hold that a yes here is a record without a violation there, for every fixture.
"""

from __future__ import annotations

from posthma.intake.rdf import Record
from posthma.knowledge import Knowledge
from posthma.validation import (
    ANNOTATIONS,
    SCHEMA,
    Finding,
    native_module,
    prepared,
    record_terms,
    shape_files,
    validate,
)
from posthma.vocab import KB, RDF, P

__all__ = ["Soundness"]

_OURS = (f"<{P.BASE}", f"<{KB.BASE}")


class Soundness:
    """The shapes and terms of one knowledge base, made ready once.

    Args:
        knowledge: The knowledge base.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._shapes = b"\n".join(file.read_bytes() for file in shape_files(knowledge.root))
        classes, properties = record_terms(knowledge.root)
        self._classes, self._properties = classes, properties - {RDF.type}
        self._known = {s for s, _, _ in knowledge.triples if s.startswith(_OURS)}
        self._quick = native_module() is not None and bool(classes) and bool(properties)

    def violations(self, record: Record) -> list[Finding]:
        """Return what bars an assessment; nothing when the record is sound."""
        if self._quick and self._terms_fit(record) and self._shapes_hold(record):
            return []
        return [finding for finding in validate(record, self.knowledge) if finding.severity == "violation"]

    def _terms_fit(self, record: Record) -> bool:
        """Say whether every term is plainly allowed; False is a doubt, not a finding."""
        patients = 0
        for s, p, o in record.triples:
            if s.startswith(_OURS):
                return False
            if p == RDF.type:
                if o not in self._classes:
                    return False
                patients += o == P.Patient
            elif p.startswith(_OURS):
                if p not in self._properties or p not in self._known:
                    return False
            elif p.startswith(SCHEMA) and p not in ANNOTATIONS:
                return False
            if p != RDF.type and o.startswith(_OURS) and o not in self._known:
                return False
        return patients == 1 and not record.dropped

    def _shapes_hold(self, record: Record) -> bool:
        data = "".join(f"{s} {p} {o} .\n" for s, p, o in record.triples).encode()
        try:
            result = prepared(self._shapes).validate_algebra(
                data,
                None,
                "nt",
                graph_mode="data",
                run_infer=False,
                minimum_severity="violation",
                on_unsupported="error",
            )
        except Exception:  # whatever the engine cannot do is left to the whole validation, which has a message for it
            return False
        return bool(result.conforms) and not result.violations and not result.diagnostics
