"""What may be found: by meaning and by words, among few passages and among more than are compared one by one."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import generation as generation_module
from knowledge.chroma import Collections
from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.filters import Filter, allows
from knowledge.generation import Generation
from knowledge.index import Index
from knowledge.retrieval import Retriever
from knowledge.sources import made_of
from tests.knowledge.conftest import Letters, found, nearest, open_index, passage, sync

DAY = date(2026, 7, 1)
UNMARKED = {"everywhere", "lamp", "chair", "future"}

SHELF = [
    passage("everywhere"), passage("brazil", markets=("BR",)), passage("union", markets=("EU",)),
    passage("either", markets=("JP", "GB")), passage("desk", audience="operator"),
    passage("past", valid_until=date(2026, 6, 30)), passage("future", valid_from=date(2026, 7, 1)),
    passage("lamp", kind="product", product_id="P-1"), passage("chair", kind="product", product_id="P-2"),
]  # fmt: skip


@pytest.fixture(scope="module")
def filtered(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = open_index(tmp_path_factory.mktemp("filtered"))
    sync(index, *SHELF)
    return index


def test_operators_find_what_shoppers_do_not(filtered: Index) -> None:
    shopper, operator = found(filtered, Filter(on=DAY)), found(filtered, Filter(on=DAY, audience="operator"))
    assert operator - shopper == {"desk"}
    assert shopper < operator


@pytest.mark.parametrize(
    ("market", "more"),
    [("BR", {"brazil"}), ("DE", {"union"}), ("JP", {"either"}), ("US", set()), ("", {"brazil", "union", "either"})],
)
def test_a_market_finds_what_is_for_it_or_for_everywhere(filtered: Index, market: str, more: set[str]) -> None:
    assert found(filtered, Filter(market=market, on=DAY)) == UNMARKED | more


@pytest.mark.parametrize(
    ("day", "valid"), [(date(2026, 6, 30), {"past"}), (date(2026, 7, 1), {"future"}), (date(2000, 1, 1), {"past"})]
)
def test_the_first_and_the_last_day_of_validity_both_count(filtered: Index, day: date, valid: set[str]) -> None:
    assert found(filtered, Filter(on=day)) & {"past", "future"} == valid


def test_a_kind_and_products_narrow_the_search(filtered: Index) -> None:
    assert found(filtered, Filter(on=DAY, kinds=("product",))) == {"lamp", "chair"}
    assert found(filtered, Filter(on=DAY, product_ids=("P-2", "P-9"))) == {"chair"}
    assert found(filtered, Filter(on=DAY, kinds=("policy",), product_ids=("P-2",))) == set()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["shopper", "operator"]), st.sampled_from(["", "BR", "DE", "JP", "US"]),
    st.dates(date(2026, 6, 29), date(2026, 7, 2)) | st.just(date.max),
)  # fmt: skip
def test_a_passage_is_allowed_alone_as_it_is_among_all(filtered: Index, audience: str, market: str, day: date) -> None:
    wanted = Filter(audience=audience, market=market, on=day)
    assert found(filtered, wanted) == {shown.document for shown in SHELF if allows(shown, wanted)}


def test_other_languages_are_found_only_where_a_document_has_neither_the_readers_nor_english(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(
        index, passage("both"), passage("both", locale="de"), passage("both", locale="ja"),
        passage("german", locale="de"), passage("english"), passage("some", locale="fr"), passage("some", locale="de"),
    )  # fmt: skip
    shown = {i.rpartition("#")[0] for i, _ in nearest(index, "text", Filter(language="ja"), 9)}
    assert shown == {"both@ja", "both@en", "german@de", "english@en", "some@de"}
    assert found(index, Filter(language="xx")) == {"both", "german", "english", "some"}


def test_the_language_others_find_a_document_in_changes_as_its_translations_come_and_go(tmp_path: Path) -> None:
    index, base = open_index(tmp_path), [passage(f"m{n}") for n in range(9)]
    english, german, french = passage("a"), passage("a", locale="de"), passage("a", locale="fr")
    for shown, held in (("de", [german, french]), ("en", [english, german, french]), ("fr", [french])):
        sync(index, *base, *held)
        ids = [i for i, _ in nearest(index, "text", Filter(language="ja"), 20) if i.startswith("a@")]
        assert [i.partition("#")[0] for i in ids] == [f"a@{shown}"]


def test_a_change_of_who_may_read_a_passage_is_a_change(tmp_path: Path) -> None:
    index, base = open_index(tmp_path), [passage(f"m{n}") for n in range(9)]
    sync(index, *base, passage("a"))
    change = sync(index, *base, passage("a", audience="operator"))
    assert (change.added, change.removed) == (1, 1)
    assert "a" not in found(index, Filter())
    assert "a" in found(index, Filter(audience="operator"))


def test_a_twin_in_the_readers_language_that_may_not_be_shown_is_not(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, passage("a"), passage("a", "Der Text.", locale="de", audience="operator"), passage("b"))
    hits = Retriever(index, Letters().query).search("The text of a.", Filter(), 5, "de", least=-1)
    assert {hit.passage.text for hit in hits} == {"The text of a.", "The text of b."}


class Random(Letters):
    """An embedder whose vectors say nothing, the same for the same text."""

    identity = "random/16/1"

    def row(self, text: str) -> Vectors:
        rows = np.random.default_rng(list(text.encode())).normal(size=self.dimension)
        return (rows / np.linalg.norm(rows)).astype(np.float32)


COUNT = 4000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = open_index(tmp_path_factory.mktemp("large"), Random())
    index.sync([
        made_of(f"s{n}", [passage(f"d{n}", f"Text {n}", product_id=f"P-{n % 500}", locale="en" if n % 3 else "de",
                                  markets=("BR",) if n % 7 else ("JP",))])
        for n in range(COUNT)
    ])  # fmt: skip
    return index


def nearest_places(generation: Generation, query: Vectors, wanted: Filter) -> dict[str, list[int]]:
    found = generation.nearest(lambda _: query, wanted, 10)
    for places, cosines in found.values():
        assert np.all(np.diff(cosines) <= 1e-6)
        assert np.allclose(cosines, generation.cosines(places, query), atol=2e-3)
    return {locale: places.tolist() for locale, (places, _) in found.items()}


@pytest.fixture
def asked_for(large: Index, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows Chroma was asked for, each time."""
    counted: list[int] = []
    held = large.generation().collections()

    def nearest(locale: str, vector: Vectors, limit: int) -> object:
        counted.append(limit)
        return Collections.nearest(held, locale, vector, limit)

    monkeypatch.setattr(held, "nearest", nearest)
    return counted


@pytest.mark.parametrize(
    ("wanted", "asks"),
    [
        (Filter(), 2), (Filter(market="JP"), 2), (Filter(product_ids=tuple(f"P-{n}" for n in range(90))), 2),
        (Filter(product_ids=("P-3", "P-4", "P-400")), 0), (Filter(market="JP", product_ids=("P-7",)), 0),
    ],
)  # fmt: skip
def test_chroma_finds_the_same_ten_as_comparing_one_by_one(
    large: Index, monkeypatch: pytest.MonkeyPatch, asked_for: list[int], wanted: Filter, asks: int
) -> None:
    generation, agreed, total = large.generation(), 0, 0
    for number in range(12):
        query = Random().row(f"question {number}")
        exact = nearest_places(generation, query, wanted)
        assert set(exact) == {"en", "de"}
        assert asked_for == []
        with monkeypatch.context() as patched:
            patched.setattr(generation_module, "EXACT", 150)
            near = nearest_places(generation, query, wanted)
        assert len(asked_for) >= asks
        assert bool(asked_for) is bool(asks)
        asked_for.clear()
        assert {locale: len(places) for locale, places in near.items()} == {k: len(v) for k, v in exact.items()}
        agreed += sum(len({*near[locale]} & {*exact[locale]}) for locale in exact)
        total += sum(map(len, exact.values()))
    assert agreed >= 0.98 * total


def test_chroma_is_asked_for_more_and_then_no_more_where_the_filter_leaves_too_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, limits, ask = open_index(tmp_path), list[int](), Collections.nearest
    sync(index, *(passage(f"d{n}", f"{'ae'[n % 2] * 40}{n}", product_id=f"P-{n % 2}") for n in range(800)))

    def counted(held: Collections, locale: str, vector: Vectors, limit: int) -> object:
        limits.append(limit)
        return ask(held, locale, vector, limit)

    monkeypatch.setattr(Collections, "nearest", counted)
    monkeypatch.setattr(generation_module, "EXACT", 200)
    wanted, query = Filter(product_ids=("P-1",)), index.space().query(Letters().row("a" * 40), "en", "en")
    places = nearest_places(index.generation(), query, wanted)["en"]
    assert limits == [36, 144]
    monkeypatch.setattr(generation_module, "EXACT", 800)
    assert nearest_places(index.generation(), query, wanted)["en"] == places
    assert len(places) == 10


def test_a_filter_that_lets_nothing_through_asks_nobody(large: Index, asked_for: list[int]) -> None:
    generation = large.generation()
    for wanted in (Filter(product_ids=("P-none",)), Filter(on=date(1, 1, 1), kinds=("product",)), Filter(market="XX")):
        assert generation.nearest(lambda _: Random().row("q"), wanted, 10) == {}
        assert len(generation.matching(generation.ask("Text 7"), wanted, 10)) == 0
        assert Retriever(large, Random().query).search("Text 7", wanted, least=-1) == []
    assert asked_for == []


def test_an_unknown_audience_sees_what_shoppers_do(filtered: Index) -> None:
    assert found(filtered, Filter(audience="nobody", on=DAY)) == found(filtered, Filter(on=DAY))


def test_changed_shelves_are_not_mistaken_for_those_before(tmp_path: Path) -> None:
    def shown(passages: Sequence[Passage]) -> set[str]:
        sync(index, *passages)
        return found(index, Filter(market="JP", on=DAY))

    index = open_index(tmp_path)
    assert shown(SHELF) - shown(SHELF[1:]) == {"everywhere"}
