"""Importers: what they take, what they do, and what they answer with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from . import _native, _wire
from ._frozen import dataclass
from .tables import Results, Tabular
from .types import Visibility

__all__ = ["Bar", "File", "ImportCounts", "ImportIssue", "ImportReport", "Importing", "OnProgress"]

#: A file: its path, or its content.
File: TypeAlias = bytes | str | PathLike[str]

#: Is told the steps done and the steps in all, now and then; answers ``False`` to stop, and nothing is written.
OnProgress: TypeAlias = Callable[[int, int], bool | None]


class Bar(Protocol):
    """A bar that shows progress, such as ``tqdm.auto.tqdm(unit="row")``."""

    #: How far it is.
    n: Any
    #: How many steps there are.
    total: Any

    def update(self, n: int) -> object:
        """Goes on by so many steps."""
        ...


def told(progress: OnProgress | Bar | None) -> OnProgress | None:
    """What is told of the progress."""
    bar: Any = progress
    if not hasattr(bar, "update"):
        told: OnProgress | None = bar
        return told

    def go_on(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return go_on


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
class ImportReport(Tabular):
    """What an import did, or, after a dry run, would do. Prints as a table; as a table it is its issues."""

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

    def _table(self, columns: Iterable[str] | str | None) -> _native.Table:
        return Results(ImportIssue, self.issues)._table(columns)

    def _repr_html_(self) -> str:
        from . import _html

        return _html.report(self)

    @property
    def changes(self) -> int:
        """How many records were written, or would be.

        >>> host.import_resources(b'{"title": "no id"}').changes
        0
        """
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


class Importing:
    """The importers of a session."""

    __slots__ = ()

    _native: _native.Session

    def import_oneroster(
        self,
        file: File,
        *,
        source: str | None = None,
        mass_deactivation_limit: int | None = None,
        dry_run: bool = False,
        progress: OnProgress | Bar | None = None,
    ) -> ImportReport:
        r"""Imports organizations, staff and affiliations from a OneRoster 1.1 or 1.2 archive; never students.

        `source` names the roster system, so that records of different sources are never confused. The import
        is refused when more than `mass_deactivation_limit` percent (20 unless said) of the people known from
        the source would be deactivated.

        >>> import io, zipfile
        >>> with zipfile.ZipFile(archive := io.BytesIO(), "w") as roster:
        ...     roster.writestr("manifest.csv", "propertyName,value\nfile.orgs,bulk\nfile.users,bulk\n")
        ...     roster.writestr("orgs.csv", "sourcedId,name,type\ns1,Oak School,school\n")
        ...     roster.writestr(
        ...         "users.csv",
        ...         "sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName\n"
        ...         "u1,true,s1,teacher,Cy,Ochoa\nu2,true,s1,student,Kim,Child\n",
        ...     )
        >>> report = host.import_oneroster(archive.getvalue(), source="north")
        >>> report.records["member"].added, report.skipped
        (1, {'students': 1})
        """
        options = {"source": source, "mass_deactivation_limit": mass_deactivation_limit}
        return self._import("oneroster", file, options, dry_run, progress)

    def import_case(
        self, file: File, *, dry_run: bool = False, progress: OnProgress | Bar | None = None
    ) -> ImportReport:
        """Imports a framework of standards from a CASE package (JSON).

        >>> import json
        >>> item = {"identifier": "x:2", "humanCodingScheme": "3.NF.A.2", "fullStatement": "Place thirds."}
        >>> package = {"CFDocument": {"identifier": "x:1", "title": "Mathematics"}, "CFItems": [item]}
        >>> host.import_case(json.dumps(package).encode()).records["standard"].added
        1
        """
        return self._import("case", file, {}, dry_run, progress)

    def import_ca_directory(
        self,
        file: File,
        *,
        repair_cds: bool = False,
        dry_run: bool = False,
        progress: OnProgress | Bar | None = None,
    ) -> ImportReport:
        r"""Imports California's counties, districts and schools from an entities file.

        `repair_cds` puts back the leading zeros that a spreadsheet ate, and reports each.

        >>> header = "County Code^District Code^School Code^Type ID^Filler^Test Year^County Name^District Name"
        >>> lines = f"{header}^School Name^Zip Code\n00^00000^0000000^4^^2025^State Of California^^^\n"
        >>> host.import_ca_directory(lines.encode()).records["organization"].added
        1
        """
        return self._import("ca_directory", file, {"repair_cds": repair_cds}, dry_run, progress)

    def import_resources(
        self,
        file: File,
        *,
        visibility: Visibility | str | None = None,
        dry_run: bool = False,
        progress: OnProgress | Bar | None = None,
    ) -> ImportReport:
        """Imports resources from JSON Lines; `visibility` is for lines that do not say (the community).

        >>> line = b'{"id": "t:1", "title": "Dot cards", "type": "task", "url": "https://example.org/1"}'
        >>> host.import_resources(line).records["resource"].added, host.import_resources(line).changes
        (1, 0)
        """
        return self._import("resources", file, {"visibility": visibility}, dry_run, progress)

    def _import(
        self, format: str, file: File, options: dict[str, Any], dry_run: bool, progress: OnProgress | Bar | None
    ) -> ImportReport:
        content = file if isinstance(file, bytes) else Path(file).read_bytes()
        given = {**_wire.given(options), "mode": "dry_run" if dry_run else "apply"}
        answer = self._native.import_from(format, content, _wire.dumps(given), told(progress))
        return report(*_wire.loads(answer))
