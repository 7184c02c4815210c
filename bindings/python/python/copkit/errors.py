"""What can go wrong: one class for each kind of error, each also the builtin that fits it best.

>>> try:
...     raise NotFoundError("no resource 017f…", "record.not_found")
... except LookupError as error:
...     error.code
'record.not_found'
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar, NamedTuple

    class _Problem(NamedTuple):
        field: str
        code: str
        detail: str

else:
    from collections import namedtuple

    _Problem = namedtuple("_Problem", "field code detail")

__all__ = [
    "AlreadyExistsError",
    "BusyError",
    "ConflictError",
    "CopError",
    "CorruptError",
    "IncompatibleError",
    "InternalError",
    "InterruptedCallError",
    "InvalidInputError",
    "IoError",
    "NotFoundError",
    "NotPermittedError",
    "PreconditionError",
    "Problem",
    "SuppressedError",
    "UnsupportedError",
]


class Problem(_Problem):
    """One thing that is wrong with an input, or with the state an operation needs: a named tuple.

    `field` says where, by a path such as ``title`` or ``affiliations[1].since``; `code` says what, the same for ever,
    as in ``cds.format``; `detail` says it for a person.

    >>> Problem("title", "text.empty", "must not be empty").code
    'text.empty'
    """

    __slots__ = ()


class CopError(Exception):
    """Whatever this package refuses or fails to do.

    Its text and its problems name ids, fields and codes, never a person.
    """

    #: The kind of error; the same word in every language of the library.
    kind: ClassVar[str] = "Internal"
    #: A code that stays the same for ever. Where several things are wrong it is the first one's.
    code: str
    #: Everything that is wrong, field by field; empty for errors that are not about fields.
    problems: list[Problem]

    def __init__(self, message: str, code: str = "internal", problems: Iterable[tuple[str, str, str]] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.problems = [Problem(*problem) for problem in problems]

    # OSError keeps its arguments in a way of its own, so the pickle says how to make the error anew.
    def __reduce__(self) -> tuple[type[CopError], tuple[str, str, list[Problem]]]:
        return type(self), (str(self.args[0]), self.code, list(self.problems))

    def __str__(self) -> str:
        return str(self.args[0])


class InvalidInputError(CopError, ValueError):
    """The input breaks a rule of its own; ``problems`` lists every field at once."""

    kind = "InvalidInput"


class NotFoundError(CopError, LookupError):
    """There is no such record, or one may not see it; the two are never told apart."""

    kind = "NotFound"


class AlreadyExistsError(CopError, ValueError):
    """The record, or the file, exists already."""

    kind = "AlreadyExists"


class ConflictError(CopError, RuntimeError):
    """Somebody else changed the record first."""

    kind = "Conflict"


class NotPermittedError(CopError, PermissionError):
    """One can see the record but may not do this to it."""

    kind = "NotPermitted"


class PreconditionError(CopError, RuntimeError):
    """The input is fine, the state is not; ``problems`` lists everything that is missing."""

    kind = "Precondition"


class SuppressedError(CopError, ValueError):
    """The number is too small to be shown."""

    kind = "Suppressed"


class UnsupportedError(CopError, NotImplementedError):
    """This build cannot do it, or not in this process."""

    kind = "Unsupported"


class IncompatibleError(CopError, RuntimeError):
    """The file belongs to a newer version, or to something else."""

    kind = "Incompatible"


class CorruptError(CopError, RuntimeError):
    """The file is damaged."""

    kind = "Corrupt"


class BusyError(CopError, TimeoutError):
    """Another writer holds the community."""

    kind = "Busy"


class InterruptedCallError(CopError, RuntimeError):
    """The caller asked to stop; nothing was written."""

    kind = "Interrupted"


class IoError(CopError, OSError):
    """The operating system refused."""

    kind = "Io"


class InternalError(CopError, RuntimeError):
    """A defect of this library."""

    kind = "Internal"
