"""What answers are made of in a shop of one's own: files named by people, tables, two languages."""

from typing import Any

import pytest

from assistant.embedded.passages import quote_passage, quoted
from assistant.embedded.product_words import leaves_open, word_product
from assistant.embedded.slots import Slots
from assistant.embedded.wording import Words
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.outgoing import SentenceGate
from tools.results import citable

TABLE = """Kosten:

| Land | Versandkosten | Lieferzeit | Versandkostenfrei ab |
| --- | --- | --- | --- |
| Portugal | 3,50 € | 1–2 Werktage | 40 € |
| Spanien | 4,90 € | 2–3 Werktage | 60 € |
| Übrige Länder | 19,00 € | 9–12 Werktage | – |"""


def passage(document: str, text: str, locale: str, score: float = 0.6, closeness: float = 0.4) -> dict[str, Any]:
    cite = citable(f"{document}#1")
    return {"cite": cite, "document": document, "title": document, "text": text, "locale": locale, "score": score,
            "closeness": closeness, "kind": "policy", "heading": "", "url": "", "markets": []}  # fmt: skip


def shown(text: str, passages: list[dict[str, Any]], language: str) -> tuple[str, int]:
    """What the gate lets through of an answer, and how many passages it cites."""
    evidence = Evidence(language)
    evidence.add_told({"status": "ok", "passages": passages})
    gate = SentenceGate(evidence)
    told = "".join([*gate.feed(text + "\n"), *gate.finish()])
    return told, len(gate.citations)


@pytest.mark.parametrize("language", ["pt-BR", "es", "ja"])
def test_rows_of_a_table_in_another_language_pass_with_their_source(language: str) -> None:
    found = passage("Versand und [neue] Zahlung", TABLE, "de")
    told, cited = shown(quoted(found, "Portugal?", "PT"), [found], language)
    assert "Portugal – Versandkosten: 3,50 €, Lieferzeit: 1–2 Werktage, Versandkostenfrei ab: 40 €" in told
    assert "[1]" in told
    assert "neue" not in told
    assert cited == 1


def test_a_country_no_row_names_gets_the_row_for_all_others() -> None:
    text = quoted(passage("v", TABLE, "de"), "France?", "FR")
    assert "Übrige Länder – Versandkosten: 19,00 €, Lieferzeit: 9–12 Werktage" in text
    assert "Portugal" not in text


def test_a_document_of_two_words_is_cited() -> None:
    assert citable("Returns and Refunds#2") == "Returns_and_Refunds#2"
    assert citable("returns#2") == "returns#2"
    assert citable("") == ""


def test_beside_an_answer_in_the_readers_language_none_in_another_that_is_less_near() -> None:
    words = Words("de")
    foreign, own = passage("a", "In English.", "en", 0.60, 0.35), passage("b", "Auf Deutsch.", "de", 0.62, 0.45)
    assert "English" not in quote_passage([own, foreign], "?", "DE", words)
    best = quote_passage([{**foreign, "score": 0.64}, own], "?", "DE", words)
    assert best.index("English") < best.index("Deutsch")
    nearer = {**foreign, "closeness": 0.5}
    text = quote_passage([own, nearer], "?", "DE", words)
    assert text.index("Deutsch") < text.index("English")


def test_a_third_document_is_quoted_where_it_is_hardly_less_likely() -> None:
    words = Words("de")
    found = [passage(name, f"Text {name}.", "de", score) for name, score in (("a", 0.82), ("b", 0.82), ("c", 0.80))]
    assert [f"Text {name}." in quote_passage(found, "?", "DE", words) for name in "abc"] == [True] * 3
    assert "Text c." not in quote_passage([*found[:2], {**found[2], "score": 0.78}], "?", "DE", words)
    assert "Text c." not in quote_passage([*found[:2], {**found[2], "locale": "en"}], "?", "DE", words)
    again = [found[0], {**found[1], "document": "a"}, found[1]]
    assert quote_passage(again, "?", "DE", words).index("Text a.") < quote_passage(again, "?", "DE", words).index(
        "Text b."
    )


@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fr", "id", "ja", "pt-BR", "zh-CN"])
def test_what_is_hardly_near_is_said_to_be_no_sure_answer(language: str) -> None:
    words = Words(language)
    doubt = words.say("I am not sure that this answers your question. It comes nearest of what I found:")
    far = [passage("gift-cards", "Gift cards cannot be exchanged for cash.", "en", score=0.27)]
    told, cited = shown(quote_passage(far, "Do you wrap gifts?", "GB", words), far, language)
    assert told.startswith(doubt)
    assert "exchanged for cash" in told
    assert cited == 1
    assert words.say("I found this in another language:") not in told
    near = [{**far[0], "score": 0.31}]
    assert doubt not in quote_passage(near, "Do you wrap gifts?", "GB", words)


def test_a_rule_for_one_country_is_an_example_to_who_has_named_none() -> None:
    british, returns = passage("Shipping to Britain", "It takes 4 days.", "en"), passage("Returns", "30 days.", "en")
    found, words = [{**british, "markets": ["GB"]}, returns], Words("en")
    told, cited = shown(quote_passage(found, "How long does it take?", "", words), found, "en")
    assert told.startswith("Shipping to Britain\nIt takes 4 days. [1]")
    assert told.rstrip().endswith("Tell me yours, and I look it up.")
    assert "30 days" not in told
    assert cited == 1
    assert "differs" not in quote_passage(found, "How long does it take?", "GB", words)


def test_what_no_fact_says_is_said_to_be_unknown() -> None:
    product = {"product_id": "B", "name": "Bule", "summary": "A pot.", "price": None, "variants": []}
    product["facts"] = {"dishwasher_safe": False}
    told = {"products": [product], "passages": [], "question": "microwave?"}
    assert leaves_open(told, Slots(having=("microwave_safe",)))
    assert "no further facts" in word_product(told, Slots(having=("microwave_safe",)), Words("en"))
    assert not leaves_open(told, Slots(having=("dishwasher_safe",)))
    assert "Spülmaschinenfest: nein" in word_product(told, Slots(having=("dishwasher_safe",)), Words("de"))


def test_a_claim_of_the_shops_own_text_is_not_quoted_where_it_may_not_stand() -> None:
    told = "Wandersocken aus weicher Merinowolle. Antibakteriell, verhindert Fußpilz und heilt Blasen."
    for market, says in (("DE", told.partition(". ")[0] + "."), ("", told)):
        evidence = Evidence("de", market=market)
        evidence.add_told({"status": "ok", "products": [{"product_id": "S-1", "name": "Socken", "summary": told}]})
        gate = SentenceGate(evidence)
        assert "".join([*gate.feed(told + "\n"), *gate.finish()]).strip() == says
