"""In which order passages are shown, on one scale for all languages; codes come first or not at all."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from knowledge.aptness import Question
from knowledge.documents import Passage
from knowledge.filters import Filter
from knowledge.index import Index
from knowledge.keywords import Asked, ask, create_tables, keywords, terms
from knowledge.ranking import Candidate, rank, scale_of
from knowledge.retrieval import CANDIDATES, MOST_PIECES, PIECE, Hit, Retriever
from tests.knowledge.conftest import Letters, open_index, passage, sync

PRODUCTS = [
    passage("mug", "The mug of stoneware (SKU AQ-MUG-01)."), passage("bowl", "The bowl of stoneware (SKU AQ-MUG-02)."),
    passage("charger", "The charger fits the model KX4410."), passage("parcel", "Parcel 1Z999AA10123456784 is lost."),
    passage("order", "Order #W1234567 was sent."), passage("lamp", "A lamp of oak with a warm light."),
    passage("ean", "Its EAN is 4006381333931."),
]  # fmt: skip


def plain(asked: Asked, text: str = "") -> Question:
    return Question(text, np.zeros(4, np.float32), asked)


def filled(folder: Path, *passages: Passage) -> Index:
    index = open_index(folder)
    sync(index, *passages)
    return index


def search(index: Index, text: str, limit: int = 10, **options: float) -> list[Hit]:
    return Retriever(index, Letters().query).search(text, Filter(), limit, "en", **{"least": -1, **options})  # type: ignore[arg-type]


def test_a_path_that_lies_near_all_others_steps_back() -> None:
    def path(name: str, cosine: float, row: list[float]) -> Candidate:
        own = passage(name, f"Goods > {name}", heading=("Goods", name))
        return Candidate(own, terms([]), cosine, cosine / 0.1, np.array(row, np.float32))

    asked = Asked(terms([]), np.zeros(0, np.float32), np.zeros(0, np.int64), terms([]), False)
    middle = path("Middle", 0.52, [0.7, 0.7, 0.0])
    aside = path("Aside", 0.5, [0.0, 0.0, 1.0])
    others = [path("One", 0.1, [1.0, 0.0, 0.0]), path("Two", 0.1, [0.0, 1.0, 0.0])]
    assert documents(rank([middle, aside, *others], plain(asked), Filter(language="en")))[0] == "Aside"


@pytest.mark.parametrize(("kind", "one_is_enough"), [("product", False), ("policy", True)])
def test_of_a_product_a_single_near_passage_is_near_by_chance(kind: str, one_is_enough: bool) -> None:
    asked = Asked(terms([]), np.zeros(0, np.float32), np.zeros(0, np.int64), terms([]), False)

    def score(*cosines: float) -> float:
        found = [
            Candidate(passage(f"{c}", "It is.", kind=kind), terms([]), c, 10 * c, np.zeros(3, np.float32))
            for c in cosines
        ]
        return rank(found, plain(asked), Filter(language="en"))[0].score

    assert (score(0.6, 0.1, 0.1) == score(0.6, 0.5, 0.5)) is one_is_enough
    assert score(0.6) >= score(0.6, 0.5, 0.5)


def documents(hits: list[Hit]) -> list[str]:
    return [hit.passage.document for hit in hits]


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return filled(tmp_path_factory.mktemp("codes"), *PRODUCTS)


@pytest.mark.parametrize(
    ("code", "document"),
    [
        ("AQ-MUG-01", "mug"), ("aq-mug-01", "mug"), ("AQMUG01", "mug"), ("AQ_MUG_02", "bowl"), ("AQ-MUG01?", "mug"),
        ("KX4410", "charger"), ("kx-4410", "charger"), ("KX-44-10", "charger"), ("#W1234567", "order"),
        ("W1234567", "order"), ("1z999aa10123456784", "parcel"), ("4006381333931", "ean"),
    ],
)  # fmt: skip
def test_a_code_alone_finds_what_holds_it_however_it_is_written(products: Index, code: str, document: str) -> None:
    assert documents(search(products, code)) == [document]


@pytest.mark.parametrize(
    "code", ["AQ-MUG-03", "AQ-MUG-1", "AQ-MUG-011", "KX4411", "#W1234568", "4006381333932", "ZZ-99"]
)
def test_a_near_miss_or_an_unknown_code_finds_nothing(products: Index, code: str) -> None:
    assert search(products, code) == []
    assert search(products, f" {code}?") == []


def test_several_codes_find_what_holds_any_of_them(products: Index) -> None:
    assert set(documents(search(products, "AQ-MUG-01, KX4410"))) == {"mug", "charger"}


@pytest.mark.parametrize("text", ["What is AQ-MUG-02 made of?", "a lamp of oak with warm light KX4410"])
def test_a_code_among_words_comes_first_and_others_may_follow(products: Index, text: str) -> None:
    hits = search(products, text)
    assert documents(hits)[0] == ("bowl" if "MUG" in text else "charger")
    assert len(hits) > 1


def test_a_near_miss_among_words_is_not_taken_for_the_code(products: Index) -> None:
    with_code, without = (search(products, text) for text in ("lamp of oak AQ-MUG-03", "lamp of oak"))
    assert documents(with_code)[0] == documents(without)[0] == "lamp"


@pytest.mark.parametrize("count", [0, 1, 2, 10])
def test_a_tiny_index_ranks_what_answers_first(tmp_path: Path, count: int) -> None:
    noise = [passage(f"noise{n}", f"{'qzxj'[n % 4] * 9} {n}") for n in range(count - 1)]
    index = filled(
        tmp_path, *([passage("returns", "Send your order back within thirty days."), *noise] if count else [])
    )
    hits = search(index, "send my order back in thirty days")
    assert documents(hits)[:1] == (["returns"] if count else [])
    assert len(hits) == count
    assert all(0 <= hit.score <= 1 for hit in hits)
    if count > 1:
        assert hits[0].score > hits[1].score


def test_in_an_index_of_one_what_does_not_answer_is_less_likely_than_what_does(tmp_path: Path) -> None:
    index = filled(tmp_path, passage("returns", "Send your order back within thirty days."))
    (good,), (bad,) = search(index, "send my order back in thirty days"), search(index, "qzx jjj kkk vvv")
    assert good.score > 0.5 > bad.score


def asked(text: str = "", *held: str) -> Asked:
    store = sqlite3.connect(":memory:")
    create_tables(store)
    question = ask(store, text, len(held))
    store.close()
    return question


LONG = " ".join(f"different{n} words{n}" for n in range(40))
"""A text long enough for its words to count in full."""


def candidate(name: str, cosine: float = 0.3, text: str = "", **fields: object) -> Candidate:
    shown = passage(name, text or "Some words.", **fields)
    return Candidate(shown, terms(keywords(shown.searchable)), cosine, cosine / 0.1, np.zeros(4, np.float32))


def order(*candidates: Candidate, market: str = "", language: str = "de", text: str = "nothing") -> list[str]:
    ranked = rank(candidates, plain(asked(text), text), Filter(market=market, language=language))
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    return [one.passage.document for one in ranked]


def test_the_nearer_passage_comes_first_and_equals_stay_as_they_came() -> None:
    assert order(candidate("a"), candidate("b", 0.4), candidate("c")) == ["b", "a", "c"]
    assert order() == []


def test_what_is_for_the_shoppers_market_comes_before_what_is_for_all() -> None:
    both = candidate("all"), candidate("own", markets=("EU",))
    assert order(*both, market="DE") == ["own", "all"]
    assert order(*both[::-1]) == ["all", "own"]


def test_a_heading_about_another_country_steps_back() -> None:
    both = candidate("brazil", 0.32, about=("BR",)), candidate("japan", 0.3, about=("JP",))
    assert order(*both, market="JP") == ["japan", "brazil"]
    assert order(*both, market="BR") == order(*both) == ["brazil", "japan"]


def test_a_member_of_the_eu_is_at_home_in_what_is_about_the_eu() -> None:
    both = candidate("brazil", 0.32, about=("BR",)), candidate("union", 0.3, about=("EU",))
    assert order(*both, market="DE") == ["union", "brazil"]


def test_the_askers_own_language_where_common_words_are_shared_anyway_needs_to_be_nearer() -> None:
    english, german = candidate("english", 0.3, LONG), candidate("german", 0.4, LONG, locale="de")
    assert order(german, english, language="de") == ["english", "german"]
    assert order(german, english, language="ja") == ["german", "english"]
    assert order(english, candidate("german", 0.6, LONG, locale="de"), language="de") == ["german", "english"]
    short = candidate("english", 0.3), candidate("german", 0.4, locale="de")
    assert order(*short, language="de") == ["german", "english"]


def test_a_passage_that_holds_the_questions_words_comes_before_one_as_near() -> None:
    words = " ".join(f"different{n} words{n}" for n in range(40))
    both = candidate("other", text=words), candidate("same", text=f"oak lamp {words}")
    assert order(*both, text="oak lamp") == ["same", "other"]


def test_a_cosine_is_measured_against_what_the_locale_is_like() -> None:
    empty = scale_of(np.empty(0, np.float32))
    near, far = (scale_of(np.full(256, cosine, np.float32)) for cosine in (0.5, 0.0))
    assert empty[0] == 0
    assert near[0] > far[0] == 0
    assert all(spread > 0 for _, spread in (empty, near, far))
    assert scale_of(np.array([0.9], np.float32))[0] < 0.1


LETTER = "This is the sentence number one hundred of a very long letter to the shop. "


def pieces_of(index: Index, text: str) -> list[str]:
    embedder = Letters()
    Retriever(index, embedder.query).search(text, Filter(), 5, "en", least=-1)
    return [asked.removeprefix("query: ") for asked in embedder.asked]


def test_a_long_question_is_searched_in_so_many_pieces(products: Index) -> None:
    pieces = pieces_of(products, LETTER * 200)
    assert len(pieces) == MOST_PIECES
    assert all(piece.strip() and len(piece) <= PIECE for piece in pieces)
    assert (LETTER * 200).startswith("".join(pieces))


def test_a_short_question_is_searched_whole(products: Index) -> None:
    assert pieces_of(products, (LETTER * 9)[:PIECE]) == [(LETTER * 9)[:PIECE]]
    assert len(pieces_of(products, (LETTER * 9)[: PIECE + 1])) == 2


@pytest.mark.parametrize("place", [0, 5, 9])
def test_a_code_anywhere_in_a_long_message_is_found(products: Index, place: int) -> None:
    sentences = [LETTER] * 10
    sentences.insert(place, "It is about AQ-MUG-02, please. ")
    assert documents(search(products, "".join(sentences)))[0] == "bowl"


def test_a_document_gives_as_many_passages_as_wanted_at_most(tmp_path: Path) -> None:
    parts = [passage(name, f"The lamp {name} {n}.", number=n) for name in ("one", "two") for n in range(5)]
    index = filled(tmp_path, *parts)
    assert [documents(search(index, "lamp", each=each)).count("one") for each in (0, 1, 3)] == [5, 1, 3]
    assert len(search(index, "lamp", limit=3, each=2)) == 3
    assert len(parts) < CANDIDATES
