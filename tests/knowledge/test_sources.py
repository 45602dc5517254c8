"""However sources come, change and go, the index they are synced into is the one built of them from scratch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Passage
from knowledge.filters import Filter
from knowledge.index import Index
from knowledge.retrieval import Retriever
from knowledge.sources import Source, digest_of, made_of
from tests.knowledge.conftest import TODAY, Letters, open_index, passage

WORDS = ("oak", "lamp", "返品送料", "AB-12/3", "postage", "Lieferung", "gift")
LOCALES = ("en", "de", "ja")
STEADY = [made_of(f"steady{n}", [passage(f"steady{n}", f"{WORDS[n % 7]} number {n}")]) for n in range(10)]
QUESTIONS = ("oak lamp", "返品送料", "AB-12/3", "wieviel kostet die Lieferung", "xyz")


def unreadable() -> Sequence[Passage]:
    raise ValueError("not closed")


@st.composite
def a_source(draw: st.DrawFn, document: str) -> Source:
    """A document as it may be found: moved or not, broken, in some languages, in some pieces, soon to expire."""
    name = draw(st.sampled_from([document, f"moved/{document}"]))
    if draw(st.integers(0, 7)) == 0:
        return Source(name, "broken", unreadable)
    until = draw(st.sampled_from([None, None, TODAY, TODAY + timedelta(1)]))
    texts = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3)
    locales = draw(st.sets(st.sampled_from(LOCALES), min_size=1))
    audience = draw(st.sampled_from(["shopper", "operator"]))
    return made_of(name, [
        passage(document, text, locale=locale, number=number, valid_until=until, audience=audience)
        for locale in sorted(locales) for number, text in enumerate(draw(texts))
    ])  # fmt: skip


@st.composite
def a_state(draw: st.DrawFn) -> list[Source]:
    chosen = draw(st.sets(st.sampled_from("abcd")))
    steady = STEADY[: draw(st.sampled_from([10, 10, 10, 9, 2]))]
    return [*steady, *(draw(a_source(document)) for document in sorted(chosen))]


def told(index: Index) -> dict[str, Any]:
    """Everything an index says, whatever rows it keeps it in."""
    generation = index.generation()
    places = {row: i for i, row in zip(generation.ids(), generation.columns.rows.tolist(), strict=True)}
    main = dict(zip(generation.ids(), generation.columns._main.tolist(), strict=True))
    counts = dict(generation._store.execute("select term, passages from counts where passages != 0"))
    return {
        "ids": set(places.values()), "main": main, "counts": counts, "sources": generation.sources(),
        "entries": set(generation.entries()), "owners": {p.id: source for _, source, p in generation.held()},
        "locales": generation.locales(), "chroma": filed(index, places), "found": searched(index),
    }  # fmt: skip


def filed(index: Index, places: dict[int, str]) -> dict[str, set[str]]:
    """Ids of what is in Chroma, by locale, but for rows that went with the last sync."""
    collections = index.generation().collections()
    row = Letters().row("oak")
    found = {
        locale: collections.nearest(locale, row, collections.count(locale))[0].tolist()
        for locale in index.generation().locales()
    }
    return {locale: {places[row] for row in rows if row in places} for locale, rows in found.items()}


def searched(index: Index) -> dict[tuple[str, str], dict[str, float]]:
    retriever = Retriever(index, Letters().query)
    return {
        (text, audience): {
            hit.passage.id: round(hit.score, 2)
            for hit in retriever.search(text, Filter(audience=audience, on=TODAY), 100, "en", least=-1)
        }
        for text in QUESTIONS
        for audience in ("shopper", "operator")
    }


def words(index: Index) -> dict[str, set[str]]:
    """Ids by each word that finds them in the full-text index."""
    generation, found = index.generation(), {}
    for text in WORDS:
        places = generation.matching(generation.ask(text), Filter(audience="operator"), 100)
        found[text] = {generation.ids()[place] for place in places}
    return found


def agree(synced: Index, fresh: Index) -> None:
    assert told(synced) == told(fresh)
    assert words(synced) == words(fresh)
    ids = synced.generation().ids()
    if ids:
        assert np.allclose(synced.generation().vectors(ids), fresh.generation().vectors(ids), atol=1e-3)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(a_state(), st.integers(0, 1)), min_size=2, max_size=4))
def test_any_syncs_one_after_another_end_where_a_build_from_scratch_does(steps: list[tuple[list[Source], int]]) -> None:
    with TemporaryDirectory() as home:
        synced, today = opened(home, "synced"), TODAY
        for number, (sources, days) in enumerate(steps):
            today += timedelta(days)
            change, fresh = synced.sync(sources, today=today), opened(home, f"fresh{number}")
            assert fresh.sync(sources, today=today).problems == change.problems
            agree(synced, fresh)
            fresh.close()
        synced.close()


def opened(home: str, name: str) -> Index:
    (Path(home) / name).mkdir()
    return open_index(Path(home) / name)


def test_a_digest_changes_with_every_part_and_with_where_parts_end() -> None:
    digests = {digest_of("a", "b"), digest_of("ab"), digest_of("a", "b", ""), digest_of("b", "a"), digest_of()}
    assert len(digests) == 5
    assert digest_of("ä") == digest_of("ä".encode())
    assert digest_of("\ud800")


@pytest.mark.parametrize(
    "change", [{"text": "Other."}, {"audience": "operator"}, {"valid_until": date(2026, 1, 1)}, {"markets": ("JP",)}]
)
def test_a_source_of_passages_changes_with_anything_they_say(change: dict[str, Any]) -> None:
    one = passage("a")
    assert made_of("s", [one]).digest == made_of("s", iter([passage("a")])).digest
    assert made_of("s", [one]).digest != made_of("s", [replace(one, **change)]).digest
    assert made_of("s", []).read() == ()
