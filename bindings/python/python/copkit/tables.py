"""Tables: whatever is a list or a result goes to polars, pandas, DuckDB and pyarrow.

Through Arrow's C interface (``__arrow_c_stream__``), so polars and DuckDB need nothing else, and whoever takes a
table shares its memory. Words of a vocabulary are categories, moments are in UTC and times on a clock without a
zone, ids are texts, and what a record has several of is a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from . import _native

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["Results", "Table", "Tabular"]

T = TypeVar("T")


class Tabular:
    """Whatever can be had as a table.

    >>> from copkit import in_memory
    >>> with in_memory("Math CoP") as cop:
    ...     ana = cop.steward().members.add(given="Ana", family="Ruiz")
    ...     cop.steward().members.to_polars(["display", "state"]).rows()
    [('Ana Ruiz', 'active')]
    """

    __slots__ = ()

    def _table(self, columns: Iterable[str] | str | None) -> _native.Table:
        raise NotImplementedError

    def table(self, columns: Iterable[str] | str | None = None) -> Table:
        """The table as it is now, with these columns; all of them unless named.

        Handing it over again, to several libraries, reads nothing again.

        >>> table = me.resources.table(["title", "grades"])
        >>> table.columns, len(table)
        (('title', 'grades'), 2)
        """
        return Table(self._table(columns))

    def to_polars(self, columns: Iterable[str] | str | None = None) -> polars.DataFrame:
        """A polars data frame of these columns; all of them unless named.

        >>> me.resources.to_polars("title")["title"].to_list()
        ['Fraction strips', 'Number talks']
        """
        import polars

        return polars.DataFrame(self.table(columns))

    def to_pandas(self, columns: Iterable[str] | str | None = None) -> pandas.DataFrame:
        """A pandas data frame of these columns; all of them unless named. Needs pyarrow, as pandas does for Arrow.

        Whole numbers and yes or no are pandas' nullable types, dates are ``datetime64``.

        >>> list(me.resources.to_pandas("title")["title"])
        ['Fraction strips', 'Number talks']
        """
        import pandas

        arrow = self.to_arrow(columns)
        nullable = {"int64": pandas.Int64Dtype(), "bool": pandas.BooleanDtype()}
        frame: pandas.DataFrame = arrow.to_pandas(
            date_as_object=False, types_mapper=lambda kind: nullable.get(str(kind))
        )
        return frame

    def to_arrow(self, columns: Iterable[str] | str | None = None) -> pyarrow.Table:
        """A pyarrow table of these columns; all of them unless named.

        >>> me.resources.to_arrow("title").num_rows
        2
        """
        import pyarrow

        return pyarrow.table(self.table(columns))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table for any library that takes Arrow's C stream interface, such as ``duckdb.sql("from …")``."""
        return self._table(None).__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """What columns the table has, by Arrow's C schema interface."""
        return self._table(None).__arrow_c_schema__()


class Table(Tabular):
    """A table that is ready: every library it is handed to shares its memory.

    >>> table = me.resources.table(["title", "kind"])
    >>> import polars
    >>> polars.DataFrame(table).height
    2
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.Table) -> None:
        self._native = native

    def _table(self, columns: Iterable[str] | str | None) -> _native.Table:
        if columns is None:
            return self._native
        from . import _columns

        known: dict[str, _columns.Kind] = dict.fromkeys(self._native.columns, "")
        return self._native.select([name for name, _ in _columns.chosen(known, columns)])

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns.

        >>> me.resources.table("title").columns
        ('title',)
        """
        return tuple(self._native.columns)

    def __len__(self) -> int:
        return len(self._native)

    def __repr__(self) -> str:
        return f"<copkit.Table of {len(self)} rows: {', '.join(self.columns)}>"


def of_rows(kinds: Mapping[str, Any], rows: Iterable[Any], columns: Iterable[str] | str | None) -> _native.Table:
    """The table of rows that are at hand."""
    from . import _columns, _wire

    chosen = _columns.chosen(kinds, columns)
    return _native.table_of(_wire.dumps(chosen), _wire.dumps([_wire.row(row) for row in rows]))


class Results(Tabular, Generic[T]):
    """What a call answers with, in order: read like a tuple, and a table as well.

    Not a :class:`collections.abc.Sequence`, which polars would take apart item by item.

    >>> steps = me.history(task)
    >>> [step.op for step in steps], len(steps), steps[0].op, steps.table("op").columns
    (['add_resource'], 1, 'add_resource', ('op',))
    """

    __slots__ = ("_items", "_of")

    def __init__(self, of: type[T], items: Iterable[T]) -> None:
        self._of = of
        self._items = tuple(items)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Results[T]: ...
    def __getitem__(self, index: int | slice) -> T | Results[T]:
        return Results(self._of, self._items[index]) if isinstance(index, slice) else self._items[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Results, tuple, list)) and self._items == tuple(other)

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        return repr(list(self._items))

    def _table(self, columns: Iterable[str] | str | None) -> _native.Table:
        if issubclass(self._of, Rows):
            return of_rows(self._of._columns(), (row for item in self for row in item._rows()), columns)  # type: ignore[attr-defined]
        from . import _columns

        return of_rows(_columns.columns(self._of), self, columns)

    def _repr_html_(self) -> str:
        from . import _html

        return _html.table(self)


class Rows(Tabular):
    """A result that is a table in a form of its own."""

    __slots__ = ()

    @classmethod
    def _columns(cls) -> Mapping[str, Any]:
        raise NotImplementedError

    def _rows(self) -> Iterator[Mapping[str, object]]:
        raise NotImplementedError

    def _table(self, columns: Iterable[str] | str | None) -> _native.Table:
        return of_rows(self._columns(), self._rows(), columns)

    def _repr_html_(self) -> str:
        from . import _html

        return _html.view(self)
