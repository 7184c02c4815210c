"""Several operations that are written together."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import copkit
import pytest


@pytest.fixture
def cop(tmp_path: Path):
    with copkit.create(tmp_path / "math.cop", "Math CoP") as cop:
        yield cop


def test_all_of_it_is_written_and_sees_itself(cop: copkit.Community) -> None:
    host = cop.steward()
    with host.transaction() as tx:
        team = tx.teams.add(kind="project", name="UDL")
        ana = tx.members.add(given="Ana", family="Ruiz")
        tx.memberships.add(team=team, member=ana, roles="lead")
        assert tx.teams.get(team) == team
        assert team in tx.teams
        assert (tx.member_id, tx.record(team)) == (None, team)
        assert len(host.members) == 0, "nobody else sees it yet"
    assert [member.id for member in host.members] == [ana.id]
    assert len(host.memberships) == 1


def test_nothing_of_it_is_written(cop: copkit.Community) -> None:
    host, head = cop.steward(), cop.head()

    def write(error: type[BaseException]) -> None:
        with host.transaction() as tx:
            tx.members.add(given="Ana", family="Ruiz")
            raise error

    for error in (ZeroDivisionError, KeyboardInterrupt, GeneratorExit):
        with pytest.raises(error):
            write(error)
    assert cop.head() == head
    assert len(host.members) == 0


def test_a_refusal_one_catches_leaves_the_rest(cop: copkit.Community) -> None:
    with cop.steward().transaction() as tx:
        tx.members.add(given="Ana", family="Ruiz")
        with pytest.raises(copkit.InvalidInputError):
            tx.members.add(given="", family="")
        tx.members.add(given="Bo", family="Nguyen")
    assert len(cop.steward().members) == 2


def test_it_is_over_when_it_is_over(cop: copkit.Community) -> None:
    with cop.steward().transaction() as tx:
        pass
    with pytest.raises(copkit.PreconditionError, match="begin another") as refused:
        tx.members.add(given="Ana", family="Ruiz")
    assert refused.value.code == "transaction.ended"


def test_lists_and_searches_are_for_the_session_itself(cop: copkit.Community) -> None:
    with cop.steward().transaction() as tx:
        for call in (lambda: list(tx.members), lambda: tx.search("x"), lambda: tx.members.table()):
            with pytest.raises(copkit.UnsupportedError) as refused:
                call()
            assert refused.value.code == "transaction.unsupported"


def test_guests_do_not_write(cop: copkit.Community) -> None:
    with pytest.raises(copkit.NotPermittedError), cop.as_guest().transaction():
        raise AssertionError("it does not begin")


def test_one_that_is_left_lying_writes_nothing(cop: copkit.Community) -> None:
    host = cop.steward()
    native = host._native.transaction()
    copkit.Session(native).members.add(given="Ana", family="Ruiz")  # type: ignore[arg-type]
    del native
    assert len(host.members) == 0
    host.members.add(given="Bo", family="Nguyen")
    native = host._native.transaction()
    native.rollback()
    native.rollback()
    with pytest.raises(copkit.PreconditionError):
        native.commit()


def test_others_wait_until_it_is_over(cop: copkit.Community) -> None:
    host, done = cop.steward(), threading.Event()

    def write() -> None:
        host.members.add(given="Bo", family="Nguyen")
        done.set()

    with host.transaction() as tx:
        thread = threading.Thread(target=write)
        thread.start()
        tx.members.add(given="Ana", family="Ruiz")
        assert not done.is_set()
    thread.join()
    assert {member.given for member in host.members} == {"Ana", "Bo"}


def test_a_fork_does_not_take_it_along(tmp_path: Path) -> None:
    code = """
import os, sys, copkit
with copkit.create(sys.argv[1], "Math CoP") as cop:
    with cop.steward().transaction() as tx:
        tx.members.add(given="Ana", family="Ruiz")
        child = os.fork()
        if child == 0:
            try:
                tx.members.add(given="Bo", family="Nguyen")
            except copkit.UnsupportedError as error:
                os._exit(error.code != "handle.forked")
            os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
    assert len(cop.steward().members) == 1
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "a.cop")], check=True, timeout=60)
