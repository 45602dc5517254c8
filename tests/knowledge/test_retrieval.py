"""Finding passages in the demo shop: across languages, within a market, never what must not be seen."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.shipped import read_means
from knowledge import demo_shop
from knowledge.embeddings import Pair
from knowledge.filters import Filter
from knowledge.generation import IndexDamaged
from knowledge.index import Index
from knowledge.retrieval import PIECE, Hit, Retriever
from knowledge.vector_cache import VectorCache

POLICIES = Filter(kinds=("policy",))


@pytest.fixture(scope="module")
def retriever(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    home = tmp_path_factory.mktemp("retrieval") / "home"
    shutil.copytree(demo_home, home)
    shipped = Path(demo_shop.__file__).parent / "vectors.npz"
    cache = VectorCache(home / "vectors.sqlite3", Pair(), [shipped])
    index = Index(home / "index", cache, read_means())
    yield Retriever(index, cache.embedder.query)
    index.close()


def documents(hits: list[Hit]) -> list[str]:
    return [hit.passage.document for hit in hits]


def test_a_german_question_finds_the_german_passage(retriever: Retriever) -> None:
    best = retriever.search("Wer zahlt die Rücksendekosten?", POLICIES)[0].passage
    assert (best.document, best.locale) == ("returns", "de")
    assert best.heading == ("Wer die Rücksendung bezahlt",)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("個人情報はどのように扱われますか？", "privacy"),
        ("ギフトカードの有効期限はいつまでですか？", "gift-cards-and-promotions"),
    ],
)
def test_a_japanese_question_finds_what_exists_in_english_only(
    retriever: Retriever, question: str, document: str
) -> None:
    best = retriever.search(question, POLICIES)[0].passage
    assert (best.document, best.locale) == (document, "en")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who pays the return postage?", "en"),
        ("¿Quién paga los gastos de devolución?", "es"),
        ("Qui paie les frais de retour ?", "fr"),
        ("Quem paga o frete da devolução?", "pt-BR"),
        ("返品の送料は誰が負担しますか？", "ja"),
        ("退货运费由谁承担？", "zh-CN"),
        ("من يدفع تكاليف الإرجاع؟", "ar"),
        ("Siapa yang membayar ongkos kirim untuk retur barang?", "id"),
    ],
)
def test_a_translated_document_is_found_in_the_askers_language(
    retriever: Retriever, question: str, language: str
) -> None:
    first = retriever.search(question, POLICIES, limit=2)
    assert "returns" in documents(first)
    assert first[0].passage.locale == language


def test_the_language_can_be_named_against_the_words(retriever: Retriever) -> None:
    best = retriever.search("who pays return postage", POLICIES, language="de")[0].passage
    assert (best.document, best.locale) == ("returns", "de")


def test_each_piece_of_a_document_comes_once(retriever: Retriever) -> None:
    hits = retriever.search("returning an order", POLICIES, limit=20, language="fr")
    pieces = [(hit.passage.document, hit.passage.number) for hit in hits]
    assert len(pieces) == len(set(pieces)) == 20


@pytest.mark.parametrize(
    "question", ["shipping to Brazil terms until 30 June 2026", "Period covered by these Brazil shipping terms"]
)
def test_terms_that_have_expired_are_never_returned(retriever: Retriever, question: str) -> None:
    for market in ("", "BR"):
        hits = retriever.search(question, Filter(market=market), limit=40)
        assert "shipping-brazil" in documents(hits)
        assert "shipping-brazil-2025" not in documents(hits)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("goodwill limits and who approves", "operator-goodwill"),
        ("fraud review signals", "operator-fraud-review"),
        ("cases to escalate immediately to the team lead", "operator-escalation"),
    ],
)
def test_operators_documents_are_never_returned_to_shoppers(retriever: Retriever, question: str, document: str) -> None:
    assert documents(retriever.search(question, Filter(audience="operator")))[0] == document
    shown = retriever.search(question, Filter(), limit=40, least=-1)
    assert shown
    assert {hit.passage.audience for hit in shown} == {"shopper"}


def test_what_is_for_another_market_is_left_out(retriever: Retriever) -> None:
    hits = retriever.search("delivery times to Brazil", Filter(market="JP"), limit=40)
    assert {"shipping-overview", "shipping-japan"} <= set(documents(hits))
    assert not {"shipping-brazil", "payments-brazil-pix-boleto"} & set(documents(hits))


@pytest.mark.parametrize(
    ("market", "document", "heading"),
    [
        ("JP", "shipping-japan", "Missed deliveries in Japan"),
        ("BR", "shipping-brazil", "Missed deliveries in Brazil"),
        ("FR", "shipping-eu", "Missed deliveries in EU countries"),
    ],
)
def test_what_is_written_for_the_shoppers_market_is_preferred(
    retriever: Retriever, market: str, document: str, heading: str
) -> None:
    best = retriever.search("Missed deliveries", Filter(market=market, kinds=("policy",)))[0].passage
    assert (best.document, best.heading) == (document, (heading,))


def test_a_member_of_the_eu_finds_what_is_written_for_the_eu(retriever: Retriever) -> None:
    question = "customs duty and VAT on parcels with IOSS"
    assert documents(retriever.search(question, Filter(market="DE")))[0] == "customs-eu-parcel-duty-ioss"
    assert "customs-eu-parcel-duty-ioss" not in documents(retriever.search(question, Filter(market="JP"), limit=40))


@pytest.mark.parametrize(("market", "country"), [("JP", "JP"), ("BR", "BR"), ("US", "US"), ("DE", "EU")])
def test_a_heading_about_another_country_steps_back(retriever: Retriever, market: str, country: str) -> None:
    hits = retriever.search("What about customs?", Filter(market=market, kinds=("policy",)), limit=20)
    about = [hit.passage.about for hit in hits if hit.passage.document == "customs-and-duties" and hit.passage.about]
    assert len(about) > 3
    assert country in about[0]


def test_one_products_passages_can_be_searched_alone(retriever: Retriever) -> None:
    hits = retriever.search("which sizes and colours are there", Filter(product_ids=("AQ-F-002",)), limit=20, least=0)
    assert {hit.passage.product_id for hit in hits} == {"AQ-F-002"}


def test_hits_come_best_first_and_no_more_than_asked_for(retriever: Retriever) -> None:
    hits = retriever.search("return postage", Filter(), limit=7)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len(hits) == 7
    assert hits[:3] == retriever.search("return postage", Filter(), limit=3)


def test_nothing_near_enough_is_an_answer(retriever: Retriever) -> None:
    gibberish = retriever.search("qzx vbnm wqrt plkj", Filter(), language="en")
    asked = retriever.search("How long do I have to return an order?", Filter(), language="en")
    likeliest = max((hit.score for hit in gibberish), default=0.0)
    assert likeliest < 0.5 < asked[0].score
    assert retriever.search("qzx vbnm wqrt plkj", Filter(), language="en", least=0.5) == []
    assert retriever.search("How long do I have to return an order?", Filter(), language="en", least=0.5) == asked


def test_an_empty_question_finds_nothing(retriever: Retriever) -> None:
    assert retriever.search(" \n", Filter(), least=-1) == []


def test_a_filter_that_lets_nothing_through_finds_nothing(retriever: Retriever) -> None:
    assert retriever.search("return postage", Filter(product_ids=("AQ-X-999",)), least=-1) == []


@pytest.mark.parametrize("question", ["🙂", '"" OR NOT *', "x\x00y", "'; drop table passages; --", "a" * 5000])
def test_strange_questions_are_searched_like_any_other(retriever: Retriever, question: str) -> None:
    assert len(retriever.search(question, Filter(), least=-1)) == 5


def test_a_cited_passage_is_shown_in_the_readers_language_else_in_english(retriever: Retriever) -> None:
    german, english = retriever.passage("returns#0", "de", Filter()), retriever.passage("privacy#0", "ja", Filter())
    assert german is not None
    assert german.passage.locale == "de"
    assert "30 Tagen" in german.passage.text
    assert english is not None
    assert (english.passage.document, english.passage.locale) == ("privacy", "en")


@pytest.mark.parametrize("cite", ["returns#99", "returns", "returns#", "returns#-1", "nowhere#0", ""])
def test_a_citation_of_nothing_is_none(retriever: Retriever, cite: str) -> None:
    assert retriever.passage(cite, "en", Filter()) is None


def test_a_document_is_shown_whole_in_the_readers_language_else_in_english(retriever: Retriever) -> None:
    german = retriever.document("returns", "de")
    assert {passage.locale for passage in german} == {"de"}
    assert [passage.number for passage in german] == list(range(len(german)))
    assert {passage.locale for passage in retriever.document("privacy", "ja")} == {"en"}
    assert retriever.document("nowhere", "en") == []


def test_translations_say_the_same_thing_piece_by_piece(retriever: Retriever) -> None:
    english = [(passage.start > 0, passage.number) for passage in retriever.document("returns", "en")]
    for language in retriever.locales():
        pieces = retriever.document("returns", language)
        assert {passage.locale for passage in pieces} == {language}
        assert [(passage.start > 0, passage.number) for passage in pieces] == english


def test_all_nine_languages_are_indexed(retriever: Retriever) -> None:
    assert set(retriever.locales()) == {"ar", "de", "en", "es", "fr", "id", "ja", "pt-BR", "zh-CN"}


def test_searching_before_anything_is_indexed_says_so(tmp_path: Path, retriever: Retriever) -> None:
    cache = retriever._index._cache
    with pytest.raises(IndexDamaged, match="nothing has been indexed"):
        Retriever(Index(tmp_path / "index", cache), cache.embedder.query).search("hello", Filter())


def test_a_score_is_a_likelihood(retriever: Retriever) -> None:
    hits = retriever.search("return postage", Filter(), limit=40, least=0)
    assert all(0 <= hit.score <= 1 and -1 <= hit.cosine <= 1.001 for hit in hits)


@pytest.mark.parametrize("each", [1, 2])
def test_a_document_gives_no_more_passages_than_wanted(retriever: Retriever, each: int) -> None:
    hits = retriever.search("returning an order", POLICIES, limit=10, each=each)
    all_hits = retriever.search("returning an order", POLICIES, limit=100)
    assert max(Counter(documents(hits)).values()) == each < max(Counter(documents(all_hits)).values())
    assert len(hits) == 10
    assert [hit for hit in all_hits if hit in hits] == hits


LONG = """I ordered three lamps in March, and two of them were a present for my sister, who has just moved house. She
likes green best. The weather has been so bad that we have hardly left the sofa, and the dog is unhappy about it too.
My neighbour, who has bought from you before, told me that you are quick. {} We have had so many parcels this year that
I lost count of them, and the postman knows us all by name. Anyway, the lamps look lovely in the living room. {}
My sister sends her best wishes, and she will certainly tell her friends about them when they come for dinner."""


@pytest.mark.parametrize(
    ("questions", "wanted"),
    [
        (("Who pays the return postage?", "When do my gift cards expire?"), {"returns", "gift-cards-and-promotions"}),
        (("What do you do with my personal data?", "Can I change the size?"), {"privacy", "exchanges-and-sizes"}),
    ],
)
def test_each_question_in_a_long_message_finds_its_document(
    retriever: Retriever, questions: tuple[str, str], wanted: set[str]
) -> None:
    text = LONG.format(*questions)
    assert len(text) > PIECE
    assert wanted <= set(documents(retriever.search(text, POLICIES, limit=10)))


@pytest.mark.parametrize(("country", "named"), [("DE", True), ("GR", True), ("RU", True), ("NO", False), ("IC", False)])
def test_which_countries_the_policies_name_at_all(retriever: Retriever, country: str, named: bool) -> None:
    assert retriever.names_market(country, Filter(market=country)) == named
