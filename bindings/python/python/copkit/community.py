"""The community: where everything starts."""

from __future__ import annotations

from . import _guard, _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike
    from types import TracebackType

    from .session import Session
    from .types import Charter, CommunityRecord, MemberRef

__all__ = ["Community", "create", "in_memory", "open"]


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
