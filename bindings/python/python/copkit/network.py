"""Who works with whom, with networkx (``pip install "copkit[network]"``).

Nodes are members, known by their ids; names are not part of a graph, so that one can be shared. An edge says how
many things two people have in common.

>>> from copkit import network
>>> network.people(host).number_of_nodes()
2
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .session import Session
from .types import AttendanceStatus, MembershipState

if TYPE_CHECKING:
    import networkx

__all__ = ["people", "together"]

#: Through what people are tied.
TIES = ("team", "cycle", "convening", "mentorship")


def together(session: Session, *, by: Iterable[str] = TIES) -> networkx.Graph[UUID]:
    """Members and what they have in common: a bipartite graph, as far as `session` sees it.

    Members have ``bipartite=0``; teams, cycles, convenings and mentorships ``bipartite=1`` and their ``kind``. Counted
    are active memberships, cycles led or taken part in, convenings attended, and active mentorships.

    >>> from copkit import network
    >>> network.together(host, by=["team"]).has_edge(ana.id, team.id)
    True
    """
    import networkx

    graph: networkx.Graph[Any] = networkx.Graph()
    graph.add_nodes_from((member.id for member in session.members), bipartite=0)
    for kind in [by] if isinstance(by, str) else by:
        for member, what in _ties(session, kind):
            graph.add_node(member, bipartite=0)
            graph.add_node(what, bipartite=1, kind=kind)
            graph.add_edge(member, what)
    return graph


def people(session: Session, *, by: Iterable[str] = TIES) -> networkx.Graph[UUID]:
    """Members, tied by what they have in common: ``weight`` is how many things that are.

    >>> from copkit import network
    >>> member = host.memberships.add(team=team, member=bo)
    >>> network.people(host).get_edge_data(ana.id, bo.id)
    {'weight': 1}
    """
    import networkx

    bipartite = together(session, by=by)
    graph: networkx.Graph[Any] = networkx.Graph()
    graph.add_nodes_from(node for node, side in bipartite.nodes(data="bipartite") if side == 0)
    for what, side in bipartite.nodes(data="bipartite"):
        if side == 1:
            for one, other in combinations(sorted(bipartite.neighbors(what)), 2):
                weight = graph.get_edge_data(one, other, {"weight": 0})["weight"]
                graph.add_edge(one, other, weight=weight + 1)
    return graph


def _ties(session: Session, kind: str) -> Iterable[tuple[UUID, UUID]]:
    if kind == "team":
        for membership in session.memberships.list(state=MembershipState.ACTIVE):
            yield membership.member, membership.team
    elif kind == "cycle":
        for cycle in session.cycles:
            for member in {*cycle.participants, *([] if cycle.lead is None else [cycle.lead])}:
                yield member, cycle.id
    elif kind == "convening":
        for attendance in session.attendances.list(status=AttendanceStatus.ATTENDED):
            if attendance.member is not None:
                yield attendance.member, attendance.convening
    elif kind == "mentorship":
        for mentorship in session.mentorships.list(state="active"):
            yield mentorship.mentor, mentorship.id
            yield mentorship.mentee, mentorship.id
    else:
        raise ValueError(f"no such tie: {kind}; there are {', '.join(TIES)}")
