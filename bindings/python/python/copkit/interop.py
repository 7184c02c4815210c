"""What importers take and answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, TypeAlias

from . import _wire

__all__ = ["File", "ImportCounts", "ImportIssue", "ImportReport", "OnProgress"]

#: A file: its path, or its content.
File: TypeAlias = bytes | str | PathLike[str]

#: Is told the steps done and the steps in all, now and then; answers ``False`` to stop, and nothing is written.
OnProgress: TypeAlias = Callable[[int, int], bool | None]


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How many records of one kind an import touched, each counted once."""

    added: int
    updated: int
    #: Those that the source no longer has: ended or closed, never deleted.
    deactivated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ImportIssue:
    """Something an import noticed: rows, fields and codes, never a person."""

    #: ``note``, ``warning`` (the row was taken without something) or ``error`` (the row was left out).
    severity: str
    file: str
    #: The line, from 1, where the header is line 1.
    row: int | None
    field: str | None
    #: What, as a code that stays the same for ever, such as ``csv.ragged_row``.
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or, after a dry run, would do. Prints as a table."""

    dry_run: bool
    #: For each kind of record: ``report.records["member"].added``.
    records: dict[str, ImportCounts]
    #: Rows left out on purpose, by what they were.
    skipped: dict[str, int]
    #: Files of an archive that were not even opened.
    not_opened: tuple[str, ...]
    issues: tuple[ImportIssue, ...]
    #: How many more issues there were.
    issues_left_off: int
    _text: str = field(repr=False)

    @property
    def changes(self) -> int:
        """How many records were written, or would be."""
        return sum(each.added + each.updated + each.deactivated for each in self.records.values())

    def __str__(self) -> str:
        return self._text


def report(raw: Mapping[str, Any], text: str) -> ImportReport:
    """The report out of its JSON and its text."""
    return ImportReport(
        dry_run=raw["mode"] == "dry_run",
        records={kind: _wire.build(ImportCounts, counts) for kind, counts in raw["records"].items()},
        skipped=raw["skipped"],
        not_opened=tuple(raw["not_opened"]),
        issues=tuple(_wire.build(ImportIssue, issue) for issue in raw["issues"]),
        issues_left_off=raw["issues_left_off"],
        _text=text,
    )
