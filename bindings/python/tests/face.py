"""The typed face of every operation: which verb of which collection it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import copkit

#: Operation=verb, by collection; those of the community are the session's own.
TABLE = {
    "": "revise_community=revise_community set_policies=set_policies inspect=inspect undo=undo",
    "organizations": "add_organization=add revise_organization=revise",
    "members": "add_member=add request_participation=request ask_to_rejoin=ask_to_rejoin invite_member=invite "
    "approve_member=approve decline_member=decline accept_invitation=accept complete_step=complete_step "
    "commit_to_year=commit_to_year activate_member=activate pause_member=pause resume_member=resume end_member=end "
    "revise_member=revise add_affiliation=add_affiliation end_affiliation=end_affiliation "
    "set_community_roles=set_roles merge_members=merge erase_member=erase",
    "teams": "create_team=add revise_team=revise activate_team=activate archive_team=archive",
    "memberships": "add_membership=add invite_to_team=invite request_to_join=request apply_to_team=apply "
    "approve_membership=approve reject_membership=reject accept_membership=accept end_membership=end "
    "complete_membership=complete set_team_roles=set_roles show_membership=show",
    "frameworks": "record_framework=add",
    "standards": "record_standard=add",
    "associations": "record_association=add",
    "resources": "add_resource=add revise_resource=revise submit_resource=submit review_resource=review "
    "publish_resource=publish set_embargo=set_embargo retire_resource=retire set_visibility=set_visibility "
    "grant_access=grant revoke_access=revoke seal_resource=seal delete_resource=delete",
    "goals": "add_goal=add revise_goal=revise link_goal=link unlink_goal=unlink close_goal=close",
    "cycles": "start_cycle=start revise_cycle=revise predict=predict record_result=record_result "
    "advance_cycle=advance step_back_cycle=step_back decide_cycle=decide",
    "measures": "define_measure=define revise_measure=revise add_measure_phase=add_phase exclude_observation=exclude",
    "observations": "record_observation=record record_observations=record_all correct_observation=correct",
    "convenings": "plan_convening=plan revise_convening=revise schedule_convening=schedule cancel_convening=cancel "
    "hold_convening=hold",
    "attendances": "invite_to_convening=invite register=register cancel_attendance=cancel record_attendance=record "
    "record_attendances=record_all add_walk_in=add_walk_in match_walk_in=match_walk_in",
    "stories": "tell_story=tell revise_story=revise grant_consent=grant_consent withdraw_consent=withdraw_consent",
    "mentorships": "propose_mentorship=propose revise_mentorship=revise accept_mentorship=accept end_mentorship=end",
    "entries": "add_entry=add revise_entry=revise",
    "findings": "resolve_finding=resolve",
}
FACE = {
    op: (collection, verb)
    for collection, pairs in TABLE.items()
    for op, verb in (pair.split("=") for pair in pairs.split())
}

#: Operations whose argument of this name a verb takes apart.
UNFOLDED = {"add_affiliation": "affiliation"}


def collection(session: copkit.Session, kind: str) -> Any:
    """The collection of a kind of record."""
    return getattr(session, {"story": "stories", "entry": "entries"}.get(kind, f"{kind}s"))


def verb(session: copkit.Session, op: str) -> Callable[..., Any]:
    """The verb that is this operation."""
    name, method = FACE[op]
    return getattr(getattr(session, name) if name else session, method)


def unfolded(op: str, args: dict[str, Any]) -> dict[str, Any]:
    """The operation's arguments as its verb takes them."""
    inner = args.get(UNFOLDED.get(op, ""))
    if not isinstance(inner, dict):
        return args
    return {**{name: value for name, value in args.items() if name != UNFOLDED[op]}, **inner}
