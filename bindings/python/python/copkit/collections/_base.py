"""What all collections have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

from .. import _wire
from .._frozen import dataclass
from .._native import Session as NativeSession
from .._native import Table as NativeTable
from ..errors import InvalidInputError, NotFoundError
from ..tables import Results, Tabular
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
class Page(Tabular, Generic[R]):
    """A page of a list."""

    items: tuple[R, ...]
    #: Where the next page begins; ``None`` after the last.
    next: str | None
    _of: type[R] = field(repr=False, compare=False)

    def _table(self, columns: Iterable[str] | str | None) -> NativeTable:
        return Results(self._of, self.items)._table(columns)

    def _repr_html_(self) -> str:
        return Results(self._of, self.items)._repr_html_()


class _Many(Tabular, Generic[R]):
    """What lists and collections have in common."""

    __slots__ = ("_native",)

    _native: NativeSession

    def _asked(self) -> str:
        """The filter, as the core reads it."""
        raise NotImplementedError

    def _table(self, columns: Iterable[str] | str | None) -> NativeTable:
        from .. import _columns

        filter = self._asked()
        record = _wire.RECORDS[_wire.loads(filter)["kind"]]
        chosen = _columns.chosen(_columns.columns(record), columns)
        return self._native.table(filter, _wire.dumps(chosen))

    def page(self, limit: int = 100, after: str | None = None) -> Page[R]:
        """One page of at most `limit` records (1 to 1,000), after the `next` of the page before.

        >>> page = me.resources.page(1)
        >>> page.items[0].title, me.resources.page(1, after=page.next).items[0].title
        ('Fraction strips', 'Number talks')
        """
        filter = self._asked()
        items, cursor = self._native.list(filter, limit, after)
        record = _wire.RECORDS[_wire.loads(filter)["kind"]]
        return Page(tuple(cast(R, _wire.record(item)) for item in _wire.loads(items)), cursor, cast(type[R], record))

    def first(self) -> R | None:
        """The first record, if there is any.

        >>> me.resources.list(kind="task").first().title
        'Fraction strips'
        """
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

    def __len__(self) -> int:
        return self._native.count(self._asked())

    # Whether there is any, without counting them all.
    def __bool__(self) -> bool:
        return bool(self.page(1).items)

    def _repr_html_(self) -> str:
        from .. import _html

        return _html.listing(self)


class Listing(_Many[R]):
    """Records in the order they were made, fetched page by page while one iterates.

    >>> import copkit
    >>> with copkit.in_memory("Math CoP") as cop:
    ...     ana = cop.steward().members.add(given="Ana", family="Ruiz")
    ...     [member.display for member in cop.steward().members.list(state="active")]
    ['Ana Ruiz']
    """

    __slots__ = ("_filter",)

    def __init__(self, native: NativeSession, filter: str) -> None:
        self._native = native
        self._filter = filter

    def _asked(self) -> str:
        return self._filter

    def __contains__(self, record: object) -> bool:
        id = _wire.ident(record)  # type: ignore[arg-type]
        return any(str(each.id) == id for each in self)

    def __repr__(self) -> str:
        return f"<copkit.Listing {self._filter}>"


class Collection(_Many[R]):
    """The records of one kind that a session may see.

    >>> len(me.resources), [resource.title for resource in me.resources]
    (2, ['Fraction strips', 'Number talks'])
    >>> task in me.resources, task.id in me.members
    (True, False)
    """

    __slots__ = ()

    _kind: ClassVar[str]

    def __init__(self, native: NativeSession) -> None:
        self._native = native

    def _asked(self) -> str:
        return _wire.dumps({"kind": self._kind, "filter": {}})

    def get(self, id: R | UUID | str) -> R:
        """The record with this id, as it is now.

        >>> me.resources.get(task.id).title
        'Fraction strips'
        """
        return cast(R, _wire.record(_wire.loads(self._native.get(self._kind, _wire.ident(id)))))

    def history(self, id: R | UUID | str) -> Results[Revision]:
        """What happened to a record, oldest first; for those who may change it.

        >>> [step.op for step in me.resources.history(task)]
        ['add_resource']
        """
        steps = _wire.loads(self._native.history(self._kind, _wire.ident(id)))
        return Results(Revision, (_wire.build(Revision, step) for step in steps))

    def __contains__(self, record: object) -> bool:
        if isinstance(record, Record) and record.record_kind != self._kind:
            return False
        try:
            self.get(record)  # type: ignore[arg-type]
        except (NotFoundError, InvalidInputError):
            return False
        return True

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
    if isinstance(values, (Record, RecordRef, Mapping)):
        return [_wire.reference(cast(AnyRef, values))]
    return [_wire.reference(value) for value in values]
