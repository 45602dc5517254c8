"""Writing a generation: anew from all passages, or as a copy of the one before with what has changed."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.chroma import Collections
from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.generation import Generation
from knowledge.passage_store import PassageStore
from knowledge.reading import Reading
from knowledge.space import OWN_MEAN_FROM, Space, unit
from knowledge.vector_cache import Progress, VectorCache

BLOCK = 2000
"""Passages handled at a time, so that memory does not grow with the index."""

LABEL_SHARE = 0.3
"""How much a passage's label, its last heading, counts beside the whole of it. A right document comes first for 83 % of
the demo's tuned questions without it, for 87 % at 0.25; where headings are all alike it blurs (banking policies: 35 %
of the needed documents found without it, 32 % at 0.25, 27 % at 1).
"""

PATH_SHARE = 0.3
"""How much the whole of a catalogue path counts beside its end, which is what it means."""


@dataclass(frozen=True)
class Materials:
    """What generations are made with: vectors, mean vectors that ship, the space of given means, where Chroma is."""

    cache: VectorCache
    shipped: Mapping[str, Vectors]
    space: Callable[[Mapping[str, Vectors]], Space]
    connect: Callable[[Path], Callable[[str], Collections]]
    identity: str
    progress: Progress | None


def write_anew(folder: Path, before: Generation | None, reading: Reading, made: Materials) -> str:
    """Write a generation from all its passages. Returns the name of the build its vectors are filed under."""
    held = [*_kept(before, reading), *reading.fresh]
    passages = [passage for _, passage in held]
    _embed(passages, made)
    means = _means(passages, made)
    folder.mkdir()
    with closing(PassageStore(folder / "passages.sqlite3")) as store:
        store.create()
        if before:
            store.set_sources(before.sources(), (), before.entries())
        store.set_sources(reading.digests, reading.gone, reading.entries)
        for start in range(0, len(held), BLOCK):
            store.add(start, held[start : start + BLOCK])
        store.mark_mains()
        store.set_means(means)
        store.set_meta(identity=made.identity, build=folder.name, next_row=len(held), built=len(held), changed=0)
    _write_vectors(folder, np.empty(0, np.intp), passages, made.space(means), made.cache)
    _file_vectors(folder, folder.name, 0, passages, {}, made)
    return folder.name


def write_onto(folder: Path, before: Generation | None, reading: Reading, made: Materials) -> str:
    """Write a generation as a copy of the one before with what has changed. Returns the name of its build."""
    assert before is not None  # noqa: S101  (what was never built is built anew)
    passages = [passage for _, passage in reading.fresh]
    _embed(passages, made)
    shutil.copytree(before.folder, folder)
    with closing(PassageStore(folder / "passages.sqlite3")) as store:
        store.remove(reading.dropped)
        store.move(reading.moved)
        store.add(before.next_row, reading.fresh)
        store.set_sources(reading.digests, reading.gone, reading.entries)
        store.mark_mains()
        store.set_meta(
            next_row=before.next_row + len(passages), changed=before.changed + reading.size,
            dead=json.dumps(before.by_locale(reading.dropped)),
        )  # fmt: skip
    left = np.flatnonzero(~np.isin(before.columns.rows, reading.dropped))
    _write_vectors(folder, left, passages, made.space(before.means), made.cache)
    _file_vectors(folder, before.build, before.next_row, passages, before.dead, made)
    return before.build


def _kept(before: Generation | None, reading: Reading) -> Iterator[tuple[str, Passage]]:
    if before:
        dropped = set(reading.dropped)
        for row, source, passage in before.held():
            if row not in dropped:
                yield reading.moved.get(passage.id, source), passage


def _embed(passages: Sequence[Passage], made: Materials) -> None:
    """Compute the vectors that are not known yet: the long part."""
    made.cache.fill(
        [passage.searchable for passage in passages], [p.label for p in passages if p.label], made.progress
    )  # fmt: skip


def _blocks(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    for start in range(0, len(passages), BLOCK):
        yield passages[start : start + BLOCK]


def _means(passages: Sequence[Passage], made: Materials) -> dict[str, Vectors]:
    """Each locale's mean passage vector where it has enough passages, the shipped one otherwise."""
    sums: dict[str, Vectors] = {}
    counts: dict[str, int] = defaultdict(int)
    for block in _blocks(passages):
        for passage, row in zip(block, made.cache.passages([p.searchable for p in block]), strict=True):
            sums[passage.locale] = sums[passage.locale] + row if passage.locale in sums else row
            counts[passage.locale] += 1
    own = {locale: (sums[locale] / counts[locale]).astype(np.float32) for locale in sums}
    return {**made.shipped, **{locale: own[locale] for locale in own if counts[locale] >= OWN_MEAN_FROM}}


def placed(block: Sequence[Passage], space: Space, cache: VectorCache) -> Vectors:
    """Unit rows of passages, each drawn towards its label."""
    rows = space.passages(cache.passages([p.searchable for p in block]), [p.locale for p in block])
    labelled = [place for place, passage in enumerate(block) if passage.label]
    labels = cache.queries([block[place].label for place in labelled])
    if len(labels):
        spoken = [block[place].locale for place in labelled]
        paths = np.array([block[place].is_path for place in labelled])[:, np.newaxis]
        whole, named = rows[labelled], space.questions(labels, spoken)
        drawn = np.where(paths, space.phrases(named + PATH_SHARE * whole), whole + LABEL_SHARE * named)
        rows[labelled] = drawn
    return unit(rows)


def _write_vectors(
    folder: Path, left: npt.NDArray[np.intp], passages: Sequence[Passage], space: Space, cache: VectorCache
) -> None:
    """The file of vectors, in half precision: those left of the generation before, then those of new passages."""
    path, fresh = folder / "vectors.npy", folder / "vectors.new.npy"
    count = len(left) + len(passages)
    if not count:
        np.save(path, np.empty((0, cache.embedder.dimension), np.float16))
        return
    held = np.lib.format.open_memmap(fresh, "w+", np.float16, (count, cache.embedder.dimension))
    if len(left):
        held[: len(left)] = np.load(path, mmap_mode="r")[left]
    for number, block in enumerate(_blocks(passages)):
        start = len(left) + number * BLOCK
        held[start : start + len(block)] = placed(block, space, cache)
    held.flush()
    fresh.replace(path)


def _file_vectors(
    folder: Path,
    build: str,
    first_row: int,
    passages: Sequence[Passage],
    dead: Mapping[str, list[int]],
    made: Materials,
) -> None:
    """Enter the new vectors in Chroma, and take out what was dropped a generation ago, so that readers of the one
    before this still find all of theirs.
    """
    vectors = np.load(folder / "vectors.npy", mmap_mode="r") if passages else np.empty((0, 0))
    places: dict[str, list[int]] = defaultdict(list)
    for place, passage in enumerate(passages):
        places[passage.locale].append(place)
    with closing(made.connect(folder)(build)) as collections:
        for locale, rows in dead.items():
            collections.remove(locale, np.array(rows, np.int64))
        for locale, own in places.items():
            fresh = np.array(own, np.int64)
            held = vectors[len(vectors) - len(passages) + fresh]
            collections.add(locale, first_row + fresh, np.asarray(held, np.float32))
