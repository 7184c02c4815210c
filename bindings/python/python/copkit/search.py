"""What a search answers with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, overload
from uuid import UUID

from . import _native, _wire
from ._frozen import dataclass
from .tables import Results, Tabular
from .types import Code, RecordKind, RecordRef, ResourceKind

__all__ = ["Completion", "Facets", "Reason", "Respelling", "SearchHit", "SearchHits", "SearchSort", "Snippet"]


class SearchSort(Code):
    """How hits are ordered; equal ones in the order in which the records were added."""

    #: What matches best comes first.
    RELEVANCE = "relevance"
    #: What was made last comes first.
    NEWEST = "newest"
    #: What was made first comes first.
    OLDEST = "oldest"
    #: By title, without case, diacritics and punctuation, numbers by value.
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Completion:
    """What a text may become whose last word is being typed."""

    #: The text, its last word complete.
    text: str
    #: How many records that are seen have the word in their title or tags.
    count: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Respelling:
    """How a word was read that nothing seen has."""

    #: The word, in small letters without accents.
    word: str
    #: What was looked for in its place: at most three words, those first that more records have.
    read_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the things that a score is the sum of."""

    #: The word or phrase, in small letters without accents; with `` … `` between two that stand near each other.
    words: str
    #: How often it stands in the record, what is in the title three times and in a tag twice.
    times: int
    #: In how many records it stands that are seen; None for words that stand near each other.
    records: int | None
    #: What that counts.
    score: float
    #: All of it as a sentence.
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage with the matched words marked."""

    #: Plain text; use `html` where HTML is wanted.
    text: str
    #: Where words matched: first character and the one after the last, for slices of `text`.
    highlights: tuple[tuple[int, int], ...]
    #: The passage as HTML: everything escaped, matches in ``<mark>``.
    html: str

    def _repr_html_(self) -> str:
        return self.html


class _Found:
    """A hit with its id and title; the rest is made when somebody looks at it."""

    __slots__ = ("_found",)

    _found: tuple[_native.Hits, int]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Only what is in no slot is asked for here.
            if name not in _LATER:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            native, place = self._found
            (record, kind, language, score), (text, highlights, html), reasons = native.rest(place)
            _put_record(self, _RECORDS[record])
            _put_kind(self, _wire.resource_kind(kind))
            _put_language(self, language)
            _put_score(self, score)
            _put_snippet(self, Snippet(text, tuple(highlights), html) if text else _NO_SNIPPET)
            _put_explanation(self, tuple([Reason(*reason) for reason in reasons]) if reasons else ())
            return getattr(self, name)


_LATER = {"record", "kind", "language", "score", "snippet", "explanation"}


@dataclass(frozen=True, slots=True)
class SearchHit(_Found):
    """One record found."""

    #: What kind of record it is.
    record: RecordKind
    id: UUID
    title: str
    #: What it is: a resource's kind, or ``story``, ``goal``, ``cycle``, ``convening``.
    kind: ResourceKind | str
    language: str
    #: How well it matches: BM25, and for the best what words count that stand near each other; 0 without words.
    score: float
    snippet: Snippet
    #: What the score is the sum of, where that was asked for with ``explain=True``.
    explanation: tuple[Reason, ...] = ()

    @property
    def reference(self) -> RecordRef:
        """The record's name, to read it by: ``session.record(hit.reference)``.

        >>> me.record(me.search("fraction", record="resource")[0].reference).title
        'Fraction strips'
        """
        return RecordRef(self.record, self.id)


class Facets(dict[str, dict[str, int]]):
    """Exact counts over all matches, the most frequent first.

    >>> me.search("fraction").facets["language"]
    {'en': 2}
    """

    def _repr_html_(self) -> str:
        from . import _html

        return _html.facets(self)


class SearchHits(Tabular):
    """A page of hits, in the order asked for.

    >>> [hit.title for hit in me.search("fraction", sort="title")]
    ['Fraction strips', 'Fractions']
    """

    __slots__ = ("_facets", "_hits", "_native")

    def __init__(self, native: _native.Hits) -> None:
        self._native = native
        # Made when somebody looks at them.
        self._hits: tuple[SearchHit, ...] | None = None
        self._facets: Facets | None = None

    @property
    def total(self) -> int:
        """How many records match in all, exactly.

        >>> me.search("fraction", limit=1).total
        2
        """
        return self._native.total

    @property
    def facets(self) -> Facets:
        """Exact counts over all matches, most frequent first.

        >>> me.search("fraction").facets["kind"]
        {'convening': 1, 'task': 1}
        """
        if self._facets is None:
            self._facets = Facets((facet, dict(values)) for facet, values in self._native.facets)
        return self._facets

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The parts of the query's text that were left aside.

        >>> me.search("fraction grade:99").not_understood
        ('grade:99',)
        """
        return tuple(self._native.not_understood)

    @property
    def respelled(self) -> tuple[Respelling, ...]:
        """The words that nothing seen has, and what was looked for in their place.

        >>> me.search("fracton").respelled
        (Respelling(word='fracton', read_as=('fraction',)),)
        """
        return tuple(Respelling(word, tuple(read_as)) for word, read_as in self._native.respelled)

    @property
    def next(self) -> str | None:
        """Where the next page begins, for `after`; None after the last page.

        >>> me.search("fraction").next is None
        True
        """
        return self._native.next

    def _all(self) -> tuple[SearchHit, ...]:
        if self._hits is None:
            self._hits = _hits(self._native)
        return self._hits

    def __len__(self) -> int:
        return len(self._native)

    def __iter__(self) -> Iterator[SearchHit]:
        return iter(self._all())

    @overload
    def __getitem__(self, index: int) -> SearchHit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[SearchHit, ...]: ...
    def __getitem__(self, index: int | slice) -> SearchHit | tuple[SearchHit, ...]:
        return self._all()[index]

    def _table(self, columns: Iterable[str] | str | None) -> _native.Table:
        return Results(SearchHit, self._all())._table(columns)

    def _repr_html_(self) -> str:
        from . import _html

        return _html.hits(self)

    def __repr__(self) -> str:
        return f"<copkit.SearchHits {len(self)} of {self.total}>"


_RECORDS: dict[str, RecordKind] = {kind.value: kind for kind in RecordKind}
_NO_SNIPPET = Snippet("", (), "")

#: How a field is filled without `__init__`, which would want them all.
_put_id, _put_title, _put_record, _put_kind, _put_language, _put_score, _put_snippet, _put_explanation = (
    vars(SearchHit)[name].__set__
    for name in ("id", "title", "record", "kind", "language", "score", "snippet", "explanation")
)
_put_found = vars(_Found)["_found"].__set__
_new = object.__new__


def _hits(native: _native.Hits) -> tuple[SearchHit, ...]:
    """The hits of a page, each with its id and title."""
    hits = []
    for place, (number, title) in enumerate(native.heads()):
        hit = _new(SearchHit)
        _put_id(hit, _wire.uuid(number))
        _put_title(hit, title)
        _put_found(hit, (native, place))
        hits.append(hit)
    return tuple(hits)
