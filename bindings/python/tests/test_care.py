"""Looking after a file: letting go of it, copies, checks, damage, and waiting for what others write."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import copkit
import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "math.cop"


@pytest.fixture
def cop(path: Path):
    with copkit.create(path, "Math CoP") as cop:
        yield cop


def held(folder: Path) -> list[str]:
    """The files of a folder that this process has open or mapped."""
    found = []
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except FileNotFoundError:
            continue
    found += [line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()]
    return [each for each in found if each.startswith(str(folder))]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="skipped: no /proc here")
def test_a_suspended_community_holds_nothing(cop: copkit.Community, path: Path) -> None:
    me = cop.as_member(cop.steward().members.add(given="Ana", family="Ruiz"))
    task = me.resources.add(kind="task", title="Fraction strips", body="Fold.", published=True)
    cop.catch_up()
    assert me.search("fraction").total == 1
    assert held(path.parent)
    cop.suspend()
    assert cop.suspended
    assert held(path.parent) == []
    # All of it is in the one file.
    assert sorted(each.name for each in path.parent.iterdir()) == ["math.cop", "math.cop-index"]
    for call in (me.search, cop.about, cop.head, cop.checksum, lambda: me.resources.get(task)):
        with pytest.raises(copkit.InterruptedCallError) as refused:
            call()
        assert refused.value.code == "store.suspended"
    assert held(path.parent) == []
    cop.resume()
    assert not cop.suspended
    assert me.resources.get(task) == task
    assert me.search("fraction").total == 1


def test_what_is_under_way_is_interrupted_or_waited_for(cop: copkit.Community) -> None:
    host = cop.steward()
    begun = threading.Event()
    refused: list[BaseException] = []

    def write() -> None:
        people = [("add_member", {"given": f"P{n}", "family": "Test"}) for n in range(50_000)]
        try:
            host.batch(people, progress=lambda done, total: begun.set())
        except copkit.CopError as error:
            refused.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    cop.suspend(10)
    writer.join()
    assert [type(error) for error in refused] == [copkit.InterruptedCallError]
    cop.resume()
    assert len(host.members) == 0

    def half() -> None:
        with host.transaction() as tx:
            tx.members.add(given="Half", family="Way")
            with pytest.raises(copkit.BusyError):
                cop.suspend(0.02)

    with pytest.raises(copkit.InterruptedCallError):
        half()
    cop.resume()
    assert len(host.members) == 0


def test_a_copy_takes_the_place_of_a_damaged_file(cop: copkit.Community, path: Path) -> None:
    host = cop.steward()
    for n in range(100):
        host.resources.add(kind="task", title=f"T{n}", body="text " * 200)
    backup = path.with_name("backup.cop")
    checksum = cop.copy_to(backup)
    with pytest.raises(copkit.AlreadyExistsError):
        cop.copy_to(str(backup))
    assert cop.check() == copkit.Health(damage=(), derived=0)
    cop.shutdown()
    damaged = bytearray(path.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 40_960] = b"\7" * 40_960
    path.write_bytes(damaged)
    try:
        with copkit.open(path) as bad:
            assert not bad.check().is_good
    except copkit.CorruptError:
        pass
    aside = copkit.set_aside(path)
    assert aside == path.with_name("math.cop.damaged-1")
    assert aside.read_bytes() == damaged
    assert not path.exists()
    backup.rename(path)
    with copkit.open(path) as good:
        assert good.checksum() == checksum
        assert good.check().is_good
    with pytest.raises(copkit.IoError):
        copkit.set_aside(path.with_name("none.cop"))


def test_derived_data_is_made_anew(cop: copkit.Community, path: Path) -> None:
    cop.steward().members.add(given="Ana", family="Ruiz", emails="ana@example.org")
    cop.shutdown()
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM lookup WHERE key LIKE 'email:%'")
    raw.commit()
    raw.close()
    with copkit.open(path) as again:
        assert again.check() == copkit.Health(damage=(), derived=1)
        assert again.repair() == 1
        assert again.check().is_good


def test_who_waits_hears_of_another_process(cop: copkit.Community, path: Path) -> None:
    seen = cop.head()
    code = "import copkit, sys; copkit.open(sys.argv[1]).steward().members.add(given='Ana', family='Ruiz')"
    other = subprocess.Popen([sys.executable, "-c", code, str(path)])
    # Other threads run meanwhile.
    counted = 0
    heard: list[int] = []
    waiter = threading.Thread(target=lambda: heard.append(cop.wait_for_changes(seen, timeout=60)))
    waiter.start()
    while waiter.is_alive():
        counted += 1
        time.sleep(0.001)
    assert other.wait() == 0
    assert heard[0] > seen
    assert counted > 10
    assert cop.wait_for_changes(seen, timeout=-1) == heard[0]
    assert cop.wait_for_changes(heard[0], timeout=0) == heard[0]


WAITING = """
import signal, copkit
# Who starts the tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
with copkit.in_memory("Math CoP") as cop:
    print("waiting", flush=True)
    try:
        cop.wait_for_changes(cop.head())
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="skipped: no SIGINT for one process there")
def test_control_c_ends_waiting() -> None:
    other = subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "waiting\n"
    time.sleep(0.2)
    other.send_signal(signal.SIGINT)
    said, _ = other.communicate(timeout=60)
    assert (said, other.returncode) == ("stopped\n", 0)


def test_shutting_down_ends_waiting(cop: copkit.Community) -> None:
    refused: list[BaseException] = []

    def wait() -> None:
        try:
            cop.wait_for_changes(cop.head())
        except copkit.CopError as error:
            refused.append(error)

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.3)
    cop.shutdown()
    waiter.join(30)
    assert [error.code for error in refused] == ["handle.closed"]
