"""What the columns of a table hold, by the annotations of the dataclasses. Private."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from . import errors, types
from .types import Code, Visibility

#: As the native half reads it: ``"text"``, ``{"list": "id"}``, ``{"struct": [["code", "text"], …]}``.
Kind = str | dict[str, Any]

SIMPLE = {
    "str": "text",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "UUID": "id",
    "datetime": "time",
    "date": "date",
    "dict[str, Any]": "json",
}
#: Texts of which a community has few different ones.
FEW = {"language", "school_year"}
#: Times on the clocks of a time zone.
CLOCKS = {"starts", "ends"}

_COLUMNS: dict[type, dict[str, Kind]] = {}


def columns(cls: type) -> dict[str, Kind]:
    """The columns of a dataclass, by what the core calls its fields."""
    if cls not in _COLUMNS:
        _COLUMNS[cls] = {name: _kind(annotation, name, cls, True) for name, annotation in _fields(cls)}
    return _COLUMNS[cls]


def chosen(all: Mapping[str, Kind], names: Iterable[str] | str | None) -> list[tuple[str, Kind]]:
    """The columns with these names, in their order; all of them unless names are given."""
    if names is None:
        return list(all.items())
    names = [names] if isinstance(names, str) else list(names)
    problems = [
        (f"columns[{index}]", "scan.field", f"no such column; there are {', '.join(all)}")
        for index, name in enumerate(names)
        if name not in all
    ]
    if not names:
        problems = [("columns", "scan.field", "a table has one column at least")]
    if problems:
        text = "; ".join(f"{field}: {detail}" for field, _, detail in problems)
        raise errors.InvalidInputError(f"invalid input: {text}", "scan.field", problems)
    return [(name, all[name]) for name in names]


def _fields(cls: Any) -> list[tuple[str, str]]:
    return [(field.name.rstrip("_"), str(field.type)) for field in fields(cls)]


def _kind(annotation: str, name: str, owner: type, top: bool) -> Kind:
    annotation = annotation.removesuffix(" | None")
    if annotation == "datetime" and name in CLOCKS:
        return "clock"
    if annotation == "str" and top and name in FEW:
        return "code"
    if annotation in SIMPLE:
        return SIMPLE[annotation]
    if annotation.startswith("tuple["):
        inner = annotation.removeprefix("tuple[").removesuffix("]").removesuffix(", ...")
        # A pair of numbers is a list of two.
        return {"list": _kind("int" if inner == "int, int" else inner, "", owner, False)}
    cls = _named(annotation.removesuffix(" | str"), owner)
    if is_dataclass(cls):
        return {"struct": [[field, _kind(each, field, cls, False)] for field, each in _fields(cls)]}
    # Inside of lists and structs pandas wants texts.
    return "code" if top and issubclass(cls, (Code, Visibility)) else "text"


def _named(name: str, owner: type) -> type:
    found: type = getattr(sys.modules[owner.__module__], name, None) or getattr(types, name)
    return found
