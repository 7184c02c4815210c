"""Records out of the core's JSON, and arguments into it. Private."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID, SafeUUID

from . import types
from .types import Record, RecordRef

T = TypeVar("T")

#: The record of each kind.
RECORDS: dict[str, type[Record]] = {
    record.record_kind: record
    for record in (
        types.CommunityRecord,
        types.Organization,
        types.Member,
        types.Team,
        types.Membership,
        types.Framework,
        types.Standard,
        types.Association,
        types.Resource,
        types.Goal,
        types.Cycle,
        types.Measure,
        types.Observation,
        types.Convening,
        types.Attendance,
        types.Story,
        types.Mentorship,
        types.Entry,
        types.Finding,
    )
}

#: Fields whose JSON is what Python has.
PLAIN = {"str", "str | None", "int", "int | None", "float", "float | None", "dict[str, Any]"}


def _time(text: str) -> datetime:
    # With a `Z` or, on the clocks of a time zone, without: aware or naive, as it is written.
    # `fromisoformat` reads a `Z` only from Python 3.11 on.
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _reader(annotation: str) -> Callable[[Any], Any] | None:
    """How a field with this annotation is read; nothing for plain ones."""
    if annotation in PLAIN:
        return None
    if annotation.startswith("tuple["):
        each = _reader(annotation.removeprefix("tuple[").removesuffix(", ...]"))
        return lambda raw: tuple(raw or ()) if each is None else tuple(map(each, raw or ()))
    if annotation.endswith(" | None"):
        inner = _reader(annotation.removesuffix(" | None"))
        return lambda raw: raw if raw is None or inner is None else inner(raw)
    if annotation.endswith(" | str"):
        known = {code.value: code for code in getattr(types, annotation.removesuffix(" | str"))}
        return lambda raw: known.get(raw, raw)
    simple: dict[str, Callable[[Any], Any]] = {
        "UUID": UUID,
        "datetime": _time,
        "date": date.fromisoformat,
        # The core leaves some out where they are false.
        "bool": bool,
    }
    if annotation in simple:
        return simple[annotation]
    cls: Any = getattr(types, annotation)
    return (lambda raw: build(cls, raw)) if hasattr(cls, "__dataclass_fields__") else cls


def _key(name: str) -> str:
    """What the core calls a field; in Python some names are taken, and end with ``_``."""
    return name.rstrip("_")


#: For each field of a dataclass: its name, what the core calls it, and how it is read.
_Readers = list[tuple[str, str, Callable[[Any], Any] | None]]
_READERS: dict[object, _Readers] = {}


def _readers(cls: Any) -> _Readers:
    if cls not in _READERS:
        # The annotations are texts, so nothing has to be evaluated, and only for the records in use.
        _READERS[cls] = [(field.name, _key(field.name), _reader(str(field.type))) for field in fields(cls)]
    return _READERS[cls]


def build(cls: type[T], raw: Mapping[str, Any] | str) -> T:
    """The dataclass `cls` out of its JSON."""
    if isinstance(raw, str):
        # One of several, without anything to say of it: ``"withdrawn"`` beside ``{"granted": …}``.
        raw = {raw: True}
    get = raw.get
    return cls(**{name: read(get(key)) if read else get(key) for name, key, read in _readers(cls)})


def record(answer: Mapping[str, Any]) -> Record:
    """The record out of ``{"kind": …, "record": …}``."""
    return build(RECORDS[answer["kind"]], answer["record"])


def given(arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments that were given: those that are not ``None``."""
    return {name: value for name, value in arguments.items() if value is not None}


def ident(value: Record | UUID | str) -> str:
    """An id, or the id of a record."""
    text = str(value.id if isinstance(value, Record) else value)
    # What is no text at all, such as half of a character, is no id either: that is for the core to say.
    return text if text.isascii() else ascii(text)


def idents(values: Iterable[Record | UUID | str] | Record | UUID | str) -> list[str]:
    """One id or several."""
    return [ident(values)] if isinstance(values, (Record, UUID, str)) else [ident(value) for value in values]


def reference(value: Record | RecordRef | Mapping[str, Any]) -> object:
    """The name of a record, of any kind."""
    return value.reference if isinstance(value, Record) else value


def texts(values: Iterable[str] | str) -> list[str]:
    """One text or several: ``"05"`` means ``["05"]``, never its letters."""
    return [values] if isinstance(values, str) else list(values)


def objects(values: Iterable[Any] | Any, key: str) -> list[Any]:
    """One object or several, each in full or as the text of its `key`."""
    several = [values] if isinstance(values, (str, Mapping)) or is_dataclass(values) else values
    return [{key: str(value)} if isinstance(value, str) else value for value in several]


def external_ids(values: Mapping[str, str] | Iterable[Any]) -> list[Any]:
    """External ids out of ``{"nces": "0600001"}`` or a list of them."""
    if isinstance(values, Mapping):
        return [{"system": system, "value": value} for system, value in values.items()]
    return list(values)


def dumps(value: object) -> str:
    """`value` as JSON the core reads; what is no JSON, such as a number that is none, it refuses."""
    return _encode(value)


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Record):
        return str(value.id)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        # Times are dates, too. Whether a day, a time, or a time without a zone is wanted, the core knows.
        return value.isoformat()
    if is_dataclass(value):
        pairs = ((_key(field.name), getattr(value, field.name)) for field in fields(value))
        return {key: inner for key, inner in pairs if inner is not None}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no place in a record")


# One for all calls: `json.dumps` makes another each time.
_encode = json.JSONEncoder(default=_plain).encode


def row(value: object) -> object:
    """A dataclass with all its fields, also where it is a record; whatever else as it is."""
    if not is_dataclass(value):
        return value
    return {_key(field.name): getattr(value, field.name) for field in fields(value)}


def loads(text: str) -> Any:
    """The core's JSON."""
    return json.loads(text)


def uuid(number: int) -> UUID:
    """``UUID(int=number)``, which first looks which of six forms it was given: that takes five times as long."""
    made = _new(UUID)
    _put_int(made, number)
    _put_safe(made, _UNKNOWN)
    return made


_new, _UNKNOWN = object.__new__, SafeUUID.unknown
_put_int, _put_safe = (vars(UUID)[name].__set__ for name in ("int", "is_safe"))

_RESOURCE_KINDS: dict[str, types.ResourceKind] = {kind.value: kind for kind in types.ResourceKind}


def resource_kind(code: str) -> types.ResourceKind | str:
    """The kind with this code, or the code itself."""
    return _RESOURCE_KINDS.get(code, code)
