"""How things look in a notebook. Private.

Every text is escaped; colours come from the page, so that it reads on light and on dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .types import (
    Cycle,
    DiagramNode,
    DriverDiagram,
    HoursStatement,
    LaunchChecklist,
    MemberPage,
    OnboardingChecklist,
    Phase,
    Record,
    ValueMatrix,
)

if TYPE_CHECKING:
    from .interop import ImportReport
    from .search import Facets, SearchHits
    from .tables import Results, Rows

#: Most rows, and most items of a list, that are shown.
ROWS = 20
ITEMS = 6
#: The most characters of a text in a cell.
TEXT = 120

BOX = "border:1px solid rgba(128,128,128,.4);border-radius:4px;padding:.2em .6em"
FAINT = "opacity:.65"
CELL = "text-align:left;vertical-align:top"
#: What every record has and few want to see first.
HEADER = {"id", "created_by", "created_at", "revised_at", "revision"}


def record(record: Record) -> str:
    """A record: its name and what it says."""
    kind = _words(record.record_kind)
    strip = phases(record) if isinstance(record, Cycle) else ""
    said = ((field.name, getattr(record, field.name)) for field in fields(record))
    rows = [(_words(name), _value(value)) for name, value in said if name not in HEADER and value not in (None, (), "")]
    rows.append(("made", f"{_value(record.created_at)}, last changed {_value(record.revised_at)}"))
    return f"<div><b>{kind}</b> <span style='{FAINT}'>{record.id}</span>{strip}{_pairs(rows)}</div>"


def phases(cycle: Cycle) -> str:
    """The strip of a cycle's phases: those behind it, the one it is in, and those to come."""
    open = cycle.phase in cycle.phases
    at = cycle.phases.index(cycle.phase) if open else len(cycle.phases)
    steps = []
    for place, phase in enumerate(cycle.phases):
        mark, style = ("✓ ", FAINT) if place < at else ("", "") if place > at else ("● ", "font-weight:bold")
        steps.append(f"<span style='{BOX};{style}'>{mark}{_value(phase)}</span>")
    decided = "" if cycle.decision is None else f" <b>{_value(cycle.decision.kind)}</b>"
    if cycle.phase == Phase.CLOSED:
        decided += f" <span style='{FAINT}'>closed</span>"
    return f"<div style='margin:.4em 0'>{' → '.join(steps)}{decided}</div>"


def table(results: Results[Any]) -> str:
    """Results, as many as fit."""
    return _objects(list(results[:ROWS]), len(results))


def listing(many: Any) -> str:
    """The first records of a list."""
    return _objects(list(islice(many.page(ROWS).items, ROWS)), len(many))


def hits(hits: SearchHits) -> str:
    """Hits with what they matched, and what else there is."""
    parts = [f"<div><b>{hits.total}</b> found, {len(hits)} shown</div>"]
    for each in hits.respelled:
        parts.append(f"<div style='{FAINT}'>{_text(each.word)} was read as {_value(each.read_as)}</div>")
    if hits.not_understood:
        parts.append(f"<div style='{FAINT}'>not understood: {_value(hits.not_understood)}</div>")
    for hit in hits:
        parts.append(
            f"<div style='margin:.5em 0'><b>{_text(hit.title)}</b> <span style='{FAINT}'>{_value(hit.kind)}</span>"
            # The core has escaped the passage and marked what matched.
            f"<div>{hit.snippet.html}</div></div>"
        )
    return f"<div>{''.join(parts)}{facets(hits.facets)}</div>"


def facets(facets: Facets) -> str:
    """What the matches are, most frequent first."""
    rows = []
    for name, values in facets.items():
        counts = [f"{_text(value)}&nbsp;<span style='{FAINT}'>{count}</span>" for value, count in values.items()]
        if counts:
            rows.append((_words(name), ", ".join(_few(counts))))
    return _pairs(rows)


def report(report: ImportReport) -> str:
    """What an import did, and what it noticed."""
    done = "would be written" if report.dry_run else "written"
    counts = [
        [kind, each.added, each.updated, each.deactivated, each.unchanged] for kind, each in report.records.items()
    ]
    parts = [f"<div><b>{report.changes}</b> records {done}</div>"]
    parts.append(_grid(["kind", "added", "updated", "deactivated", "unchanged"], counts, len(counts)))
    if report.skipped:
        skipped = [f"{_text(kind)}&nbsp;{count}" for kind, count in report.skipped.items()]
        parts.append(f"<div>left out on purpose: {', '.join(skipped)}</div>")
    issues = [[each.severity, each.file, each.row, each.field, each.code, each.detail] for each in report.issues]
    if issues:
        names = ["severity", "file", "row", "field", "code", "detail"]
        parts.append(_grid(names, issues, len(issues) + report.issues_left_off))
    return f"<div>{''.join(parts)}</div>"


def view(result: Rows) -> str:
    """One of the views."""
    if isinstance(result, DriverDiagram):
        return diagram(result)
    head = ""
    if isinstance(result, (LaunchChecklist, OnboardingChecklist)):
        head = f"<b>{'ready' if result.ready else 'not ready'}</b> on {result.on}"
    if isinstance(result, HoursStatement):
        hours = result.credited_minutes / 60
        head = f"<b>{hours:g} hours</b> count in {_text(result.school_year)}, of {result.minutes} minutes"
    if isinstance(result, ValueMatrix):
        head = f"<b>{result.stories}</b> stories, {len(result.without_value)} without a value"
    names = list(result._columns())
    rows = [[row.get(name) for name in names] for row in result._rows()]
    return f"<div>{head}{_grid(names, rows, len(rows))}</div>"


def diagram(diagram: DriverDiagram) -> str:
    """A driver diagram: the aim on the left, what serves it to the right."""
    said = diagram.statement
    parts = [] if said is None else [said.what, said.how_much, said.for_whom, said.by_when]
    lines = "".join(f"<div style='{FAINT}'>{_value(part)}</div>" for part in parts if part is not None)
    label = f"<b>Aim</b> {_text(diagram.title)}{lines}{_measures(diagram.measures)}"
    note = f"<div style='{FAINT}'>it is larger than what is shown</div>" if diagram.truncated else ""
    return f"<div style='overflow:auto'>{_branch(label, diagram.below)}{note}</div>"


def member_page(page: MemberPage) -> str:
    """A member's page."""
    profile = page.profile
    rows = [
        ("state", _value(profile.state)),
        ("teams", ", ".join(_text(team.name) for team in page.teams)),
        ("cycles", ", ".join(f"{_text(cycle.title)} ({_value(cycle.phase)})" for cycle in page.cycles)),
        ("stories", ", ".join(_text(story.title) for story in page.stories)),
    ]
    if page.school_year is not None:
        rows.append((page.school_year, "committed" if page.committed else "not committed"))
    if page.hours is not None:
        rows.append(("hours", f"{page.hours.credited_minutes / 60:g}"))
    return f"<div><b>{_text(profile.display)}</b>{_pairs([row for row in rows if row[1]])}</div>"


def _branch(label: str, below: Sequence[DiagramNode]) -> str:
    box = f"<div style='{BOX};margin:.2em;max-width:20em'>{label}</div>"
    inner = "".join(_branch(_node(node), node.below) for node in below)
    side = f"<div style='border-left:1px solid rgba(128,128,128,.4);padding-left:.6em'>{inner}</div>" if inner else ""
    return f"<div style='display:flex;align-items:center'>{box}{side}</div>"


def _node(node: DiagramNode) -> str:
    tests = "".join(
        f"<div style='{FAINT}'>{_value(test.kind)}: {_text(test.title)} ({_value(test.decision or test.phase)})</div>"
        for test in node.tests
    )
    return f"<b>{_value(node.kind)}</b> {_text(node.title)}{_measures(node.measures)}{tests}"


def _measures(measures: Iterable[Any]) -> str:
    return "".join(f"<div style='{FAINT}'>measured by {_text(measure.name)}</div>" for measure in measures)


def _objects(items: Sequence[Any], total: int) -> str:
    if not items:
        return "<div>nothing</div>"
    names = [field.name for field in fields(items[0]) if field.name not in HEADER]
    rows = [[getattr(item, name) for name in names] for item in items[:ROWS]]
    # A column that says nothing of any row takes the place of one that does.
    told = [place for place in range(len(names)) if any(row[place] not in (None, (), "") for row in rows)]
    return _grid([names[place] for place in told], [[row[place] for place in told] for row in rows], total)


def _grid(names: Sequence[str], rows: Sequence[Sequence[object]], total: int) -> str:
    head = "".join(f"<th style='{CELL}'>{_words(name)}</th>" for name in names)
    cells = (["".join((f"<td style='{CELL}'>", _value(value), "</td>")) for value in row] for row in rows[:ROWS])
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    more = f"<div style='{FAINT}'>{min(len(rows), ROWS)} of {total} shown</div>" if total > ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Names, and what is HTML already."""
    body = "".join(f"<tr><th style='{CELL}'>{name}</th><td style='{CELL}'>{value}</td></tr>" for name, value in rows)
    return f"<table><tbody>{body}</tbody></table>" if body else ""


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return _words(str(value.value))
    if isinstance(value, UUID):
        return f"<span title='{value}' style='{FAINT}'>…{str(value)[-6:]}</span>"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Mapping):
        return ", ".join(_few([f"{_text(key)}: {_value(each)}" for key, each in value.items()]))
    if isinstance(value, (tuple, list)):
        return ", ".join(_few([_value(each) for each in value]))
    if is_dataclass(value) and not isinstance(value, type):
        said = ((field.name, getattr(value, field.name)) for field in fields(value))
        return " ".join(_value(each) for _, each in said if each not in (None, (), ""))
    return _text(value)


def _few(items: list[str]) -> list[str]:
    return items if len(items) <= ITEMS else [*items[:ITEMS], f"and {len(items) - ITEMS} more"]


def _text(value: object) -> str:
    text = str(value)
    return escape(text if len(text) <= TEXT else f"{text[: TEXT - 1]}…")


def _words(code: str) -> str:
    return escape(code.strip("_").replace("_", " "))
