"""Sets of standards, their items, and the ties between these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..types import Association, AssociationKind, Framework, FrameworkRef, NodeRef, Standard, StandardRef
from ._base import Collection, Listing, Texts, ident, texts

__all__ = ["Associations", "Frameworks", "Standards"]


class Frameworks(Collection[Framework]):
    """Sets of standards."""

    __slots__ = ()
    _kind = "framework"

    def add(
        self,
        *,
        identifier: str,
        title: str,
        creator: str = "",
        version: str | None = None,
        language: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Framework:
        """Records a framework as its publisher has it; the same twice changes nothing.

        >>> host.frameworks.add(identifier="x:1", title="Mathematics").title
        'Mathematics'
        """
        return self._apply(
            "record_framework",
            identifier=identifier,
            title=title,
            creator=creator,
            version=version,
            language=language,
            extra=extra,
        )

    def list(self, *, identifier: str | None = None) -> Listing[Framework]:
        """Frameworks with a GUID, as their publisher writes it.

        >>> framework = host.frameworks.add(identifier="x:1", title="Mathematics")
        >>> me.frameworks.list(identifier="x:1").first() == framework
        True
        """
        return self._list(identifier=identifier)


class Standards(Collection[Standard]):
    """Items of frameworks."""

    __slots__ = ()
    _kind = "standard"

    def add(
        self,
        *,
        framework: FrameworkRef,
        identifier: str,
        statement: str,
        code: str | None = None,
        kind: str | None = None,
        education_levels: Texts = (),
        parent: str | None = None,
        position: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Standard:
        """Records a standard as its publisher has it; `parent` is the GUID of the one above.

        >>> framework = host.frameworks.add(identifier="x:1", title="Mathematics")
        >>> host.standards.add(
        ...     framework=framework, identifier="x:2", statement="Place thirds.", code="3.NF.A.2"
        ... ).code_key
        '3.nf.a.2'
        """
        return self._apply(
            "record_standard",
            framework=ident(framework),
            identifier=identifier,
            statement=statement,
            code=code,
            kind=kind,
            education_levels=texts(education_levels),
            parent=parent,
            position=position,
            extra=extra,
        )

    def list(
        self,
        *,
        framework: FrameworkRef | None = None,
        parent: StandardRef | None = None,
        code: str | None = None,
    ) -> Listing[Standard]:
        """Standards of a framework, directly below one, or with a code in any spelling.

        >>> framework = host.frameworks.add(identifier="x:1", title="Mathematics")
        >>> thirds = host.standards.add(
        ...     framework=framework, identifier="x:2", statement="Place thirds.", code="3.NF.A.2"
        ... )
        >>> me.standards.list(code="CCSS.Math.3.NF.A.2").first() == thirds
        True
        """
        return self._list(framework=ident(framework), parent=ident(parent), code=code)


class Associations(Collection[Association]):
    """Directed ties between standards."""

    __slots__ = ()
    _kind = "association"

    def add(
        self,
        *,
        framework: FrameworkRef,
        identifier: str,
        kind: AssociationKind | str,
        origin: NodeRef | Mapping[str, str],
        destination: NodeRef | Mapping[str, str],
        sequence: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Association:
        """Records an association as its publisher has it; the same twice changes nothing.

        >>> framework = host.frameworks.add(identifier="x:1", title="Mathematics")
        >>> tie = host.associations.add(
        ...     framework=framework,
        ...     identifier="x:9",
        ...     kind="precedes",
        ...     origin=copkit.NodeRef("x:2"),
        ...     destination=copkit.NodeRef("x:3"),
        ... )
        >>> tie.origin.identifier, tie.destination.identifier
        ('x:2', 'x:3')
        """
        return self._apply(
            "record_association",
            framework=ident(framework),
            identifier=identifier,
            kind=kind,
            origin=origin,
            destination=destination,
            sequence=sequence,
            extra=extra,
        )

    def list(self, *, framework: FrameworkRef | None = None) -> Listing[Association]:
        """Associations of a framework's package.

        >>> len(me.associations.list())
        0
        """
        return self._list(framework=ident(framework))
