"""Keeps Python's own SQLite away from files that copkit has open. Private.

Two copies of SQLite in one process do not see each other's locks, and the first to close the file drops those of the
other: a file that both write is corrupted (sqlite.org/howtocorrupt.html, section 2.2.1).
"""

from __future__ import annotations

import os
import sys
from weakref import WeakSet

from .errors import UnsupportedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Key: TypeAlias = tuple[int, int]


class OpenFile:
    """A file that is open as long as this lives: the native half holds it."""

    __slots__ = ("__weakref__", "key")

    key: Key | None

    def __init__(self) -> None:
        self.key = None


_OPEN: WeakSet[OpenFile] = WeakSet()
_HOOKED: list[bool] = []


def watched() -> OpenFile:
    """What to hand over with a file; its ``key`` is set once the file is there."""
    if not _HOOKED:
        _HOOKED.append(True)
        sys.addaudithook(_look)
    file = OpenFile()
    _OPEN.add(file)
    return file


def key(path: str | bytes | os.PathLike[Any]) -> Key | None:
    """Which file a path names, whatever it is called."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _look(event: str, args: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect" and _OPEN:
        path = _path(args[0])
        named = None if path is None else key(path)
        if named is not None and any(file.key == named for file in list(_OPEN)):
            raise UnsupportedError(
                "not supported: copkit has this file open, and two copies of SQLite in one process corrupt it; shut "
                "the community down first, use another process, or open it with 'file:…?immutable=1'",
                "sqlite.second_copy",
            )


def _path(database: object) -> str | bytes | os.PathLike[Any] | None:
    if isinstance(database, str) and database.startswith("file:"):
        from urllib.parse import parse_qs, unquote, urlsplit

        parts = urlsplit(database)
        # Such a connection takes no locks, so it drops none.
        immutable = parse_qs(parts.query).get("immutable", ["0"])[-1] not in ("0", "no", "false", "off")
        return None if immutable else unquote(parts.path)
    return database if isinstance(database, (str, bytes, os.PathLike)) else None
