"""Many threads search at once while another publishes: each search sees one whole generation, and old ones are let
go of.
"""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge import generation as generation_module
from knowledge.documents import Passage
from knowledge.filters import Filter
from knowledge.retrieval import Hit, Retriever
from knowledge.vector_cache import VectorCache, write_shipped
from tests.knowledge.conftest import TODAY, Letters, open_index, passage, sync

THREADS = 8
EDITIONS = 6
WANTED = Filter(on=TODAY)


def edition(number: int) -> list[Passage]:
    """What the shop says in one edition: every passage changes, in two languages, one of which is the reader's."""
    said = [(f"d{n}", locale) for n in range(20) for locale in ("en", "de")]
    return [passage(name, f"Edition {number} of {name}.", locale=locale) for name, locale in said]


def search(retriever: Retriever, text: str) -> list[Hit]:
    return retriever.search(text, WANTED, 30, "de", least=-1)


def editions_in(hits: list[Hit]) -> set[str]:
    return {hit.passage.text.split(" of ")[0] for hit in hits}


@pytest.mark.parametrize("exact", [3000, 0], ids=["computed", "asked of Chroma"])
def test_searches_from_many_threads_each_see_one_generation_while_others_are_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact: int
) -> None:
    monkeypatch.setattr(generation_module, "EXACT", exact)
    index = open_index(tmp_path)
    retriever = Retriever(index, Letters().query)
    sync(index, *edition(0))
    first = weakref.ref(index.generation())
    published = threading.Event()

    def keep_searching(own: int) -> list[set[str]]:
        seen = []
        while not published.is_set():
            seen.append(editions_in(search(retriever, f"which edition of d{own}")))
        return seen + [editions_in(search(retriever, "which edition"))]

    with ThreadPoolExecutor(THREADS) as pool:
        searching = [pool.submit(keep_searching, own) for own in range(THREADS)]
        try:
            for number in range(1, EDITIONS):
                sync(index, *edition(number))
        finally:
            published.set()
        seen = [editions for done in searching for editions in done.result()]
    assert all(len(editions) == 1 for editions in seen)
    assert len(set.union(*seen)) > 1
    assert all(done.result()[-1] == {f"Edition {EDITIONS - 1}"} for done in searching)
    gc.collect()
    assert first() is None


def test_what_is_found_at_once_is_what_is_found_alone(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    retriever = Retriever(index, Letters().query)
    sync(index, *edition(0))
    texts = [f"edition of d{n}" for n in range(60)]
    alone = [search(retriever, text) for text in texts]
    index.close()
    together = threading.Barrier(THREADS)

    def wait_and_search(text: str) -> list[Hit]:
        if text in texts[:THREADS]:
            together.wait(10)  # all open the index, and Chroma, at once
        return search(retriever, text)

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(wait_and_search, texts)) == alone


def test_a_search_under_way_when_the_index_is_closed_comes_to_its_end(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, *edition(0))
    asked, closed = threading.Event(), threading.Event()

    def slow(text: str) -> np.ndarray:
        asked.set()
        assert closed.wait(10)
        return Letters().query(text)

    with ThreadPoolExecutor(1) as pool:
        searching = pool.submit(search, Retriever(index, slow), "which edition")
        assert asked.wait(10)
        index.close()
        closed.set()
        assert editions_in(searching.result()) == {"Edition 0"}


def test_shipped_vectors_are_read_whole_before_any_thread_sees_them(tmp_path: Path) -> None:
    texts = [f"text {n}" for n in range(50)]
    shipped = tmp_path / "vectors.npz"
    write_shipped(shipped, VectorCache(tmp_path / "first.sqlite3", Letters()), texts, [])
    embedder = Letters()
    cache = VectorCache(tmp_path / "second.sqlite3", embedder, [shipped])
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda text: cache.passages([text]), texts))
    assert embedder.asked == []
