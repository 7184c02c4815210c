"""How fast copkit is, beside its peers in the same run: CPU time, medians. Trust the ratios.

    python bench/bench.py [--resources 100000] [--wheel FILE]

Wants a release build of copkit, and polars, pyarrow and tantivy. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import copkit
import polars as pl
import pyarrow as pa

COLUMNS = ["id", "kind", "title", "language", "grades", "state", "school_year", "created_at"]
ABOUT = (
    "fraction strip number line talk equal third half sixth area model ratio table graph slope function angle triangle "
    "measure data plot mean explain reason compare estimate pattern array group share unit whole part decimal percent"
)
TOPICS = ABOUT.split()
QUERIES = ["fraction", "number line", "area model ratio", "estimate pattern share", "slope", "triangle angle measure"]


def cpu(work: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of CPU time, of all threads of this process."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        kept = work()
        taken.append(time.process_time() - start)
        del kept
    return statistics.median(taken) * 1e3


def bar(what: str, value: float, limit: float, unit: str, least: bool = False) -> None:
    """One of the bars, met or missed."""
    met = value >= limit if least else value <= limit
    sign = "≥" if least else "≤"
    print(f"  {'met   ' if met else 'MISSED'} {what}: {value:.2f}{unit} ({sign} {limit:g}{unit})")


def line(what: str, value: float, unit: str = "ms") -> None:
    """One number."""
    print(f"         {what}: {value:,.2f} {unit}")


def documents(count: int) -> list[dict[str, Any]]:
    """Made-up resources, the same each time."""
    dice = random.Random(7)
    # Words as a language has them: few are in every second text, most are rare (Zipf).
    words = ["".join(dice.choices(["ka", "to", "mi", "ren", "sol", "vu", "pel", "dra"], k=3)) for _ in range(500)]
    words += TOPICS + ["".join(dice.choices("abdefgiklmnoprstu", k=7)) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]

    def text(length: int) -> str:
        return " ".join(dice.choices(words, weights, k=length))

    kinds = ["task", "lesson_plan", "video", "rubric", "tool"]
    return [
        {
            "id": f"bench:{n}",
            "title": text(6),
            "description": text(60),
            "type": dice.choice(kinds),
            "grades": [f"{dice.randint(1, 8):02}", "09"],
            "url": f"https://example.org/{n}",
        }
        for n in range(count)
    ]


def tables(path: Path, count: int) -> None:
    """A hundred thousand resources to polars."""
    print(f"\n{count:,} resources, {len(COLUMNS)} columns, to polars")
    query = f"select {', '.join(COLUMNS)} from resource where deleted = 0 order by seq"
    with sqlite3.connect(path) as raw:
        rows = raw.execute(query).fetchall()
        scan = cpu(lambda: raw.execute(query).fetchall())
        inside = ", ".join(f"sum(length({column}))" for column in COLUMNS)
        within = cpu(lambda: raw.execute(f"select {inside} from resource where deleted = 0").fetchall())

        def dicts() -> pl.DataFrame:
            found = [dict(zip(COLUMNS, row, strict=True)) for row in raw.execute(query)]
            for each in found:
                each["grades"] = json.loads(each["grades"])
            return pl.DataFrame(found)

        of_dicts = cpu(dicts, 3)
    raw.close()
    with copkit.open(path) as cop:
        resources = cop.steward().resources
        ours = cpu(lambda: resources.to_polars(COLUMNS))
        ready = cpu(lambda: resources.table(COLUMNS))
        records = cpu(lambda: pl.DataFrame([{name: getattr(each, name) for name in COLUMNS} for each in resources]), 1)
        assert resources.to_polars(COLUMNS).height == len(rows) == count
        line("copkit to polars", ours)
        line("  of it: the scan and the batches", ready)
        line("sqlite3 fetchall of the same columns", scan)
        line("SQLite alone, nothing handed over", within)
        line("sqlite3, a list of dicts, to polars", of_dicts)
        line("copkit records, a list of dicts, to polars", records)
        bar("to the raw SQLite scan", ours / scan, 1.5, "×")
        bar("to a list of dicts", of_dicts / ours, 12, "×", least=True)
        bar("to a list of dicts of records", records / ours, 12, "×", least=True)
        table = resources.table(COLUMNS)

        def addresses() -> list[int]:
            taken = pa.table(table)
            chunks = [
                chunk for name in COLUMNS for chunk in taken.column(name).chunks if chunk.type != pa.string() or 1
            ]
            return [buffer.address for chunk in chunks for buffer in chunk.buffers() if buffer is not None]

        one, other = addresses(), addresses()
        bar(f"buffers copied on handing over {len(one)}", sum(a != b for a, b in zip(one, other, strict=True)), 0, "")
        line("handing a ready table to pyarrow", cpu(lambda: pa.table(table)))
        line("handing a ready table to polars", cpu(lambda: pl.DataFrame(table)))


def searching(path: Path, made: Sequence[dict[str, Any]]) -> None:
    """What Python costs on top of the search itself, and tantivy-py."""
    import tantivy

    print(f"\ntop 10 of {len(made):,} documents, ids and titles read, µs a search, median of each query's fastest half")
    schema = tantivy.SchemaBuilder()
    for name in ("title", "description"):
        schema.add_text_field(name, stored=name == "title", tokenizer_name="en_stem")
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    index = tantivy.Index(schema.build())
    writer = index.writer()
    for each in made:
        writer.add_document(tantivy.Document(title=each["title"], description=each["description"], id=each["id"]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def theirs(text: str) -> list[tuple[str, str]]:
        parsed = index.parse_query(text, ["title", "description"])
        found = [searcher.doc(address) for _, address in searcher.search(parsed, 10, count=False).hits]
        return [(doc["id"][0], doc["title"][0]) for doc in found]

    with copkit.open(path) as cop:
        me = cop.as_member(next(iter(cop.steward().members)))
        me.search("fraction")

        def ours(text: str) -> copkit.SearchHits:
            return me.search(text, facets=False, snippets=False)

        def read(text: str) -> list[tuple[Any, str]]:
            return [(hit.id, hit.title) for hit in ours(text)]

        over, over_read, call, peer = [], [], [], []
        for text in QUERIES:
            assert len(read(text)) == len(theirs(text)) == 10
            ran: dict[str, list[float]] = {"ours": [], "inside": [], "read": [], "theirs": []}
            for _ in range(400):
                start = time.perf_counter()
                hits = ours(text)
                ran["ours"].append((time.perf_counter() - start) * 1e6 - hits._native.nanoseconds / 1e3)
                ran["inside"].append(hits._native.nanoseconds / 1e3)
                start = time.perf_counter()
                found = [(hit.id, hit.title) for hit in hits]
                ran["read"].append((time.perf_counter() - start) * 1e6)
                start = time.perf_counter()
                theirs(text)
                ran["theirs"].append((time.perf_counter() - start) * 1e6)
                del found
            quiet = {name: statistics.median(sorted(taken)[: len(taken) // 2]) for name, taken in ran.items()}
            over.append(quiet["ours"])
            over_read.append(quiet["ours"] + quiet["read"])
            call.append(quiet["inside"])
            peer.append(quiet["theirs"])
            print(
                f"         {text!r}: Rust {quiet['inside']:.0f}, over it {quiet['ours']:.1f}, reading ten hits"
                f" {quiet['read']:.1f}; tantivy-py {quiet['theirs']:.0f}"
            )
        bar("over the Rust call", statistics.median(over), 20, " µs")
        bar("over the Rust call, with ten hits read", statistics.median(over_read), 20, " µs")
        total = [a + b for a, b in zip(call, over_read, strict=True)]
        ratios = [a / b for a, b in zip(total, peer, strict=True)]
        bar("to tantivy-py, median over the queries", statistics.median(ratios), 1, "×")


def importing() -> None:
    """What `import copkit` costs."""
    print("\nimport, ms of CPU time, median of 15 processes")
    code = "import time; start = time.process_time(); import {}; print((time.process_time() - start) * 1e3)"

    def of(module: str) -> float:
        command = [sys.executable, "-c", code.format(module)]
        runs = [float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(15)]
        return statistics.median(runs)

    ours = of("copkit")
    line("polars", of("polars"))
    line("dataclasses, json, uuid and datetime alone", of("dataclasses, json, uuid, datetime"))
    bar("copkit", ours, 15, " ms")


def threads(path: Path) -> None:
    """Eight threads against one."""
    print(f"\n8 threads on {os.cpu_count()} cores: wall time, as many times as fast as one after another")
    some_bytes = bytes(3_000_000)
    with copkit.open(path) as cop:
        me = cop.steward()
        some = [each.id for each in me.resources.page(1000).items]
        works: dict[str, Callable[[], object]] = {
            "search": lambda: [me.search(text, facets=False) for text in QUERIES for _ in range(20)],
            "get": lambda: [me.resources.get(id) for id in some],
            "table": lambda: me.resources.table(COLUMNS),
            "hashlib, which leaves the interpreter too": lambda: [sha256(some_bytes).digest() for _ in range(20)],
        }
        for name, work in works.items():
            work()
            start = time.perf_counter()
            for _ in range(8):
                work()
            alone = time.perf_counter() - start
            running = [threading.Thread(target=work) for _ in range(8)]
            start = time.perf_counter()
            for thread in running:
                thread.start()
            for thread in running:
                thread.join()
            line(name, alone / (time.perf_counter() - start), "×")


def main() -> None:
    """All of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--resources", type=int, default=100_000)
    arguments.add_argument("--wheel", type=Path)
    given = arguments.parse_args()
    made = documents(given.resources)
    print(f"copkit {copkit.__version__}, polars {pl.__version__}, CPython {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.cop"
        with copkit.create(path, "Bench") as cop:
            host = cop.steward()
            host.members.add(given="Ana", family="Ruiz")
            start = time.process_time()
            lines = "\n".join(json.dumps(each) for each in made).encode()
            assert host.import_resources(lines).records["resource"].added == given.resources
            line("importing them", (time.process_time() - start), "s")
            cop.catch_up()
        tables(path, given.resources)
        searching(path, made)
        threads(path)
    importing()
    if given.wheel is not None:
        print(f"\n{given.wheel.name}")
        bar("the wheel", given.wheel.stat().st_size / 1e6, 8, " MB")


if __name__ == "__main__":
    main()
