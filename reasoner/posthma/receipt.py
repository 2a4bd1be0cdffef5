"""Receipts: what an answer was made of, so that it can be made again and compared to the byte.

A receipt holds hashes, the question and nothing else of the record. Each part of the answer has a hash of its own, so
that a replay that differs can say where.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthma.errors import UsageError

if TYPE_CHECKING:
    from posthma.decide.answer import Answer
    from posthma.engine import KnowledgeBase
    from posthma.intake.rdf import Record

FORMAT = "posthma-receipt/1"
_FOLDERS = {"rules": "queries/rules", "shapes": "ontology/shapes", "policy": "kb/policies"}


def make(answer: Answer, kb: KnowledgeBase, record: Record) -> dict[str, Any]:
    """Return the receipt of an answer.

    Args:
        answer: The answer.
        kb: The knowledge base that gave it.
        record: The record that it is about.
    """
    from posthma import __version__
    from posthma.report.json_ import to_dict

    root = kb.knowledge.root
    parts = to_dict(answer)
    return {
        "format": FORMAT,
        "record": {"name": record.name, "sha256": record.sha256},
        "question": {
            "at": answer.date,
            "jurisdiction": _jurisdiction(answer, kb),
            "choices": {made.name: made.taken for made in answer.choices},
            "compared": answer.other_choices is not None,
        },
        "knowledge": {
            "version": kb.knowledge.version,
            "sha256": kb.knowledge.sha256,
            "as_of": kb.knowledge.as_of,
            "without_source": kb.knowledge.without_source,
        },
        **{name: {"sha256": folder_hash(root / folder)} for name, folder in _FOLDERS.items()},
        "order": {"file": answer.order_policy_file, "sha256": answer.order_policy_sha},
        "engine": {"version": __version__, "sha256": folder_hash(Path(__file__).parent, ".py")},
        "answer": {
            "path": answer.record_path,
            "sha256": _hash(json_report(answer)),
            "parts": {key: _hash(json.dumps(value, ensure_ascii=False)) for key, value in parts.items()},
        },
    }


def json_report(answer: Answer) -> str:
    """Return the JSON report whose bytes a receipt stands for."""
    from posthma.report.json_ import render

    return render(answer)


def _jurisdiction(answer: Answer, kb: KnowledgeBase) -> str:
    from posthma.vocab import KB, curie

    known = (KB.EU, KB.US, KB.otherJurisdiction)
    return next((curie(k).partition(":")[2] for k in known if kb.guidance.label(k) == answer.jurisdiction), "")


def folder_hash(folder: Path, suffix: str = "") -> str:
    """Return the hash of a folder's files: their names and bytes, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name.endswith(suffix) and "__pycache__" not in path.parts:
            data = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def write(receipt: dict[str, Any]) -> str:
    """Return a receipt as JSON text."""
    return json.dumps(receipt, ensure_ascii=False, indent=2) + "\n"


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a receipt from a file.

    Raises:
        UsageError: It is no receipt.
    """
    name = os.fspath(path)
    try:
        found: dict[str, Any] = json.loads(Path(name).read_bytes().decode("utf-8"))
    except OSError as error:
        raise UsageError(name, f"it cannot be read ({error.strerror})", "check the path") from error
    except ValueError as error:
        raise UsageError(name, "it is not JSON in UTF-8", "give a receipt that posthma wrote") from error
    whole = isinstance(found, dict) and found.get("format") == FORMAT
    for part, key in (("record", "sha256"), ("question", "at"), ("knowledge", "as_of"), ("answer", "path")):
        whole = whole and isinstance(found.get(part), dict) and isinstance(found[part].get(key), str)
    if not whole or not isinstance(found["answer"].get("parts"), dict):
        raise UsageError(name, f"it is no receipt of the form {FORMAT}", "give a receipt that posthma wrote")
    return found


def replay(
    receipt: dict[str, Any],
    record: str | os.PathLike[str],
    kb: KnowledgeBase | None = None,
    policy: str | os.PathLike[str] | None = None,
) -> tuple[Answer, list[str]]:
    """Make the answer of a receipt again.

    Args:
        receipt: The receipt.
        record: The record that was assessed.
        kb: The knowledge base to ask; one loaded as the receipt says when None.
        policy: The file by which the options were put in order, where a reader brought one.

    Returns:
        The answer, and what differs from the receipt in words; nothing when its report is the same to the byte.

    Raises:
        RecordError: The record is not sound.
        UsageError: The answer was ordered by a reader's own policy, and none is given.
    """
    from posthma.engine import load
    from posthma.intake.rdf import parse_record, read_record

    known, asked, order = receipt["knowledge"], receipt["question"], receipt.get("order") or {}
    if order.get("sha256") and policy is None:
        fact = f"the answer was put in order by a policy of the reader's own, {order.get('file')}"
        raise UsageError("--policy", fact, f"give that file again (sha256 {order['sha256'][:12]})")
    kb = kb or load(as_of=known["as_of"] or None, without_source=known.get("without_source") or None)
    given = read_record(record)
    same_name = parse_record(Path(record).read_bytes(), receipt["answer"]["path"])  # places and path as they were
    answer = kb.assess(
        same_name, at=asked["at"], jurisdiction=asked.get("jurisdiction") or None,
        choices=asked.get("choices") or None, compare=bool(asked.get("compared")), policy=policy,
    )  # fmt: skip
    now = make(answer, kb, replace(same_name, sha256=given.sha256))
    return answer, differences(receipt, now)


def report_differs(receipt: dict[str, Any], answer: Answer) -> bool:
    """Say whether an answer's JSON report has other bytes than a receipt's."""
    return bool(receipt["answer"].get("sha256") != _hash(json_report(answer)))


def differences(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what differs between two receipts, in words: first what went in, then what came out."""
    found = []
    for name in ("record", "knowledge", "rules", "shapes", "policy", "order", "engine"):
        for key in ("version", "sha256"):
            one, other = (r.get(name, {}).get(key, "") for r in (then, now))
            if one != other:
                found.append(f"{name}: {key} was {one[:12] or 'absent'}, is {other[:12] or 'absent'}")
    if then["answer"].get("sha256") != now["answer"]["sha256"]:
        one, other = then["answer"]["parts"], now["answer"]["parts"]
        parts = [key for key in dict.fromkeys([*one, *other]) if one.get(key) != other.get(key)]
        found.append(f"answer: the report differs in {', '.join(parts) or 'its form'}")
    return found
