"""Dated notes on any record."""

from __future__ import annotations

from ..types import Entry, EntryKind, EntryRef, Phase
from ._base import AnyRef, Collection, Day, Listing, ident, reference

__all__ = ["Entries"]


class Entries(Collection[Entry]):
    """Dated notes on records: plans, reflections, minutes, decisions, comments, …"""

    __slots__ = ()
    _kind = "entry"

    def add(
        self,
        *,
        subject: AnyRef,
        kind: EntryKind | str,
        body: str,
        phase: Phase | str | None = None,
        on_date: Day | None = None,
        private: bool = False,
    ) -> Entry:
        """Adds a note to a record: a team, goal, cycle, measure, convening, resource, story or mentorship.

        Who may read the record may read the note, unless it is `private`: then its author alone.
        """
        return self._apply(
            "add_entry",
            subject=reference(subject),
            kind=kind,
            body=body,
            phase=phase,
            on_date=on_date,
            private=private,
        )

    def revise(self, entry: EntryRef, *, body: str | None = None, on_date: Day | None = None) -> Entry:
        """Changes a note, by its author; what it said before stays in its history."""
        return self._apply("revise_entry", entry=ident(entry), body=body, on_date=on_date)

    def list(
        self,
        *,
        subject: AnyRef | None = None,
        kind: EntryKind | str | None = None,
        phase: Phase | str | None = None,
    ) -> Listing[Entry]:
        """Notes about a record, of a kind, or of a phase."""
        return self._list(subject=reference(subject), kind=kind, phase=phase)
