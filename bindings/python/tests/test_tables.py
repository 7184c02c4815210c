"""Every list and every result is a table, with the right types, and is what the records say."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import date, datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import copkit
import pytest
from copkit import _columns, _native, _wire
from face import collection

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "notebooks"))
import sample

pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")
KINDS = sorted(set(_native.FIELDS) - {"community"})


@pytest.fixture(scope="module")
def cop():
    with sample.community() as cop:
        host = cop.steward()
        framework = host.frameworks.add(identifier="x:1", title="Mathematics", extra={"a": [1, None, "é"]})
        host.standards.add(framework=framework, identifier="x:2", statement="Thirds.", code="3.NF.A.2")
        ends = copkit.NodeRef("x:2"), copkit.NodeRef("x:3", title="<b>")
        host.associations.add(
            framework=framework, identifier="x:9", kind="precedes", origin=ends[0], destination=ends[1]
        )
        one, other = list(host.members)[:2]
        cop.as_member(one).mentorships.propose(kind="mentoring", mentor=one, mentee=other)
        observed = host.observations.list().first()
        assert observed is not None
        host.observations.correct(observed, reason="recuento", numerator=12, denominator=52)
        host.members.add(given="Núria", family="𠮷", emails="n@example.org", external_ids={"x": "1"})
        yield cop


def plain(value: Any) -> Any:
    """What a table has in place of a value."""
    if isinstance(value, (UUID, Enum)):
        return str(value.value if isinstance(value, Enum) else value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name.rstrip("_"): plain(getattr(value, field.name)) for field in fields}
    return value


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_says_what_the_records_say(cop: copkit.Community, kind: str) -> None:
    first = cop.steward().members.list().first()
    assert first is not None
    seen = 0
    for session in (cop.steward(), cop.as_member(first), cop.as_guest()):
        many = collection(session, kind)
        found = many.to_polars()
        assert found.columns == [*(field.name for field in dataclasses.fields(copkit.Record)), *_native.FIELDS[kind]]
        rows = found.to_dicts()
        for row, record in zip(rows, many, strict=True):
            said = plain(record)
            for name, value in row.items():
                if isinstance(said[name], dict) and name == "extra":
                    value = _wire.loads(value)
                assert value == said[name], name
        assert len(many) == len(rows)
        assert bool(many) is (len(rows) > 0)
        seen = max(seen, len(rows))
    assert seen > 0, "the sample has some"


def test_columns_have_types(cop: copkit.Community) -> None:
    host = cop.steward()
    schema = host.convenings.to_polars().schema
    assert schema["kind"] == pl.Categorical
    assert schema["starts_at"] == schema["created_at"] == pl.Datetime("us", "UTC")
    assert schema["starts"] == pl.Datetime("us"), "on the clocks of its zone"
    assert schema["teams"] == schema["topics"] == pl.List(pl.String)
    assert schema["series"] == pl.Struct({"name": pl.String, "index": pl.Int64})
    assert host.resources.to_polars().schema["published_on"] == pl.Date
    assert host.observations.to_polars().schema["numerator"] == pl.Float64
    assert host.measures.to_polars().schema["student_counts"] == pl.Boolean
    frame = host.attendances.to_pandas(["minutes", "status", "created_at"])
    assert [str(kind) for kind in frame.dtypes] == ["Int64", "category", "datetime64[us, UTC]"]
    assert str(host.resources.to_pandas("published_on").dtypes["published_on"]).startswith("datetime64[")
    # An empty table has its types all the same.
    assert cop.as_guest().convenings.to_polars().schema == schema
    assert cop.as_guest().convenings.to_arrow().schema.field("kind").type == pa.dictionary(pa.int32(), pa.string())


def test_every_result_is_a_table(cop: copkit.Community) -> None:
    host = cop.steward()
    ana = host.members.list().first()
    team = host.teams.list().first()
    task = host.resources.list().first()
    aim = host.goals.list(kind="aim").first()
    assert None not in (ana, team, task, aim)
    year = sample.school_year(sample.FIRST)
    results = {
        "page": host.resources.page(3),
        "listing": host.resources.list(kind="task"),
        "hits": host.search("fractions"),
        "completions": host.complete("fra"),
        "history": host.history(task),
        "audit": host.audit(task),
        "hours": host.hours(ana, year),
        "levels": host.participation_levels(date.today()),
        "series": host.participation_series(ana, "2021-07-01", "2021-09-01"),
        "participation": host.participation(ana, date.today()),
        "diagram": host.driver_diagram(aim),
        "archive": host.session_archive(),
        "launch": host.launch_checklist(team),
        "onboarding": host.onboarding_checklist(ana),
        "values": host.value_matrix(),
        "requests": host.join_requests(),
        "report": host.import_resources(b'{"title": "no id"}', dry_run=True),
    }
    for name, result in results.items():
        assert isinstance(result, copkit.Tabular)
        table = result.table()
        frame = pl.DataFrame(result)
        assert (frame.columns, frame.height) == (list(table.columns), len(table)), name
        assert frame.height > 0 or name == "requests", name
        assert result.to_pandas().shape == frame.shape
        assert result.to_arrow(frame.columns[:1]).column_names == frame.columns[:1]
    hours = results["hours"].to_polars()
    assert hours["minutes"].sum() == results["hours"].minutes > 0
    diagram = results["diagram"].to_polars()
    assert diagram.filter(pl.col("parent").is_null())["kind"].to_list() == ["aim"]
    assert results["hits"].to_polars().schema["kind"] == pl.Categorical


def test_a_table_that_is_ready_is_shared_and_not_copied(cop: copkit.Community) -> None:
    table = cop.steward().resources.table(["title", "kind", "grades", "created_at"])

    def addresses(taken: Any) -> list[int]:
        columns = [taken.column(name).chunk(0) for name in taken.column_names]
        return [buffer.address for column in columns for buffer in column.buffers() if buffer is not None]

    first, second = pa.table(table), pa.table(table)
    assert addresses(first) == addresses(second)
    assert len(set(addresses(first))) >= 6
    # Polars keeps texts in another form, and shares what it has in the same.
    shared = pa.table(pl.DataFrame(table).select("created_at"))
    assert addresses(shared) == addresses(first.select(["created_at"]))
    narrow = pa.table(table.table(["created_at", "title"]))
    assert set(addresses(narrow)) < set(addresses(first))
    assert narrow.column_names == ["created_at", "title"]
    del table, first
    assert second.column("title").to_pylist()[0] == "Fraction strips", "it outlives the table"


def test_polars_needs_nothing_else() -> None:
    code = """
import sys
sys.modules["pyarrow"] = sys.modules["pandas"] = None
import copkit
with copkit.in_memory("Math CoP") as cop:
    cop.steward().members.add(given="Ana", family="Ruiz")
    assert cop.steward().members.to_polars("display").rows() == [("Ana Ruiz",)]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_duckdb_takes_lists_and_tables(cop: copkit.Community) -> None:
    duckdb = pytest.importorskip("duckdb")
    resources = cop.steward().resources  # noqa: F841 (DuckDB finds it by its name)
    assert duckdb.sql("select count(*) from resources where kind = 'task'").fetchall() == [(2,)]


def test_columns_that_are_not_there_are_named(cop: copkit.Community) -> None:
    host = cop.steward()
    for many in (host.resources, host.search("fractions"), host.resources.table()):
        with pytest.raises(copkit.InvalidInputError, match="title") as refused:
            many.table(["title", "color", "colour"])
        assert [(it.field, it.code) for it in refused.value.problems] == [
            ("columns[1]", "scan.field"),
            ("columns[2]", "scan.field"),
        ]
        with pytest.raises(copkit.InvalidInputError):
            many.table([])
    with pytest.raises(copkit.InvalidInputError) as refused:
        host._native.table('{"kind": "team", "filter": {}}', '[["color", "text"]]')
    assert refused.value.problems[0].code == "scan.field"


def test_what_does_not_fit_a_column_is_an_error(cop: copkit.Community) -> None:
    with pytest.raises(copkit.InternalError):
        cop.steward()._native.table('{"kind": "team", "filter": {}}', '[["name", "int"]]')
    with pytest.raises(copkit.InternalError):
        _native.table_of('[["n", "int"]]', "[{")


def test_results_read_like_tuples(cop: copkit.Community) -> None:
    import pickle

    levels = cop.steward().participation_levels(date.today())
    again = pickle.loads(pickle.dumps(levels))
    assert again == levels
    assert levels == tuple(levels)
    assert levels == list(levels)
    assert hash(again) == hash(levels)
    assert (levels[0] in levels, levels[-1:] == (levels[-1],), repr(levels)[:16]) == (True, True, "[Participation(m")
    assert again.to_polars().equals(levels.to_polars())
    assert levels[0].numbers.contributions.total >= 0
    assert len(levels[:2]) == 2


def test_every_dataclass_has_columns() -> None:
    for record in _wire.RECORDS.values():
        assert _columns.columns(record)["id"] == "id"
    assert _columns.columns(copkit.Cycle)["predictions"]["list"]["struct"][0] == ["id", "id"]


def test_a_moment_is_a_moment(cop: copkit.Community) -> None:
    first = cop.steward().resources.to_polars("created_at")["created_at"][0]
    assert abs(datetime.now(timezone.utc) - first).days < 1
