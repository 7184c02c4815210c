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

        >>> me.entries.add(subject=cycle, kind="plan", phase="plan", body="Two classes.").body
        'Two classes.'
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
        """Changes a note, by its author; what it said before stays in its history.

        >>> note = me.entries.add(subject=cycle, kind="plan", body="Two classes.")
        >>> me.entries.revise(note, body="Three classes.").body
        'Three classes.'
        """
        return self._apply("revise_entry", entry=ident(entry), body=body, on_date=on_date)

    def list(
        self,
        *,
        subject: AnyRef | None = None,
        kind: EntryKind | str | None = None,
        phase: Phase | str | None = None,
    ) -> Listing[Entry]:
        """Notes about a record, of a kind, or of a phase.

        >>> note = me.entries.add(subject=team, kind="note", body="We meet on Tuesdays.")
        >>> [each.body for each in me.entries.list(subject=team)]
        ['We meet on Tuesdays.']
        """
        return self._list(subject=reference(subject), kind=kind, phase=phase)
