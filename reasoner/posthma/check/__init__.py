"""An independent proof checker: it re-derives every step from its premises and shares no code with the engine.

    from posthma.check import check, check_file
    verdict = check("proof.json", record="record.ttl")

It reads the proof, the record and the knowledge files itself, holds OWL 2 RL as a table of text patterns and runs the
rule files as they stand. Of the project it uses errors and the place of the folders, nothing else.
"""

from posthma.check.checker import check, check_file
from posthma.check.verdict import Finding, Verdict

__all__ = ["Finding", "Verdict", "check", "check_file"]
