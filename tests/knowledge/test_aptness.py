"""Short facts of a product: what answers comes before what only lies near; what is no such fact is ranked as before."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from integrations.shipped import read_means
from knowledge import ranking
from knowledge.aptness import BRIEF, DIMENSION, are_facts, as_fact
from knowledge.documents import Passage
from knowledge.embeddings import Pair
from knowledge.filters import Filter
from knowledge.index import Index
from knowledge.keywords import keywords, terms
from knowledge.ranking import Candidate, facts_of
from knowledge.retrieval import Retriever
from knowledge.vector_cache import VectorCache
from tests.knowledge.conftest import passage, sources_of

PRODUCTS = tomllib.loads(Path(__file__).with_name("product_facts.toml").read_text("utf-8"))

REPEATED = {
    ("tent", "can this tent be used in the snow?"),
    ("bottle", "does it fit in a car cup holder?"),
    ("drill", "does it come with a charger?"),
    ("mattress", "does it work with an adjustable base?"),
}
"""Asked by a customer before, and answered by another who did not know."""


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder, pair = tmp_path_factory.mktemp("facts"), Pair()
    index = Index(folder / "index", VectorCache(folder / "vectors.sqlite3", pair), read_means())
    index.sync(sources_of([
        passage(f"{product} {name}", text, title="", kind="product", product_id=product)
        for product, known in PRODUCTS.items() for name, text in known["facts"].items()
    ]))  # fmt: skip
    return Retriever(index, pair.query)


def answered(retriever: Retriever) -> set[tuple[str, str]]:
    """The questions whose answer comes first."""
    asked = [(product, *pair) for product, known in PRODUCTS.items() for pair in known["asked"].items()]
    return {
        (product, question)
        for product, question, fact in asked
        if first(retriever, product, question) == f"{product} {fact}"
    }


def first(retriever: Retriever, product: str, question: str) -> str:
    hits = retriever.search(question, Filter(product_ids=(product,)), 10, "en", least=0.0)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return hits[0].passage.document


def test_what_answers_comes_first_more_often_than_by_nearness(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = answered(retriever)
    monkeypatch.setattr(ranking, "facts_of", lambda *_: [])
    near = answered(retriever)
    assert near < apt, "one that was right by nearness no longer is"
    assert len(apt) >= 20 > 17 > len(near), f"{len(apt)} and {len(near)} of 27"


def test_one_who_did_not_know_is_not_the_answer_to_the_very_question(retriever: Retriever) -> None:
    assert answered(retriever) >= REPEATED


PUMP = {
    "fits": "it fits any mower deck of that series that i know of.",
    "asked": "sorry, no clue. Question: does it fit the KX4420?",
    "garden": "we use the pump in the garden every weekend.",
    "named": "bought a second one for the KX4430 in my barn.",
}


def test_a_code_counts_where_it_is_said_not_where_a_customer_asked_by_it(tmp_path: Path) -> None:
    pair = Pair()
    index = Index(tmp_path / "index", VectorCache(tmp_path / "vectors.sqlite3", pair), read_means())
    index.sync(sources_of([passage(name, text, title="") for name, text in PUMP.items()]))

    def best(question: str) -> str:
        return Retriever(index, pair.query).search(question, Filter(), 4, "en", least=0.0)[0].passage.document

    assert best("does it fit the KX4420?") != "asked"
    assert best("does it fit the KX4430?") == "named"


def found(*passages: Passage, dimension: int = DIMENSION) -> list[Candidate]:
    return [
        Candidate(own, terms(keywords(own.searchable)), 0.3, 3.0, np.zeros(dimension, np.float32)) for own in passages
    ]


LONG = " ".join(f"word{number}" for number in range(BRIEF))
SHORT = passage("a", "It is blue."), passage("b", "It is round.")


def test_only_short_english_facts_that_hold_everywhere_are_ranked_so() -> None:
    english = Filter(language="en")
    assert len(facts_of(found(*SHORT), english)) == 2
    assert not facts_of(found(*SHORT), Filter(language="de"))
    assert not facts_of(found(SHORT[0]), english)
    assert not facts_of(found(*SHORT, dimension=384), english), "the vectors of another embedder"
    assert not facts_of(found(*SHORT, passage("c", markets=("DE",))), english), "a rule for a market"
    assert not facts_of(found(*SHORT, passage("c", "A > B", heading=("A", "B"))), english), "a catalogue path"
    assert not facts_of(found(passage("a", LONG), passage("b", LONG)), english)
    assert len(facts_of(found(*(passage(name, product_id="mug") for name in "ab")), english)) == 2
    assert not facts_of(found(*(passage(name, product_id=name) for name in "ab")), english), "two products compared"
    german = [passage(name, "Es ist blau.", locale="de") for name in "cde"]
    assert not facts_of(found(*SHORT, *german), english)


def test_facts_are_short_by_their_median() -> None:
    row = np.zeros(DIMENSION, np.float32)
    long, short = np.arange(BRIEF, dtype=np.uint32), np.arange(BRIEF - 1, dtype=np.uint32)
    assert are_facts([long, short, short], row)
    assert not are_facts([long, long, short], row)


def test_what_a_customer_asked_is_not_said_by_who_answered() -> None:
    text = "It fits the KX4410. Question: does it fit the KX4420?"
    fact = as_fact(text, terms(keywords(text)), np.zeros(DIMENSION, np.float32))
    held, asked = terms(["=kx4410"]), terms(["=kx4420"])
    assert np.isin(held, fact.said).all()
    assert not np.isin(asked, fact.said).any()
    assert np.isin(asked, fact.answered).all()
