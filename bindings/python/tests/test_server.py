"""One community on a PostgreSQL server, and the way there and back."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import copkit
import pytest
from server import Server, programs, user

PASSWORD = Server.PASSWORD


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found, who = programs(), user()
    if found is None:
        pytest.skip("skipped: PostgreSQL is not installed (postgresql)")
    if who is None:
        pytest.skip("skipped: PostgreSQL does not run as root, and there is no user postgres")
    try:
        copkit.connect("")
    except copkit.UnsupportedError:
        pytest.skip("skipped: this copkit was built without PostgreSQL")
    except copkit.InvalidInputError:
        pass
    server = Server(found, who)
    yield server
    server.stop()


def strips(session: copkit.Session, title: str = "Fraction strips") -> copkit.Resource:
    return session.resources.add(kind="task", title=title, body="Fold.", visibility="community", published=True)


def test_two_programs_share_a_community(server: Server, tmp_path: Path) -> None:
    address = server.address("shared")
    with copkit.create_at(address, "Math CoP", language="es", index=tmp_path / "one") as one:
        ana = one.steward().members.add(given="Ana", family="Ruiz")
        strips(one.as_member(ana))
        assert one.about().language == "es"
        with pytest.raises(copkit.AlreadyExistsError):
            copkit.create_at(address, "Another")
        with (
            copkit.connect(address, index=tmp_path / "two", replica=address) as other,
            copkit.connect(address) as third,
        ):
            me = other.as_member(ana)
            assert me.search("fractions")[0].title == "Fraction strips"
            strips(me, "Number talks")
            for cop in (one, other, third):
                assert cop.as_member(ana).search("talks").total == 1
                assert cop.head() == one.head()
            assert other.checksum() == one.checksum()
            assert one.check().is_good
            assert one.repair() == 0
            # There is no file to let go of.
            one.suspend()
            assert not one.suspended
            assert "two" in {path.name for path in tmp_path.iterdir()}


def test_who_waits_is_woken_by_another(server: Server) -> None:
    address = server.address("waiting")
    with copkit.create_at(address, "Math CoP") as cop, copkit.connect(address) as other:
        seen = cop.head()

        def write() -> None:
            time.sleep(0.3)
            other.steward().members.add(given="Ana", family="Ruiz")

        writer = threading.Thread(target=write)
        writer.start()
        assert cop.wait_for_changes(seen, timeout=30) > seen
        writer.join()
        seen = cop.head()
        assert cop.wait_for_changes(seen, timeout=0.3) == seen


def test_a_community_moves_to_a_server_and_back(server: Server, tmp_path: Path) -> None:
    with copkit.create(tmp_path / "math.cop", "Math CoP") as cop:
        ana = cop.steward().members.add(given="Ana", family="Ruiz")
        strips(cop.as_member(ana))
        checksum = cop.copy_at(server.address("moved"))
        assert checksum == cop.checksum()
        assert isinstance(checksum, UUID)
        with pytest.raises(copkit.AlreadyExistsError):
            cop.copy_at(server.address("moved"))
    with copkit.connect(server.address("moved")) as there:
        assert there.checksum() == checksum
        assert there.as_member(ana).search("fractions").total == 1
        assert there.copy_to(tmp_path / "back.cop") == checksum
    with copkit.open(tmp_path / "back.cop") as back:
        assert back.checksum() == checksum


def test_no_error_repeats_a_password(server: Server, tmp_path: Path) -> None:
    secret = "wr0ng-s3cr3t"
    wrong = [
        server.address("none", secret),
        server.address("Not A Schema", secret),
        server.address("none&connections=0", secret),
        server.address("none&sslmode=prefer", secret),
        server.address("none", f"{secret}/with/slashes"),
        f"postgres://cop:{secret}@127.0.0.1:1/postgres",
        f"postgres://cop:{secret}@no-such-host.invalid/postgres?sslmode=disable",
        f"mysql://cop:{secret}@127.0.0.1/postgres",
        f"{secret}",
    ]
    with copkit.in_memory("Math CoP") as cop:
        for address in wrong:
            for call in (copkit.connect, lambda it: copkit.create_at(it, "Math CoP"), cop.copy_at):
                with pytest.raises((copkit.InvalidInputError, copkit.IoError)) as refused:
                    call(address)
                told = "".join(traceback.format_exception(refused.value))
                for said in (str(refused.value), repr(refused.value), str(refused.value.problems), told):
                    assert secret not in said
    with pytest.raises(copkit.NotFoundError) as missing:
        copkit.connect(server.address("none"))
    assert PASSWORD not in repr(missing.value)
    with copkit.create_at(server.address("quiet"), "Math CoP") as cop:
        assert PASSWORD not in repr(cop)
        # A replica that is away is not missed.
        with copkit.connect(server.address("quiet"), replica=f"postgres://cop:{secret}@127.0.0.1:1/x") as away:
            assert away.about().name == "Math CoP"
