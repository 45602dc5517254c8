"""What a search costs: filtered against unfiltered, and against a bare Chroma query of the same k in the same process;
what memory and disk a hundred thousand passages take; how long a sync takes where one document in a hundred changed.

Passages have made-up vectors in 400 topics, so that no hours go into embedding; all else is the product's own path.

Run: .venv/bin/python -m benchmarks.search [PASSAGES]
"""

import resource
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from integrations.threads import calm_threads

calm_threads()

import numpy as np  # noqa: E402

from knowledge.documents import Passage  # noqa: E402
from knowledge.embeddings import Part, Vectors  # noqa: E402
from knowledge.filters import Filter  # noqa: E402
from knowledge.index import Index  # noqa: E402
from knowledge.retrieval import Retriever  # noqa: E402
from knowledge.sources import Source, made_of  # noqa: E402
from knowledge.vector_cache import VectorCache  # noqa: E402

TODAY = date(2026, 6, 1)
MARKETS = ("DE", "FR", "ES", "JP", "BR", "US", "GB", "IT")


class Topics:
    """An embedder of made-up vectors: texts of one topic lie together."""

    identity, dimension, languages = "topics/896", 896, frozenset[str]()
    parts: tuple[Part, ...] = (Part(896),)

    def __init__(self) -> None:
        self._topics = np.random.default_rng(0).standard_normal((400, self.dimension)).astype(np.float32)

    def query(self, text: str) -> Vectors:
        """A topic's vector, moved a little by the text."""
        seed = zlib.crc32(text.encode())
        noise = np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        row = self._topics[int(text.split()[1])] + noise
        return (row / np.linalg.norm(row)).astype(np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        return np.stack([self.query(text) for text in texts])


def passage(number: int, rng: np.random.Generator) -> Passage:
    """A made-up passage: a fifth for staff, half for one or two markets, a third with a validity."""
    topic = int(rng.integers(400))
    words = " ".join(f"w{word}" for word in rng.zipf(1.3, 60) % 20000)
    since = TODAY - timedelta(days=int(rng.integers(-200, 400)))
    limited = bool(rng.random() < 0.33)
    markets = tuple(rng.choice(MARKETS, int(rng.integers(1, 3)), replace=False).tolist()) if rng.random() < 0.5 else ()
    return Passage(
        f"d{number}", "", f"topic {topic} {words}", "en", markets=markets,
        audience="operator" if rng.random() < 0.2 else "shopper",
        valid_from=since if limited else None, valid_until=since + timedelta(days=3000) if limited else None,
    )  # fmt: skip


def median_ms(run: Callable[[str], object], texts: Sequence[str]) -> float:
    """Median time of a call, milliseconds."""
    times = []
    for text in texts:
        begin = time.perf_counter()
        run(text)
        times.append(time.perf_counter() - begin)
    return 1000 * float(np.median(times))


def main() -> None:
    """Print the ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    rng = np.random.default_rng(1)
    texts = [f"topic {rng.integers(400)} " + " ".join(f"w{w}" for w in rng.zipf(1.3, 8) % 20000) for _ in range(200)]
    with tempfile.TemporaryDirectory() as folder:
        cache = VectorCache(Path(folder) / "vectors.sqlite3", Topics())
        index = Index(Path(folder) / "index", cache)
        sources = [made_of(f"s{n}", [passage(n, rng)]) for n in range(count)]
        first = sync(index, sources)
        changed = [made_of(f"s{n}", [passage(n, rng)]) if n % 100 == 0 else s for n, s in enumerate(sources)]
        again = sync(index, changed) / first
        print(f"{count} passages: first sync {first:.1f} s, one in a hundred changed {again:.1%} of it")
        del sources, changed  # who searches does not hold them, and would wait for their garbage collection
        measure(index, cache, texts)
        disk = sum(path.stat().st_size for path in index.generation().folder.rglob("*") if path.is_file())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"disk {disk / 2**20 * 1e5 / count:.0f} MB per 100,000 passages, most memory of this run {memory:.0f} MB")


def sync(index: Index, sources: list[Source]) -> float:
    """Seconds a sync takes."""
    begin = time.perf_counter()
    index.sync(sources, today=TODAY)
    return time.perf_counter() - begin


def measure(index: Index, cache: VectorCache, texts: list[str]) -> None:
    """Print what searches cost, and how many of the nearest ten a filtered search finds."""
    search = Retriever(index, cache.query)
    everything = Filter(audience="operator", on=TODAY)
    narrow = Filter(audience="shopper", market="DE", on=TODAY)
    collection = index.generation().collections()
    for text in texts:
        cache.query(text)
    bare = median_ms(lambda text: collection.nearest("en", cache.query(text), 10), texts)
    plain = median_ms(lambda text: search.search(text, everything, 10, "en", least=0), texts)
    filtered = median_ms(lambda text: search.search(text, narrow, 10, "en", least=0), texts)
    print(f"bare Chroma {bare:.1f} ms, search {plain:.1f} ms ({plain / bare:.2f}x), filtered {filtered:.1f} ms "
          f"({filtered / plain:.2f}x the unfiltered)")  # fmt: skip
    generation, space = index.generation(), index.space()
    hits = []
    for text in texts:
        vector = space.query(cache.query(text), "en", "en")
        places = generation.columns.allowed(Filter(audience="shopper", market="DE", on=TODAY, language="en"))[1]["en"]
        right = places[np.argsort(-generation.cosines(places, vector))[:10]]
        wanted = Filter(audience="shopper", market="DE", on=TODAY, language="en")
        found = generation.nearest(lambda _, v=vector: v, wanted, 40)["en"][0][:10]
        hits.append(len(np.intersect1d(right, found)) / 10)
    print(f"filtered recall@10 {np.mean(hits):.3f}")


if __name__ == "__main__":
    main()
