"""What a search answers with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, overload
from uuid import UUID

from . import _native, _wire
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


@dataclass(frozen=True, slots=True)
class SearchHit:
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
        """The record's name, to read it by: ``session.record(hit.reference)``."""
        return RecordRef(self.record, self.id)


class Facets(dict[str, dict[str, int]]):
    """Exact counts over all matches: ``facets["kind"]["task"]``, the most frequent first."""

    def _repr_html_(self) -> str:
        from . import _html

        return _html.facets(self)


class SearchHits(Tabular):
    """A page of hits, in the order asked for."""

    __slots__ = ("_hits", "facets", "next", "not_understood", "respelled", "total")

    #: How many records match in all, exactly.
    total: int
    #: Exact counts over all matches, most frequent first: ``hits.facets["kind"]["task"]``.
    facets: Facets
    #: The parts of the query's text that were left aside.
    not_understood: tuple[str, ...]
    #: The words that nothing seen has, and what was looked for in their place.
    respelled: tuple[Respelling, ...]
    #: Where the next page begins, for `after`; None after the last page.
    next: str | None

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.total = answer["total"]
        self.facets = Facets(
            (facet, {value["value"]: value["count"] for value in values}) for facet, values in answer["facets"].items()
        )
        self.not_understood = tuple(answer["not_understood"])
        self.respelled = tuple(Respelling(it["word"], tuple(it["read_as"])) for it in answer["respelled"])
        self.next = answer["next"]
        self._hits = tuple(_hit(hit) for hit in answer["hits"])

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[SearchHit]:
        return iter(self._hits)

    @overload
    def __getitem__(self, index: int) -> SearchHit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[SearchHit, ...]: ...
    def __getitem__(self, index: int | slice) -> SearchHit | tuple[SearchHit, ...]:
        return self._hits[index]

    def _table(self, columns: Iterable[str] | str | None) -> _native.Table:
        return Results(SearchHit, self._hits)._table(columns)

    def _repr_html_(self) -> str:
        from . import _html

        return _html.hits(self)

    def __repr__(self) -> str:
        return f"<copkit.SearchHits {len(self)} of {self.total}>"


def _hit(raw: Mapping[str, Any]) -> SearchHit:
    snippet = raw["snippet"]
    return SearchHit(
        record=RecordKind(raw["record"]),
        id=UUID(raw["id"]),
        title=raw["title"],
        kind=_wire.resource_kind(raw["kind"]),
        language=raw["language"],
        score=raw["score"],
        snippet=Snippet(snippet["text"], tuple((start, end) for start, end in snippet["highlights"]), snippet["html"]),
        explanation=tuple(Reason(**reason) for reason in raw["explanation"]),
    )
