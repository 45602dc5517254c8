"""Indexes over measuring data, built by the product's own path, with vectors kept between runs."""

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from integrations.threads import calm_threads

calm_threads()

from integrations.shipped import read_means  # noqa: E402
from knowledge.documents import Header, cut_document  # noqa: E402
from knowledge.embeddings import Embedder, Pair  # noqa: E402
from knowledge.filters import Filter  # noqa: E402
from knowledge.index import Index  # noqa: E402
from knowledge.retrieval import Hit, Retriever  # noqa: E402
from knowledge.sources import Source, made_of  # noqa: E402
from knowledge.vector_cache import VectorCache  # noqa: E402

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
KEPT = Path(tempfile.gettempdir()) / "dragoman-benchmarks.sqlite3"


def read(name: str) -> list[dict]:
    """Rows of a measuring file; ends the run in words where the data is not here."""
    path = DATA / name
    if not path.exists():
        raise SystemExit(f"measuring data {name} is not here; nothing measured")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def document(name: str, text: str, locale: str = "en", title: str = "") -> Source:
    """A document as a source."""
    return made_of(name, cut_document(Header(id=name, title=title, locale=locale), text, name))


def open_cache(embedder: Embedder | None = None) -> VectorCache:
    """Vectors of earlier runs."""
    return VectorCache(KEPT, embedder or Pair())


def build(folder: Path, sources: Sequence[Source], cache: VectorCache) -> Retriever:
    """An index of these sources, and search over it."""
    index = Index(folder, cache, read_means())
    index.sync(sources)
    return Retriever(index, lambda text: cache.queries([text])[0])


def documents(hits: Iterable[Hit]) -> list[str]:
    """Documents found, best first, each once."""
    return list(dict.fromkeys(hit.passage.document for hit in hits))


ANYONE = Filter(audience="operator")
