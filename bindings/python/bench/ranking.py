"""How well copkit ranks judged collections, and how fast, beside tantivy-py and bm25s in the same run.

    python bench/ranking.py DIR…

Each `DIR` is a collection in BEIR layout (see `examples/evaluate.rs`), or a folder of such. Wants a release build of
copkit, and tantivy, bm25s and PyStemmer. Nothing here is a test.
"""

from __future__ import annotations

import json
import math
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import bm25s
import copkit
import Stemmer
import tantivy

#: The ids of what a query finds, best first, at most ten.
Search = Callable[[str], list[str]]


class Collection:
    """Documents, queries, and how well documents answer them."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self.documents = {row["_id"]: (row.get("title") or "", row["text"]) for row in rows(folder / "corpus.jsonl")}
        judged: dict[str, dict[str, float]] = {}
        for line in (folder / "qrels/test.tsv").read_text("utf-8").splitlines()[1:]:
            query, document, gain = line.split("\t")
            judged.setdefault(query, {})[document] = float(gain)
        texts = {row["_id"]: row["text"] for row in rows(folder / "queries.jsonl")}
        self.queries = [(texts[query], gains) for query, gains in judged.items() if max(gains.values()) > 0]


def rows(file: Path) -> Iterator[dict[str, str]]:
    """The records of a file of JSON Lines."""
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def words(description: str) -> str:
    """A description as the words it holds: nothing in it is an operator."""
    text = re.sub(r'["“”*]|(?<=[^\W\d_]):', " ", description)
    return " ".join(run.lstrip("-") if re.search(r"[^\W\d_]", run) else run for run in text.replace("OR", "or").split())


def ours(collection: Collection) -> Search:
    """Through a store, as everybody searches."""
    cop = copkit.in_memory("Judged")
    host = cop.steward()
    names = {}
    with host.transaction() as transaction:
        for name, (title, text) in collection.documents.items():
            added = transaction.resources.add(kind="task", title=title[:300].strip() or "-", body=text[:200_000])
            names[added.id] = name

    def search(text: str) -> list[str]:
        hits = host.search(words(text), facets=False, snippets=False)
        return [names[hit.id] for hit in hits]

    return search


def of_tantivy(tokenizer: str) -> Callable[[Collection], Search]:
    """Its own parser over titles and texts."""

    def made(collection: Collection) -> Search:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        for field in ("title", "text"):
            schema.add_text_field(field, tokenizer_name=tokenizer)
        index = tantivy.Index(schema.build())
        writer = index.writer()
        for name, (title, text) in collection.documents.items():
            writer.add_document(tantivy.Document(id=name, title=title, text=text))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()

        def search(text: str) -> list[str]:
            parsed = index.parse_query(" ".join(re.findall(r"\w+", text.lower())), ["title", "text"])
            return [searcher.doc(at)["id"][0] for _, at in searcher.search(parsed, 10, count=False).hits]

        return search

    return made


def of_bm25s(collection: Collection) -> Search:
    """With its English stop words and Snowball's stems."""
    stemmer = Stemmer.Stemmer("english")
    names = list(collection.documents)
    texts = [f"{title} {text}" for title, text in collection.documents.values()]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def search(text: str) -> list[str]:
        asked = bm25s.tokenize(text, stopwords="en", stemmer=stemmer, show_progress=False)
        found, scores = index.retrieve(asked, k=10, show_progress=False)
        return [names[at] for at, score in zip(found[0], scores[0], strict=True) if score > 0]

    return search


def ndcg(found: list[str], gains: dict[str, float]) -> float:
    """nDCG@10 (Järvelin & Kekäläinen 2002), gains as judged, discount log2(rank + 1)."""

    def dcg(values: list[float]) -> float:
        return sum(value / math.log2(rank + 2) for rank, value in enumerate(values[:10]))

    return dcg([gains.get(name, 0) for name in found]) / dcg(sorted(gains.values(), reverse=True))


PEERS: dict[str, Callable[[Collection], Search]] = {
    "copkit": ours,
    "tantivy-py": of_tantivy("default"),
    "tantivy-py, stems": of_tantivy("en_stem"),
    "bm25s": of_bm25s,
}


def main() -> None:
    """Prints a table of each collection."""
    folders = [Path(argument) for argument in sys.argv[1:]]
    found = [
        each for folder in folders for each in (folder, *sorted(folder.iterdir())) if (each / "corpus.jsonl").is_file()
    ]
    if not found:
        sys.exit(__doc__)
    for folder in found:
        collection = Collection(folder)
        searches = {name: made(collection) for name, made in PEERS.items()}
        scores: dict[str, list[float]] = {name: [] for name in PEERS}
        taken: dict[str, list[float]] = {name: [] for name in PEERS}
        for text, gains in collection.queries:
            # In turn, so that a busy machine slows all alike.
            for name, search in searches.items():
                start = time.process_time()
                answer = search(text)
                taken[name].append((time.process_time() - start) * 1e6)
                scores[name].append(ndcg(answer, gains))
        print(f"\n{collection.name}: {len(collection.documents):,} documents, {len(collection.queries):,} queries\n")
        print("| | nDCG@10 | µs of CPU a query, mean | median |\n|---|--:|--:|--:|")
        for name in PEERS:
            mean, median = statistics.mean(taken[name]), statistics.median(taken[name])
            print(f"| {name} | {statistics.mean(scores[name]):.4f} | {mean:.0f} | {median:.0f} |")


if __name__ == "__main__":
    main()
