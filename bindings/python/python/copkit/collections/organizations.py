"""State agencies, county offices, districts, schools, universities, partners and networks."""

from __future__ import annotations

from .. import _wire
from ..types import ExternalId, Organization, OrganizationKind, OrganizationRef, OrganizationStatus
from ._base import Collection, ExternalIds, Listing, ident

__all__ = ["Organizations"]


class Organizations(Collection[Organization]):
    """State agencies, county offices, districts, schools, universities, partners and networks."""

    __slots__ = ()
    _kind = "organization"

    def add(
        self,
        *,
        kind: OrganizationKind | str,
        name: str,
        parent: OrganizationRef | None = None,
        cds: str | None = None,
        external_ids: ExternalIds = (),
    ) -> Organization:
        """Adds an organization; its id is made from its CDS code where it has one.

        >>> host.organizations.add(kind="school", name="Birch School", external_ids={"nces": "0600001"}).name
        'Birch School'
        """
        return self._apply(
            "add_organization",
            kind=kind,
            name=name,
            parent=ident(parent),
            cds=cds,
            external_ids=_wire.external_ids(external_ids),
        )

    def revise(
        self,
        organization: OrganizationRef,
        *,
        kind: OrganizationKind | str | None = None,
        name: str | None = None,
        parent: OrganizationRef | None = None,
        status: OrganizationStatus | str | None = None,
        external_ids: ExternalIds = (),
    ) -> Organization:
        """Changes an organization; external ids are added to those it has.

        >>> host.organizations.revise(school, name="Alder Elementary").name
        'Alder Elementary'
        """
        return self._apply(
            "revise_organization",
            organization=ident(organization),
            kind=kind,
            name=name,
            parent=ident(parent),
            status=status,
            external_ids=_wire.external_ids(external_ids),
        )

    def list(
        self,
        *,
        kind: OrganizationKind | str | None = None,
        parent: OrganizationRef | None = None,
        external_id: ExternalId | None = None,
        cds: str | None = None,
    ) -> Listing[Organization]:
        """Organizations of a kind, directly below one, or with a code.

        >>> [each.name for each in me.organizations.list(kind="school")]
        ['Alder School']
        """
        return self._list(kind=kind, parent=ident(parent), external_id=external_id, cds=cds)
