"""Whatever the community shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from .. import _wire
from ..types import (
    Alignment,
    ConveningRef,
    Creator,
    CycleRef,
    ExternalId,
    FileRef,
    Grantee,
    Link,
    Member,
    MemberRef,
    Organization,
    PartOf,
    Record,
    Resource,
    ResourceKind,
    ResourceRef,
    ResourceState,
    Team,
    TeamRef,
    Verdict,
    Visibility,
)
from ._base import Collection, Day, ExternalIds, Listing, Texts, ident, texts

__all__ = ["Resources"]

Links: TypeAlias = Iterable[Link | Mapping[str, Any] | str] | str
Alignments: TypeAlias = Iterable[Alignment | Mapping[str, Any] | str] | str
Creators: TypeAlias = Iterable[Creator | Member | Mapping[str, Any] | str] | str
Files: TypeAlias = Iterable[FileRef | Mapping[str, Any]]


def _alignments(standards: Texts | None, alignments: Alignments | None) -> list[Any] | None:
    if standards is None and alignments is None:
        return None
    return _wire.objects(alignments or (), "code") + _wire.objects(standards or (), "code")


def _creator(creator: object) -> object:
    return Creator(name=creator.display, member=creator.id) if isinstance(creator, Member) else creator


class Resources(Collection[Resource]):
    """Whatever the community shares."""

    __slots__ = ()
    _kind = "resource"

    def add(
        self,
        *,
        kind: ResourceKind | str,
        title: str,
        description: str = "",
        body: str = "",
        creators: Creators = (),
        links: Links = (),
        language: str | None = None,
        grades: Texts = (),
        subjects: Texts = (),
        standards: Texts | None = None,
        alignments: Alignments | None = None,
        tags: Texts = (),
        licence: str | None = None,
        published_on: Day | None = None,
        school_year: str | None = None,
        team: TeamRef | None = None,
        part_of: PartOf | Mapping[str, Any] | None = None,
        external_ids: ExternalIds = (),
        files: Files = (),
        convening: ConveningRef | None = None,
        cycle: CycleRef | None = None,
        supersedes: ResourceRef | None = None,
        visibility: Visibility | str | None = None,
        published: bool = False,
        owner: MemberRef | None = None,
    ) -> Resource:
        """Adds a resource, as a draft unless `published`.

        `standards` are codes that it teaches, in any usual spelling; for more than that there are
        `alignments`. `convening` and `cycle` are where it comes from. `owner` is for the host only.

        >>> strips = me.resources.add(
        ...     kind="task", title="Fraction tiles", grades=["03"], standards=["3.NF.A.2"], visibility="community"
        ... )
        >>> strips.alignments[0].code, strips.state.value
        ('3.NF.A.2', 'draft')
        """
        return self._apply(
            "add_resource",
            kind=kind,
            title=title,
            description=description,
            body=body,
            creators=[_creator(creator) for creator in _wire.objects(creators, "name")],
            links=_wire.objects(links, "url"),
            language=language,
            grades=texts(grades),
            subjects=texts(subjects),
            alignments=_alignments(standards, alignments),
            tags=texts(tags),
            licence=licence,
            published_on=published_on,
            school_year=school_year,
            team=ident(team),
            part_of=part_of,
            external_ids=_wire.external_ids(external_ids),
            files=list(files),
            convening=ident(convening),
            cycle=ident(cycle),
            supersedes=ident(supersedes),
            visibility=visibility,
            published=published,
            owner=ident(owner),
        )

    def revise(
        self,
        resource: ResourceRef,
        *,
        kind: ResourceKind | str | None = None,
        title: str | None = None,
        description: str | None = None,
        body: str | None = None,
        links: Links | None = None,
        language: str | None = None,
        grades: Texts | None = None,
        subjects: Texts | None = None,
        standards: Texts | None = None,
        alignments: Alignments | None = None,
        tags: Texts | None = None,
        licence: str | None = None,
        school_year: str | None = None,
        files: Files | None = None,
        convening: ConveningRef | None = None,
        cycle: CycleRef | None = None,
        supersedes: ResourceRef | None = None,
    ) -> Resource:
        """Changes a resource; an empty text or list clears.

        >>> me.resources.revise(task, tags=["fractions"]).tags
        ('fractions',)
        """
        return self._apply(
            "revise_resource",
            resource=ident(resource),
            kind=kind,
            title=title,
            description=description,
            body=body,
            links=None if links is None else _wire.objects(links, "url"),
            language=language,
            grades=texts(grades),
            subjects=texts(subjects),
            alignments=_alignments(standards, alignments),
            tags=texts(tags),
            licence=licence,
            school_year=school_year,
            files=None if files is None else list(files),
            convening=ident(convening),
            cycle=ident(cycle),
            supersedes=ident(supersedes),
        )

    def submit(self, resource: ResourceRef) -> Resource:
        """Asks for a review of a draft.

        >>> me.resources.submit(task).state.value
        'in_review'
        """
        return self._apply("submit_resource", resource=ident(resource))

    def review(self, resource: ResourceRef, verdict: Verdict | str, *, comment: str = "") -> Resource:
        """Says what a reviewer found.

        >>> me.resources.submit(task).state.value
        'in_review'
        >>> host.resources.review(task, "approved", comment="Clear.").reviews[0].comment
        'Clear.'
        """
        return self._apply("review_resource", resource=ident(resource), verdict=verdict, comment=comment)

    def publish(self, resource: ResourceRef) -> Resource:
        """Gives a resource to its audience.

        >>> me.resources.publish(task).state.value
        'published'
        """
        return self._apply("publish_resource", resource=ident(resource))

    def set_embargo(self, resource: ResourceRef, until: Day | None) -> Resource:
        """Keeps a resource from its audience until a day; ``None`` for no longer.

        >>> me.resources.set_embargo(task, "2099-01-01").embargo
        datetime.date(2099, 1, 1)
        """
        return self._apply("set_embargo", resource=ident(resource), until=until)

    def retire(self, resource: ResourceRef) -> Resource:
        """Keeps a resource, but recommends it no longer.

        >>> me.resources.retire(me.resources.publish(task)).state.value
        'retired'
        """
        return self._apply("retire_resource", resource=ident(resource))

    def set_visibility(self, resource: ResourceRef, visibility: Visibility | str) -> Resource:
        """Sets who a resource is meant for.

        >>> me.resources.set_visibility(task, copkit.Visibility.team(team)).visibility == f"team:{team.id}"
        True
        """
        return self._apply("set_visibility", resource=ident(resource), visibility=visibility)

    def grant(self, resource: ResourceRef, grantee: Grantee | Member | Team | Organization | str) -> Resource:
        """Shares a resource with somebody by name.

        >>> granted = me.resources.grant(task, copkit.Grantee.member(bo)).grants[0]
        >>> granted.id == bo.id
        True
        """
        return self._apply("grant_access", resource=ident(resource), grantee=_grantee(grantee))

    def revoke(self, resource: ResourceRef, grantee: Grantee | Member | Team | Organization | str) -> Resource:
        """Takes a grant back.

        >>> granted = me.resources.grant(task, copkit.Grantee.member(bo)).grants[0]
        >>> me.resources.revoke(task, granted).grants
        ()
        """
        return self._apply("revoke_access", resource=ident(resource), grantee=_grantee(grantee))

    def seal(self, resource: ResourceRef, sealed: bool = True) -> Resource:
        """Takes the facilitators' and stewards' extra right away, or gives it back.

        >>> me.resources.seal(task).sealed, task in host.resources
        (True, False)
        """
        return self._apply("seal_resource", resource=ident(resource), sealed=sealed)

    def delete(self, resource: ResourceRef) -> Resource:
        """Deletes a resource; answers with what it was.

        >>> deleted = me.resources.delete(task)
        >>> task in me.resources
        False
        """
        return self._apply("delete_resource", resource=ident(resource))

    def list(
        self,
        *,
        kind: ResourceKind | str | None = None,
        state: ResourceState | str | None = None,
        language: str | None = None,
        team: TeamRef | None = None,
        school_year: str | None = None,
        created_by: MemberRef | None = None,
        external_id: ExternalId | None = None,
        convening: ConveningRef | None = None,
        cycle: CycleRef | None = None,
    ) -> Listing[Resource]:
        """Resources of a kind, in a state, of a team, …; for words and standards there is ``search``.

        >>> [each.title for each in me.resources.list(kind="task", created_by=ana)]
        ['Fraction strips']
        """
        return self._list(
            kind=kind,
            state=state,
            language=language,
            team=ident(team),
            school_year=school_year,
            created_by=ident(created_by),
            external_id=external_id,
            convening=ident(convening),
            cycle=ident(cycle),
        )


def _grantee(value: Grantee | Member | Team | Organization | str) -> str:
    return f"{value.record_kind}:{value.id}" if isinstance(value, Record) else str(value)
