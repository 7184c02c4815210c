"""What the community is worth to its members, told with their consent."""

from __future__ import annotations

from collections.abc import Iterable

from ..types import (
    Attribution,
    ConsentState,
    MemberRef,
    Story,
    StoryKind,
    StoryRef,
    StoryValue,
    TeamRef,
    Visibility,
)
from ._base import AnyRef, Collection, Listing, ident, reference, references, texts

__all__ = ["Stories"]


class Stories(Collection[Story]):
    """What the community is worth to its members, told with their consent."""

    __slots__ = ()
    _kind = "story"

    def tell(
        self,
        *,
        kind: StoryKind | str,
        title: str,
        body: str,
        language: str | None = None,
        about: Iterable[AnyRef] | AnyRef = (),
        team: TeamRef | None = None,
        anonymous: bool = False,
        teller: MemberRef | None = None,
        worth: Iterable[StoryValue | str] | str = (),
    ) -> Story:
        """Tells a story, for others to read once its teller consents.

        `about` are teams, convenings, cycles, goals and resources; `worth` is what it was worth. With `anonymous`
        its teller is not known, and whoever writes it down answers for it. `teller` is for the host only.

        >>> story = me.stories.tell(kind="value_creation", title="They argue", body="About dots.", worth="applied")
        >>> story.consent.value
        'none'
        """
        return self._apply(
            "tell_story",
            kind=kind,
            title=title,
            body=body,
            language=language,
            about=references(about),
            team=ident(team),
            anonymous=anonymous,
            teller=ident(teller),
            worth=texts(worth),
        )

    def revise(
        self,
        story: StoryRef,
        *,
        title: str | None = None,
        body: str | None = None,
        about: Iterable[AnyRef] | AnyRef | None = None,
        worth: Iterable[StoryValue | str] | str | None = None,
    ) -> Story:
        """Changes a story.

        >>> story = me.stories.tell(kind="testimonial", title="They argue", body="About dots.")
        >>> me.stories.revise(story, title="They argue about dots").title
        'They argue about dots'
        """
        return self._apply(
            "revise_story", story=ident(story), title=title, body=body, about=references(about), worth=texts(worth)
        )

    def grant_consent(
        self, story: StoryRef, scope: Visibility | str, *, attribution: Attribution | str | None = None
    ) -> Story:
        """The teller consents to a story being read, by the audience of `scope`; anonymous unless said.

        >>> story = me.stories.tell(kind="testimonial", title="They argue", body="About dots.")
        >>> me.stories.grant_consent(story, "community", attribution="name").consent.value
        'granted'
        """
        return self._apply("grant_consent", story=ident(story), scope=scope, attribution=attribution)

    def withdraw_consent(self, story: StoryRef) -> Story:
        """The teller takes the consent back, for ever.

        >>> story = me.stories.tell(kind="testimonial", title="They argue", body="About dots.")
        >>> me.stories.withdraw_consent(story).consent.value
        'withdrawn'
        """
        return self._apply("withdraw_consent", story=ident(story))

    def list(
        self,
        *,
        kind: StoryKind | str | None = None,
        team: TeamRef | None = None,
        about: AnyRef | None = None,
        consent: ConsentState | str | None = None,
    ) -> Listing[Story]:
        """Stories of a kind, of a team, about a record, or with consent in a state.

        >>> len(me.stories.list(team=team, kind="testimonial"))
        0
        """
        return self._list(kind=kind, team=ident(team), about=reference(about), consent=consent)
