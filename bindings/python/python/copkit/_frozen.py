"""Frozen dataclasses that cost little until they are used. Private.

For each class `dataclasses.dataclass` writes and compiles six methods when the class is made: of a hundred classes that
is most of what importing this package would take. Here five are the same for all, and `__init__` is compiled when the
first object is made. Everything else is `dataclasses`' own: `fields`, `replace`, `asdict`, matching, pickling.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False):
        """As `dataclasses.dataclass`, for classes that are frozen and have slots."""

        def made(cls):
            cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            for name, method in METHODS.items():
                if name not in vars(cls):
                    setattr(cls, name, method)
            return cls

        assert frozen
        return made


def _first(self: Any, *args: Any, **kwargs: Any) -> None:
    owner: Any = next(cls for cls in type(self).__mro__ if vars(cls).get("__init__") is _first)
    owner.__init__ = _compiled(owner)
    owner.__init__(self, *args, **kwargs)


def _compiled(cls: Any) -> Any:
    """`__init__`, with the fields as its arguments."""
    names: dict[str, Any] = {"_set": object.__setattr__}
    places: list[str] = []
    keywords: list[str] = []
    for field in dataclasses.fields(cls):
        argument = field.name
        if field.default is not dataclasses.MISSING:
            names[f"_{field.name}_"] = field.default
            argument = f"{field.name}=_{field.name}_"
        (keywords if field.kw_only else places).append(argument)
    arguments = ", ".join(["self", *places, *(["*", *keywords] if keywords else [])])
    body = "".join(f"\n    _set(self, {field.name!r}, {field.name})" for field in dataclasses.fields(cls))
    exec(f"def __init__({arguments}):{body or ' pass'}", names)
    init = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {field.name: field.type for field in dataclasses.fields(cls)}
    return init


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, field.name) for field in dataclasses.fields(self) if field.compare])


def _eq(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    said = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(said)})"


def _no_set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


class _Signature:
    """What `help` and notebooks ask a class for before it has made its first object."""

    def __get__(self, instance: object, cls: Any) -> Any:
        import inspect

        init = vars(cls).get("__init__")
        signature = inspect.signature(_compiled(cls) if init is _first else cls.__init__)
        return signature.replace(parameters=list(signature.parameters.values())[1:], return_annotation=None)


METHODS: dict[str, Any] = {
    "__init__": _first,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _no_set,
    "__delattr__": _no_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
    "__signature__": _Signature(),
}
