"""Amounts that follow from told ones, and statements without a figure that come near nothing told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.guardrails.bearing import Encoded, Learned, Vectors, features
from assistant.guardrails.evidence import Evidence, Natures
from assistant.guardrails.gist import gists_of
from assistant.guardrails.verdict import judge, sentence_of
from benchmarks.gate import SETS, judged, rates
from integrations.shipped import open_natures
from knowledge.embeddings import Pair

TODAY = date(2026, 11, 30)
ORDER = {"status": "ok", "order": {
    "order_id": "AQ-10076", "status": "partially shipped", "currency": "EUR", "total": "47.20",
    "items": [{"name": "Beeswick Lip Balm", "quantity": 3, "price": "5.50"},
              {"name": "Tepida Digital Thermometer", "quantity": 2, "price": "12.90"}],
    "parcels": [{"events": [{"at": "2026-11-25T01:45:00+00:00", "code": "arrived_destination", "place": "Frankfurt"},
                            {"at": "2026-11-27T09:40:00+00:00", "code": "delivered", "place": "Munich, DE",
                             "note": "Handed to the recipient"}]}],
    "more": {"shipping": {"method": "standard", "cost": "4.90"}},
}}  # fmt: skip
PASSAGE = {"status": "ok", "passages": [{
    "cite": "d#0", "document": "d", "title": "Damaged", "heading": "Reporting a damaged item", "kind": "policy",
    "locale": "en", "text": "If an item arrives damaged, please tell us within 14 days and send a photo of the damage "
    "and of the packaging. We replace the item or refund it, and this is free for you.",
}]}  # fmt: skip


@pytest.fixture(scope="module")
def natures(tmp_path_factory: pytest.TempPathFactory) -> Encoded:
    """What ships, over the encoder that ships."""
    return open_natures(tmp_path_factory.mktemp("home"), Pair())


def evidence_of(told: Any, language: str = "en", natures: Natures = ()) -> Evidence:
    evidence = Evidence(language, TODAY, natures=natures)
    evidence.add_told(told)
    return evidence


@pytest.mark.parametrize(("language", "text"), [
    ("en", "Three lip balms at €5.50 make €16.50."), ("de", "Die beiden Thermometer kosten zusammen 25,80 €."),
    ("fr", "Les articles font 42,30 € sans la livraison."), ("es", "Un termómetro cuesta 7,40 € más que un bálsamo."),
    ("en", "It reached Frankfurt five days ago."), ("de", "Zugestellt wurde es vor drei Tagen."),
    ("en", "It reached Frankfurt and was delivered two days later."),
    ("ja", "体温計は2点で25.80ユーロです。"), ("pt-BR", "Chegou a Frankfurt em 25 e foi entregue em 27 de novembro."),
])  # fmt: skip
def test_what_follows_from_told_figures_is_borne(language: str, text: str) -> None:
    assert judge(text, evidence_of(ORDER, language)).reasons == ()


@pytest.mark.parametrize(("language", "text"), [
    ("en", "Three lip balms make €17.50."), ("de", "Die beiden Thermometer kosten zusammen 28,50 €."),
    ("fr", "Les articles font 44,30 € sans la livraison."), ("es", "Un termómetro cuesta 9,40 € más que un bálsamo."),
    ("en", "It reached Frankfurt eleven days ago."), ("de", "Das Thermometer kostete 5,40 €."),
])  # fmt: skip
def test_what_does_not_follow_is_not(language: str, text: str) -> None:
    assert judge(text, evidence_of(ORDER, language)).reasons != ()


MADE_UP = [
    ("en", "We only accept it if the courier has signed for the damage."),
    ("de", "Das klappt allerdings nur mit dem Kassenbon aus dem Laden."),
    ("fr", "Le remplacement est réservé aux membres du club."), ("es", "El seguro de la tarjeta cubre los arañazos."),
    ("pt-BR", "A loja física mais próxima também faz a troca."), ("ja", "最寄りの店舗でも修理を受け付けております。"),
    ("zh-CN", "只有会员才能享受这项服务。"), ("en", "Most customers find that toothpaste removes the scratches."),
]  # fmt: skip
"""Written for this test."""


@pytest.mark.parametrize(("language", "text"), MADE_UP)
def test_a_statement_without_a_figure_that_nothing_told_comes_near_is_kept_back(
    language: str, text: str, natures: Encoded
) -> None:
    assert judge(text, evidence_of(PASSAGE, language, natures)).reasons != ()
    assert judge(text, evidence_of(PASSAGE, language)).reasons == ()  # no list knows it


@pytest.mark.parametrize(("language", "text"), [
    ("en", "Could you send us a picture of the damage and of the box, please."),
    ("de", "Bitte schicken Sie uns ein Foto vom Schaden und von der Verpackung."),
    ("fr", "Envoyez-nous une photo du dommage et de l'emballage."),
    ("es", "Envíenos una foto del daño y del embalaje, por favor."), ("zh-CN", "请把商品损坏处和包装的照片发给我们。"),
    ("en", "I'm really sorry that it arrived in such a state."), ("ja", "ご不便をおかけして申し訳ございません。"),
])  # fmt: skip
def test_what_a_passage_says_in_other_words_and_courtesies_are_shown(
    language: str, text: str, natures: Encoded
) -> None:
    assert judge(text, evidence_of(PASSAGE, language, natures)).reasons == ()


def test_a_result_is_told_in_sentences_without_numbers_and_codes_of_its_own() -> None:
    told = list(gists_of({**ORDER, **PASSAGE}))
    assert "The parcel was delivered to your home; the order has arrived." in told
    assert "Handed to the recipient" in told
    assert not any("AQ-10076" in text or "47.20" in text for text in told)


@pytest.mark.parametrize(("language", "text"), [
    ("en", "I'm a virtual assistant, not a person."), ("en", "You can ask me anything about our shop."),
    ("en", "I can help you with orders, returns and questions about our products."),
    ("en", "To protect your privacy I need to check who you are first."),
    ("de", "Ich brauche Ihre Bestellnummer und Ihre E-Mail-Adresse, um nachzusehen."),
    ("de", "Das hängt davon ab, in welchem Land Sie wohnen."),
    ("fr", "Je peux vous aider pour vos commandes, vos retours et nos produits."),
    ("es", "Necesito su número de pedido y su correo electrónico."),
    ("pt-BR", "Posso ajudar com pedidos, devoluções e produtos."), ("ja", "私はこのショップのAIアシスタントです。"),
    ("zh-CN", "请提供您的订单号和邮箱，以便我查询。"), ("id", "Saya perlu nomor pesanan dan email Anda."),
    ("ar", "أحتاج إلى رقم طلبك وبريدك الإلكتروني."),
])  # fmt: skip
def test_what_an_assistant_says_of_itself_or_asks_for_needs_nothing_told(
    language: str, text: str, natures: Encoded
) -> None:
    assert judge(text, evidence_of({"status": "ok"}, language, natures)).reasons == ()


def test_a_text_is_encoded_once_while_it_is_held() -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> Any:
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], np.float32)

    vectors = Vectors(encode, most=2)
    assert vectors.of(["a", "bb", "a"])[:, 0].tolist() == [1, 2, 1]
    vectors.of(["bb", "a"])
    assert asked == ["a", "bb"]
    vectors.of(["ccc", "a", "bb"])  # more than are kept: all are answered, two stay
    vectors.of(["ccc"])
    assert asked == ["a", "bb", "ccc", "ccc"]


def test_what_ships_fits_the_features_and_survives_a_file(tmp_path: Path, natures: Encoded) -> None:
    evidence = evidence_of(PASSAGE, "en", natures)
    row = features(sentence_of("We only repair what was bought in a shop.", evidence), evidence, natures)
    assert natures.learned is not None
    assert len(row) == len(natures.learned.means) == len(natures.learned.weights) - 1
    natures.learned.save(tmp_path / "learned.npz")
    assert Learned.load(tmp_path / "learned.npz").chance(row) == natures.learned.chance(row)


@pytest.mark.parametrize(("name", "least"), [("third blind", (0.89, 0.89)), ("second blind", (0.94, 0.96))])
def test_the_sets_are_judged_no_worse_than_they_were(name: str, least: tuple[float, float], natures: Encoded) -> None:
    caught, passed = rates(list(judged(SETS[name], natures)))
    assert (caught, passed) >= least
    assert passed >= least[1]


BRUSHES = {"status": "ok", "passages": [{
    "cite": "p#0", "document": "p", "title": "Hygiene", "heading": "Returning hygiene goods", "kind": "policy",
    "locale": "en", "text": "Unsealed brush heads are excluded from returns for reasons of hygiene.",
}]}  # fmt: skip


@pytest.mark.parametrize(("language", "asked", "said"), [
    ("en", "Would the kettle work in my flat in Chicago?", "Yes, the kettle works in your flat in Chicago."),
    ("en", "is the Waypost ok for cycling in the rain", "The Waypost is not suitable for cycling in the rain."),
    ("de", "Ist bei der Lampe ein Netzstecker dabei?", "Bei der Lampe ist ein Netzstecker dabei."),
    ("de", "nehmt ihr meinen alten Föhn mit", "Ja, wir nehmen Ihren alten Föhn mit."),
    ("fr", "Y a-t-il des PFAS dans la veste Drizzlewick ?", "Oui, il y a des PFAS dans la veste Drizzlewick."),
    ("es", "¿Me dejáis hacer otro cambio de talla?", "Sí, puede hacer otro cambio de talla."),
    ("pt-BR", "vocês aceitam dois cartões na mesma compra?", "Sim, aceitamos dois cartões na mesma compra."),
    ("ja", "英語の説明書は付いていますか？", "はい、英語の説明書が付いています。"),
    ("zh-CN", "你们可以提供礼品包装吗", "可以，我们提供礼品包装服务。"),
    ("ar", "هل يعمل السخان في شقتي في شيكاغو؟", "نعم، يعمل السخان في شقتك في شيكاغو."),
    ("id", "apakah tas ini tahan hujan deras?", "Ya, tas ini tahan hujan deras."),
])  # fmt: skip
def test_a_question_said_again_as_a_statement_bears_nothing(
    natures: Encoded, language: str, asked: str, said: str
) -> None:
    evidence = evidence_of(BRUSHES, language, natures)
    evidence.add_text(asked)
    assert judge(said, evidence).reasons


@pytest.mark.parametrize(("language", "asked", "said"), [
    ("en", "Would the kettle work in Chicago?", "You asked whether the kettle works in Chicago."),
    ("de", "Ist ein Netzstecker dabei?", "Sie möchten wissen, ob ein Netzstecker dabei ist."),
    ("fr", "Y a-t-il des PFAS dans la veste ?", "Vous demandez s'il y a des PFAS dans la veste."),
    ("zh-CN", "你们可以提供礼品包装吗", "您想知道我们是否提供礼品包装。"),
])  # fmt: skip
def test_what_a_shopper_asked_may_be_said_to_be_asked(natures: Encoded, language: str, asked: str, said: str) -> None:
    evidence = evidence_of(BRUSHES, language, natures)
    evidence.add_text(asked)
    assert not judge(said, evidence).reasons
