"""A PostgreSQL server of the tests' own: Debian's package, a free port, a data folder that is gone at the end.

``COP_POSTGRES=/usr/lib/postgresql/16/bin`` names another version's programs than the newest that is installed. The
server runs as a user who is not root, and ends with the process that started it, however that ends.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

SETTINGS = """
unix_socket_directories = ''
listen_addresses = '127.0.0.1'
fsync = off
log_min_messages = fatal
"""
#: Ends with its input, and the server with it.
KEEPER = '"$0"/postgres -D "$1" -p "$2" >"$1"/../log 2>&1 & server=$!; cat >/dev/null; kill -INT $server; wait $server'


def programs() -> Path | None:
    """The programs of the newest version that is installed."""
    if given := os.environ.get("COP_POSTGRES"):
        return Path(given)
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda it: float(it.parts[-3]))
    return versions[-1].parent if versions else None


def user() -> dict[str, Any] | None:
    """Who runs it: PostgreSQL refuses root. None where nobody else is there."""
    if os.getuid() != 0:
        return {}
    try:
        found = pwd.getpwnam("postgres")
    except KeyError:
        return None
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


class Server:
    """A server, whose administrator ``cop`` has the password `PASSWORD`."""

    PASSWORD = "s3cr3t-w0rd"

    def __init__(self, bin: Path, who: dict[str, Any]) -> None:
        self._bin, self._who = bin, who
        self._folder = Path(tempfile.mkdtemp(prefix="copkit-pg-"))
        if who:
            shutil.chown(self._folder, who["user"], who["group"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = self._folder / "data"
        secret = self._folder / "secret"
        secret.write_text(self.PASSWORD)
        secret.chmod(0o644)
        self._run(
            "initdb", "--no-sync", "-A", "scram-sha-256", f"--pwfile={secret}", "-U", "cop", "-E", "UTF8", "-D", data
        )
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        command = ["sh", "-c", KEEPER, str(bin), str(data), str(self.port)]
        self._keeper = subprocess.Popen(
            command, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who
        )
        started = time.monotonic()
        while subprocess.run([bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], cwd="/").returncode:
            assert time.monotonic() - started < 60, (self._folder / "log").read_text()
            time.sleep(0.05)

    def address(self, schema: str, password: str = PASSWORD) -> str:
        return f"postgres://cop:{password}@127.0.0.1:{self.port}/postgres?schema={schema}"

    def stop(self) -> None:
        self._keeper.communicate()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._bin / program), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"}, **self._who)
        assert done.returncode == 0, done.stderr
