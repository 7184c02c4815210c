"""Soft problems that the library noticed and shows, and that people settle."""

from __future__ import annotations

from ..types import Finding, FindingKind, FindingRef, FindingState, TeamRef
from ._base import AnyRef, Collection, Listing, ident, reference

__all__ = ["Findings"]


class Findings(Collection[Finding]):
    """Soft problems that the library noticed and shows, and that people settle.

    Some are raised where they arise, others when somebody looks for them with ``session.inspect()``.
    """

    __slots__ = ()
    _kind = "finding"

    def resolve(self, finding: FindingRef, note: str) -> Finding:
        """Settles a finding; `note` says how.

        >>> first = me.observations.record(measure=measure, period=("2021-09-01", "2021-09-30"), value=3)
        >>> first = me.observations.correct(first, reason="counted again", value=4)
        >>> me.findings.resolve(me.findings.list(state="open").first(), "checked").state.value
        'resolved'
        """
        return self._apply("resolve_finding", finding=ident(finding), note=note)

    def list(
        self,
        *,
        kind: FindingKind | str | None = None,
        state: FindingState | str | None = None,
        about: AnyRef | None = None,
        team: TeamRef | None = None,
    ) -> Listing[Finding]:
        """Findings of a kind, in a state, about a record, or of a team.

        >>> len(me.findings.list(team=team, state="open"))
        0
        """
        return self._list(kind=kind, state=state, about=reference(about), team=ident(team))
