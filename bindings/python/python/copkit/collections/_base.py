"""What all collections have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

from .. import _native, _wire
from ..types import ExternalId, Record, RecordRef, Revision

__all__ = ["Collection", "Listing", "Page"]

R = TypeVar("R", bound=Record)

#: How many records iteration fetches at a time.
PAGE = 500

#: A record of any kind: itself, or its name.
AnyRef: TypeAlias = Record | RecordRef | Mapping[str, Any]
ExternalIds: TypeAlias = Mapping[str, str] | Iterable[ExternalId | Mapping[str, str]]
Texts: TypeAlias = Iterable[str] | str
Day: TypeAlias = date | str
Time: TypeAlias = datetime | str


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """A page of a list."""

    items: tuple[R, ...]
    #: Where the next page begins; ``None`` after the last.
    next: str | None


class Listing(Generic[R]):
    """Records in the order they were made, fetched page by page while one iterates.

    >>> import copkit
    >>> with copkit.in_memory("Math CoP") as cop:
    ...     ana = cop.steward().members.add(given="Ana", family="Ruiz")
    ...     [member.display for member in cop.steward().members.list(state="active")]
    ['Ana Ruiz']
    """

    __slots__ = ("_filter", "_native")

    def __init__(self, native: _native.Session, filter: str) -> None:
        self._native = native
        self._filter = filter

    def page(self, limit: int = 100, after: str | None = None) -> Page[R]:
        """One page of at most `limit` records (1 to 1,000), after the `next` of the page before."""
        items, cursor = self._native.list(self._filter, limit, after)
        return Page(tuple(cast(R, _wire.record(item)) for item in _wire.loads(items)), cursor)

    def first(self) -> R | None:
        """The first record, if there is any."""
        items = self.page(1).items
        return items[0] if items else None

    def __iter__(self) -> Iterator[R]:
        after = None
        while True:
            page = self.page(PAGE, after)
            yield from page.items
            after = page.next
            if after is None:
                return

    def __repr__(self) -> str:
        return f"<copkit.Listing {self._filter}>"


class Collection(Generic[R]):
    """The records of one kind that a session may see."""

    __slots__ = ("_native",)

    _kind: ClassVar[str]

    def __init__(self, native: _native.Session) -> None:
        self._native = native

    def get(self, id: R | UUID | str) -> R:
        """The record with this id, as it is now."""
        return cast(R, _wire.record(_wire.loads(self._native.get(self._kind, _wire.ident(id)))))

    def history(self, id: R | UUID | str) -> list[Revision]:
        """What happened to a record, oldest first; for those who may change it."""
        steps = _wire.loads(self._native.history(self._kind, _wire.ident(id)))
        return [_wire.build(Revision, step) for step in steps]

    def __iter__(self) -> Iterator[R]:
        """All of them."""
        return iter(self._list())

    def __repr__(self) -> str:
        return f"<copkit.{type(self).__name__}>"

    def _list(self, **filter: object) -> Listing[R]:
        return Listing(self._native, _wire.dumps({"kind": self._kind, "filter": _wire.given(filter)}))

    def _apply(self, op: str, **arguments: object) -> R:
        return cast(R, self._run(op, arguments))

    def _run(self, op: str, arguments: Mapping[str, object]) -> Record:
        """For the operations whose answer is of another kind."""
        answer = self._native.apply(_wire.dumps({"op": op, "args": _wire.given(arguments)}))
        return _wire.record(_wire.loads(answer))


def ident(value: Record | UUID | str | None) -> str | None:
    """An id, where there is one."""
    return None if value is None else _wire.ident(value)


def idents(values: Iterable[Record | UUID | str] | Record | UUID | str | None) -> list[str] | None:
    """One id or several, where there are any."""
    return None if values is None else _wire.idents(values)


def texts(values: Texts | None) -> list[str] | None:
    """One text or several, where there are any."""
    return None if values is None else _wire.texts(values)


def reference(value: AnyRef | None) -> object:
    """The name of a record, where there is one."""
    return None if value is None else _wire.reference(value)


def references(values: Iterable[AnyRef] | AnyRef | None) -> list[object] | None:
    """The names of one record or several, where there are any."""
    if values is None:
        return None
    several = [values] if isinstance(values, (Record, RecordRef, Mapping)) else values
    return [_wire.reference(value) for value in several]
