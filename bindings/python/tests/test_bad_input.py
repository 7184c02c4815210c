"""Whatever a caller gets wrong is an error of the right class that says what to do, and never a defect."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import copkit
import pytest

NAN, SURROGATE = float("nan"), "\ud800"


@pytest.fixture
def cop(tmp_path: Path):
    with copkit.create(tmp_path / "math.cop", "Math CoP") as cop:
        yield cop


@pytest.fixture
def host(cop: copkit.Community) -> copkit.Session:
    return cop.steward()


def refusal(call: Any) -> BaseException:
    """What the call raises: never a panic, which would say where in the source it was."""
    with pytest.raises((copkit.CopError, TypeError, ValueError, OverflowError)) as refused:
        call()
    assert not isinstance(refused.value, copkit.InternalError)
    assert ".rs" not in str(refused.value)
    assert "panic" not in str(refused.value).lower()
    return refused.value


def test_values_of_another_type(host: copkit.Session) -> None:
    team = host.teams.add(kind="project", name="UDL")
    measure = host.measures.define(team=team, name="Talks", unit="value", operational_definition="Talks.")
    period = ("2021-09-01", "2021-09-30")
    for number in (NAN, float("inf"), -float("inf"), 10**400, "many", [1]):
        error = refusal(lambda number=number: host.observations.record(measure=measure, period=period, value=number))
        assert isinstance(error, ValueError), number
    for text in (SURROGATE, f"a{SURROGATE}b", 7, b"bytes", ["a"], {"a": 1}, None):
        error = refusal(lambda text=text: host.members.add(given=text, family="Ruiz"))
        assert isinstance(error, (copkit.InvalidInputError, TypeError)), text
    for strange in (object(), {1, 2}, lambda: None, 1j, ...):
        refusal(lambda strange=strange: host.resources.add(kind="task", title="x", body=strange))
    for id in (SURROGATE, "", "7", 7, 7.5, None, object(), team.id.hex[:-1]):
        error = refusal(lambda id=id: host.teams.get(id))
        assert isinstance(error, copkit.InvalidInputError), id
    for text in (SURROGATE, 7, None, b"x", ["x"]):
        refusal(lambda text=text: host.search(text))
    for text in (7, None, b"x", ["x"]):
        refusal(lambda text=text: host.complete(text))
    assert not host.complete(f"fra{SURROGATE}")
    for limit in (-1, 10**30, "1", NAN, None, 10_001):
        refusal(lambda limit=limit: host.search("x", limit=limit))
        refusal(lambda limit=limit: host.resources.page(limit))
        refusal(lambda limit=limit: host.complete("fr", limit=limit))
    for columns in ([SURROGATE], [7], 7, ["title", ""]):
        refusal(lambda columns=columns: host.resources.table(columns))


def test_times_without_a_zone(host: copkit.Session) -> None:
    ana, bo = (host.members.add(given=given, family="Ruiz") for given in ("Ana", "Bo"))
    planned = host.convenings.plan(
        kind="workshop",
        title="x",
        starts=datetime(2021, 9, 14, 9),
        ends=datetime(2021, 9, 14, 11),
        time_zone="America/Los_Angeles",
        mode="in_person",
        place="x",
    )
    host.convenings.schedule(planned)
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.attendances.record(convening=planned, member=ana, check_in=datetime(2021, 9, 14, 9))
    assert refused.value.problems[0].field == "check_in"
    aware = datetime(2021, 9, 14, 16, tzinfo=timezone.utc)
    assert host.attendances.record(convening=planned, member=bo, check_in=aware).check_in == aware
    # And the other way round, where clocks are meant.
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.convenings.revise(planned, starts=aware)
    assert refused.value.problems[0].field == "starts"
    for nonsense in ("yesterday", 7, NAN, "2021-13-01T00:00:00"):
        refusal(lambda nonsense=nonsense: host.convenings.revise(planned, starts=nonsense))


def test_progress_that_is_none(host: copkit.Session) -> None:
    lines = b'{"id": "t:1", "title": "x", "type": "task", "url": "https://example.org"}'
    for progress in (7, "x", lambda: None, lambda done, total: "go on"):
        with pytest.raises((TypeError, ValueError)):
            host.import_resources(lines, progress=progress)  # type: ignore[arg-type]
    assert len(host.resources) == 0


def test_a_bar_goes_to_its_end(host: copkit.Session) -> None:
    tqdm = pytest.importorskip("tqdm")
    ops = [("add_member", {"given": f"Ana {n}", "family": "Ruiz"}) for n in range(300)]
    with tqdm.tqdm(file=io.StringIO()) as bar:
        host.batch(ops, progress=bar)
        assert (bar.n, bar.total) == (300, 300)


def test_files_that_are_not_there(cop: copkit.Community, host: copkit.Session, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        host.import_case(tmp_path / "nowhere.json")
    for path in (tmp_path / "nowhere.cop", tmp_path, f"{tmp_path}/a\0b", tmp_path / "no" / "such" / "folder.cop"):
        assert isinstance(refusal(lambda path=path: copkit.open(path)), (OSError, ValueError))
    for path in (tmp_path, tmp_path / "no" / "such" / "folder.cop"):
        refusal(lambda path=path: copkit.create(path, "x"))
    for path in (7, None, object()):
        with pytest.raises(TypeError):
            copkit.open(path)  # type: ignore[arg-type]
    with pytest.raises(copkit.InvalidInputError):
        copkit.create(tmp_path / "new.cop", "")
    assert not (tmp_path / "new.cop").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="skipped: an open file cannot be deleted there")
def test_a_file_that_is_deleted_while_it_is_open(tmp_path: Path) -> None:
    path = tmp_path / "gone.cop"
    cop = copkit.create(path, "Math CoP")
    cop.steward().members.add(given="Ana", family="Ruiz")
    for file in tmp_path.glob("gone.cop*"):
        if file.is_file():
            file.unlink()
    try:
        cop.steward().members.add(given="Bo", family="Nguyen")
        len(cop.steward().members)
        cop.steward().search("x")
    except copkit.CopError as error:
        assert not isinstance(error, copkit.InternalError)  # noqa: PT017
    cop.shutdown()
    with pytest.raises(copkit.IoError):
        copkit.open(path)


def test_handles_that_are_closed(tmp_path: Path) -> None:
    cop = copkit.create(tmp_path / "math.cop", "Math CoP")
    host = cop.steward()
    listing = host.resources.list(kind="task")
    table = host.resources.table()
    hits = host.search("x")
    cop.shutdown()
    for call in (
        lambda: list(listing),
        lambda: len(listing),
        lambda: bool(host.members),
        listing.table,
        lambda: host.transaction().__enter__(),
        lambda: host.participation_levels("2021-09-01"),
        lambda: host.import_resources(b""),
        lambda: host.member_page("7" * 32),
    ):
        with pytest.raises(copkit.PreconditionError, match="open it again") as refused:
            call()
        assert refused.value.code == "handle.closed"
    # What was read stays.
    assert (len(table), len(hits), hits.total) == (0, 0, 0)


HOLD = """
import sys, copkit
with copkit.open(sys.argv[1]) as cop, cop.steward().transaction() as tx:
    tx.members.add(given="Ana", family="Ruiz")
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_another_process_holds_the_file(cop: copkit.Community, host: copkit.Session, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "math.cop")]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    assert len(host.members) == 0, "reading goes on"
    with pytest.raises(copkit.BusyError) as refused:
        host.members.add(given="Bo", family="Nguyen")
    assert isinstance(refused.value, TimeoutError)
    other.stdin.write("\n")
    other.stdin.close()
    assert other.wait(timeout=30) == 0
    other.stdout.close()
    host.members.add(given="Bo", family="Nguyen")
    assert len(host.members) == 2


IMPORT = """
import signal, sys, copkit
# Who starts the tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
with copkit.open(sys.argv[1]) as cop:
    def told(done, total):
        if done > total // 10:
            print("begun", flush=True)
    try:
        cop.steward().import_resources(sys.argv[2], progress=told)
    except KeyboardInterrupt:
        sys.exit(7 if len(cop.steward().resources) == 0 else 8)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="skipped: no SIGINT for one process there")
def test_control_c_stops_an_import_with_nothing_written(cop: copkit.Community, tmp_path: Path) -> None:
    file = tmp_path / "resources.jsonl"
    line = {"title": "Tarea", "type": "task", "url": "https://example.org"}
    file.write_text("\n".join(json.dumps({**line, "id": f"t:{n}"}) for n in range(20_000)), encoding="utf-8")
    command = [sys.executable, "-c", IMPORT, str(tmp_path / "math.cop"), str(file)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "begun\n"
    other.send_signal(signal.SIGINT)
    _, said = other.communicate(timeout=60)
    assert other.returncode == 7, said
    assert len(cop.steward().resources) == 0


def test_control_c_stops_a_table(host: copkit.Session) -> None:
    host.batch([("add_member", {"given": f"Ana {n}", "family": "Ruiz"}) for n in range(3_000)])
    main = threading.get_ident()

    def interrupt() -> None:
        time.sleep(0.05)
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012
            thread.start()
            for _ in range(10_000):
                host.members.table()
    finally:
        signal.signal(signal.SIGINT, before)
        thread.join()


def test_pythons_own_sqlite_is_kept_away(tmp_path: Path) -> None:
    path = tmp_path / "math.cop"
    link = tmp_path / "link.cop"
    with copkit.create(path, "Math CoP") as cop:
        os.symlink(path, link)
        for name in (str(path), path, f"file:{path}", f"file:{path}?mode=ro", str(link), os.fsencode(path)):
            with pytest.raises(copkit.UnsupportedError, match="immutable=1") as refused:
                sqlite3.connect(name, uri=True)
            assert refused.value.code == "sqlite.second_copy"
        sqlite3.connect(f"file:{path}?immutable=1", uri=True).close()
        sqlite3.connect(":memory:").close()
        sqlite3.connect(tmp_path / "other.db").close()
        members = cop.steward().members
    sqlite3.connect(path).close()
    # It is open as long as anything of it is at hand.
    members = copkit.open(path).steward().members
    with pytest.raises(copkit.UnsupportedError):
        sqlite3.connect(path)
    assert len(members) == 0
    del members
    sqlite3.connect(path).close()


def test_importing_brings_nothing_along() -> None:
    code = (
        "import sys, copkit; print(*{'polars', 'pandas', 'pyarrow', 'numpy', 'altair', 'networkx', 'sqlite3'}"
        " & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.split() == []
