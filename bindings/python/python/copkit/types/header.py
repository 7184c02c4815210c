"""What every record has, and how one is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from .._frozen import dataclass
from .codes import Life, RecordKind

__all__ = ["Record", "RecordRef", "Revision"]


@dataclass(frozen=True, slots=True)
class RecordRef:
    """The name of one record: its kind and id."""

    kind: RecordKind
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has."""

    #: The kind of record: ``organization``, ``member``, …
    record_kind: ClassVar[str]

    id: UUID
    #: Who made it; ``None`` for the host itself.
    created_by: UUID | None
    created_at: datetime
    revised_at: datetime
    #: The position of its last change in the change log.
    revision: int

    @property
    def reference(self) -> RecordRef:
        """The record's name.

        >>> task.reference.kind
        <RecordKind.RESOURCE: 'resource'>
        """
        return RecordRef(RecordKind(self.record_kind), self.id)

    def _repr_html_(self) -> str:
        from .. import _html

        return _html.record(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One step of a record's history."""

    #: The position in the change log.
    seq: int
    at: datetime
    #: Who; ``None`` for the host itself.
    actor: UUID | None
    #: The operation's name, such as ``publish_resource``.
    op: str
    life: Life
    #: The fields that changed, with their values after it, as JSON has them.
    fields: dict[str, Any]
