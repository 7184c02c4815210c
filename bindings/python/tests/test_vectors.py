"""Runs the conformance vectors that all languages share, through the typed face wherever it takes their arguments."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import copkit
import pytest
from copkit import _native
from face import FACE, collection, unfolded, verb

FOLDER = Path(__file__).parents[3] / "tests" / "vectors"
VECTORS = sorted(path for path in FOLDER.glob("*.json") if path.name != "api.json")

SEARCH = {
    name + "s": name
    for name in (
        "record",
        "kind",
        "grade",
        "subject",
        "standard",
        "language",
        "team",
        "school_year",
    )
}


def plain(value: Any) -> Any:
    """A record as the core's JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name.rstrip("_"): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple, copkit.Results)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, datetime):
        text = value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
        return text.replace("+00:00", "Z")
    return str(value) if isinstance(value, (UUID, date)) else value


def plain_hit(hit: copkit.SearchHit) -> dict[str, Any]:
    def byte(character: int) -> int:
        return len(hit.snippet.text[:character].encode())

    highlights = [{"start": byte(start), "end": byte(end)} for start, end in hit.snippet.highlights]
    return {**plain(hit), "snippet": {**plain(hit.snippet), "highlights": highlights}}


def run(session: copkit.Session, op: str, args: dict[str, Any]) -> Any:
    if op in ("get", "history", "list"):
        records = collection(session, args["kind"])
        if op == "get":
            return plain(records.get(args["id"]))
        if op == "history":
            return plain(records.history(args["id"]))
        listing = records.list(**args.get("filter", {}))
        return plain(listing.page(args.get("limit", 100), args.get("after")))
    if op == "search":
        hits = session.search(**{SEARCH.get(name, name): value for name, value in args.items()})
        facets = {
            name: [{"value": value, "count": count} for value, count in counts.items()]
            for name, counts in hits.facets.items()
        }
        found = [plain_hit(hit) for hit in hits]
        return {
            "total": hits.total,
            "hits": found,
            "facets": facets,
            "not_understood": list(hits.not_understood),
            "next": hits.next,
        }
    if op in FACE:
        return plain(verb(session, op)(**unfolded(op, args)))
    return plain(session.apply(op, args))


def filled(value: Any, saved: dict[str, Any]) -> Any:
    """`value` with every ``$name.field`` replaced."""
    if isinstance(value, dict):
        return {key: filled(each, saved) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, saved) for each in value]
    if isinstance(value, str):
        return re.sub(r"\$(\w+)((?:\.\w+)+)", lambda found: str(looked_up(saved[found[1]], found[2])), value)
    return value


def looked_up(value: Any, path: str) -> Any:
    """What ``.items.0.id`` names in `value`."""
    for step in path.split(".")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def differs(expected: Any, got: Any, path: str = "") -> str | None:
    if isinstance(expected, dict) and isinstance(got, dict):
        each = (differs(value, got.get(key), f"{path}.{key}") for key, value in expected.items())
        return next(filter(None, each), None)
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        each = (differs(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(expected, got, strict=True)))
        return next(filter(None, each), None)
    return None if expected == got else f"{path}: expected {expected!r}, got {got!r}"


def failures(vector: dict[str, Any]) -> list[str]:
    cop = copkit.Community(_native.scripted(vector["name"], vector["clock"], vector["id_seed"]))
    saved: dict[str, Any] = {}
    failed = []
    with cop:
        for number, raw in enumerate(vector["steps"]):
            step = filled(raw, saved)
            try:
                who = {"host": cop.steward, "guest": cop.as_guest}.get(step["as"])
                session = who() if who else cop.as_member(step["as"])
                got = run(session, step["op"], step.get("args", {}))
            except copkit.CopError as error:
                problems = [problem._asdict() for problem in error.problems]
                got = {"kind": error.kind, "code": error.code, "problems": problems}
                problem = differs(step["err"], got) if "err" in step else f"refused: {error}"
            else:
                problem = differs(step["ok"], got) if "ok" in step else "was accepted"
                saved[step.get("save", "")] = got
            if problem:
                failed.append(f"step {number} {step['op']}: {problem}")
    return failed


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    failed = failures(vector)
    with capsys.disabled():
        print(f"\n{path.name}: {len(vector['steps']) - len(failed)} passed, {len(failed)} failed")
    assert not failed, "\n".join(failed)


def test_there_are_vectors_and_the_face_has_every_operation() -> None:
    assert VECTORS
    # Communities are founded with `copkit.create`, which is not something that a session does.
    assert set(_native.OPS) - set(FACE) == {"found_community"}
