"""The community: where everything starts."""

from __future__ import annotations

from . import _guard, _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike
    from pathlib import Path
    from types import TracebackType
    from uuid import UUID

    from .session import Session
    from .types import Charter, CommunityRecord, Health, MemberRef

__all__ = ["Community", "connect", "create", "create_at", "in_memory", "open", "set_aside"]


class Community:
    """An open community. Safe to share between threads; not usable in a forked process.

    A context manager: leaving it shuts the community down.

    >>> with copkit.in_memory("Math CoP") as math:
    ...     math.about().name
    'Math CoP'
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.Community) -> None:
        self._native = native

    def steward(self) -> Session:
        """The host's own session: looks after the community, imports, and needs no authorisation.

        >>> cop.steward().member_id is None
        True
        """
        return _session(self._native.steward())

    def as_member(self, member: MemberRef) -> Session:
        """A session of a member, whom the host has authenticated.

        >>> cop.as_member(ana).member_id == ana.id
        True
        """
        from . import _wire

        return _session(self._native.as_member(_wire.ident(member)))

    def as_guest(self) -> Session:
        """A session of somebody who is not signed in: sees what is public.

        >>> len(cop.as_guest().resources)
        0
        """
        return _session(self._native.as_guest())

    def about(self) -> CommunityRecord:
        """What the community is.

        >>> cop.about().policies.school_year_starts_in
        7
        """
        from . import _wire
        from .types import CommunityRecord

        return _wire.build(CommunityRecord, _wire.loads(self._native.about()))

    def head(self) -> int:
        """The position of the last change; grows with every write.

        >>> before = cop.head()
        >>> host.teams.add(kind="project", name="Grade 5").revision > before
        True
        """
        return self._native.head()

    def catch_up(self) -> int:
        """Brings the search index up to date now; answers with the number of records it took in.

        >>> cop.catch_up()
        7
        """
        return self._native.catch_up()

    def wait_for_changes(self, seq: int, timeout: float | None = None) -> int:
        """Waits for changes after position `seq`, whoever makes them; answers with the position of the last change.

        That is `seq` or less where there were none within `timeout` seconds; without one it waits until there are some.
        Other threads run meanwhile, and Ctrl-C ends it.

        >>> seen = cop.head()
        >>> host.teams.add(kind="project", name="Grade 5").revision == cop.wait_for_changes(seen)
        True
        >>> seen = cop.head()
        >>> cop.wait_for_changes(seen, timeout=0.05) == seen
        True
        """
        return self._native.wait_for_changes(seq, timeout)

    def copy_to(self, path: str | PathLike[str]) -> UUID:
        """Copies the community into a new file, as it is now, while others go on writing: a backup.

        The copy is compared with what was copied before it is there. Answers with the `checksum` of both.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     checksum = cop.copy_to(f"{folder}/backup.cop")
        ...     with copkit.open(f"{folder}/backup.cop") as backup:
        ...         backup.checksum() == checksum == cop.checksum()
        True
        """
        return _uuid(self._native.copy_to(path))

    def copy_at(self, address: str) -> UUID:
        """Copies the community to a PostgreSQL server, as `copy_to` does into a file; `address` as `connect` has it.

        >>> cop.copy_at("postgres://cop_owner@db.example.org/cop?schema=math")  # doctest: +SKIP
        UUID('6e1b2f40-5a0c-8d3e-9f4a-2b7c6d5e4f30')
        >>> cop.copy_at("db.example.org")
        Traceback (most recent call last):
        copkit.errors.InvalidInputError: invalid input: address: it begins with postgres:// (postgres.address)
        """
        return _uuid(self._native.copy_at(address))

    def checksum(self) -> UUID:
        """A checksum of everything that is in the community: equal for equal states, wherever it lies.

        >>> before = cop.checksum()
        >>> team = host.teams.add(kind="project", name="Grade 5")
        >>> cop.checksum() == before
        False
        """
        return _uuid(self._native.checksum())

    def check(self) -> Health:
        """Looks whether the file is whole, and what is derived from the records. Writes nothing.

        The search index looks after itself.

        >>> cop.check()
        Health(damage=(), derived=0)
        """
        from . import _wire
        from .types import Health

        return _wire.build(Health, _wire.loads(self._native.check()))

    def repair(self) -> int:
        """Makes what is derived from the records anew, where it is not what it must be; answers with how much that was.

        A file that is damaged itself is put aside by `set_aside`, and a copy in its place.

        >>> cop.repair()
        0
        """
        return self._native.repair()

    def suspend(self, patience: float = 2.0) -> None:
        """Lets go of every file and lock until `resume`, so that another program may have the file to itself.

        What is under way is interrupted and leaves nothing, and calls are refused until then. Takes milliseconds, up
        to a second while the search index is written; `BusyError` when it is not over after `patience` seconds: what is
        left is let go as soon as it is. Does nothing for a community that is in no file.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder, copkit.create(f"{folder}/math.cop", "Math CoP") as math:
        ...     math.suspend()
        ...     try:
        ...         math.about()
        ...     except copkit.InterruptedCallError as error:
        ...         error.code
        ...     math.resume()
        ...     math.about().name
        'store.suspended'
        'Math CoP'
        """
        self._native.suspend(patience)

    def resume(self) -> None:
        """Ends a `suspend`. The file is opened when it is next needed.

        >>> cop.resume()
        """
        self._native.resume()

    @property
    def suspended(self) -> bool:
        """Whether it lets go of its file at the moment.

        >>> cop.suspended
        False
        """
        return self._native.suspended

    def shutdown(self) -> None:
        """Closes the file; twice is fine. Sessions of this community refuse from now on.

        >>> cop.shutdown()
        >>> me.search("fractions")
        Traceback (most recent call last):
        copkit.errors.PreconditionError: the community was shut down; open it again
        """
        self._native.shutdown()

    @property
    def closed(self) -> bool:
        """Whether it was shut down.

        >>> cop.closed
        False
        """
        return self._native.closed

    def __enter__(self) -> Community:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()

    def __repr__(self) -> str:
        return "<copkit.Community>"


def _uuid(text: str) -> UUID:
    from uuid import UUID

    return UUID(text)


def _session(native: _native.Session) -> Session:
    # With everything that a session can do; see the package's own `__getattr__`.
    from .session import Session

    return Session(native)


def _new(name: str, language: str | None, charter: Charter | Mapping[str, str] | None) -> str:
    from . import _wire

    return _wire.dumps(_wire.given({"name": name, "language": language, "charter": charter}))


def create(
    path: str | PathLike[str],
    name: str,
    *,
    language: str | None = None,
    charter: Charter | Mapping[str, str] | None = None,
) -> Community:
    """Founds a community in a new file, conventionally ``*.cop``.

    `charter` says what it is about; `language` is the language tag of what is written there, such as ``es``.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, copkit.create(f"{folder}/math.cop", "Math CoP") as math:
    ...     math.about().name
    'Math CoP'
    """
    file = _guard.watched()
    community = Community(_native.create(path, _new(name, language, charter), file))
    file.key = _guard.key(path)
    return community


def open(path: str | PathLike[str]) -> Community:
    """Opens a community's file.

    While it is open, Python's ``sqlite3`` is refused the same file in this process.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copkit.create(f"{folder}/math.cop", "Math CoP").shutdown()
    ...     with copkit.open(f"{folder}/math.cop") as math:
    ...         math.about().name
    'Math CoP'
    """
    file = _guard.watched()
    community = Community(_native.open(path, file))
    file.key = _guard.key(path)
    return community


def in_memory(
    name: str,
    *,
    language: str | None = None,
    charter: Charter | Mapping[str, str] | None = None,
) -> Community:
    """Founds a community in memory; it is gone with its handle.

    >>> copkit.in_memory("Math CoP", charter={"domain": "fractions"}).about().charter.domain
    'fractions'
    """
    return Community(_native.in_memory(_new(name, language, charter)))


def connect(address: str, *, index: str | PathLike[str] | None = None, replica: str | None = None) -> Community:
    """Opens a community on a PostgreSQL server, which several programs share.

    `address` is a connection URI: ``postgres://user:password@host/database?schema=math``. The search index lies in
    the folder `index`, which is this computer's own and may be deleted whenever the community is not open; without one
    it is in memory, and is made anew at the first search. `replica` is the address of a hot standby that is read from
    as long as it has everything that was read or written here.

    >>> math = copkit.connect(  # doctest: +SKIP
    ...     "postgres://cop_app@db.example.org/cop?schema=math", index="/var/lib/math-index"
    ... )

    What leaves the computer is encrypted, for the server whose name the address has. Errors never repeat a password.

    >>> copkit.connect("postgres://cop_app:secret@db.example.org/cop?schema=math&connections=1")
    Traceback (most recent call last):
    copkit.errors.InvalidInputError: invalid input: connections: from 2 to 1,000 (postgres.address)
    """
    return Community(_native.connect(address, index, replica))


def create_at(
    address: str,
    name: str,
    *,
    language: str | None = None,
    charter: Charter | Mapping[str, str] | None = None,
    index: str | PathLike[str] | None = None,
) -> Community:
    """Founds a community in a schema of its own of a PostgreSQL database; `address` and `index` as `connect` has them.

    >>> copkit.create_at("postgres://cop_owner@db.example.org/cop?schema=math", "Math CoP")  # doctest: +SKIP
    <copkit.Community>
    >>> copkit.create_at("postgres://cop_owner@db.example.org/cop?schema=math", "")
    Traceback (most recent call last):
    copkit.errors.InvalidInputError: invalid input: name: must not be empty (text.empty)
    """
    return Community(_native.create_at(address, _new(name, language, charter), index))


def set_aside(path: str | PathLike[str]) -> Path:
    """Moves a damaged file aside, with what lies beside it, so that its place is free for a copy; nothing is deleted.

    Answers with where it is now. Nobody may have it open.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copkit.create(f"{folder}/math.cop", "Math CoP").shutdown()
    ...     copkit.set_aside(f"{folder}/math.cop").name
    'math.cop.damaged-1'
    """
    return _native.set_aside(path)
