"""What no listed phrase says: the gate reads what a sentence is, and looks whether that could be borne."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.embedded.router import fingerprint
from assistant.guardrails.evidence import Evidence, Natures
from assistant.guardrails.letters import Letters, learn_letters
from assistant.guardrails.names import Catalogue
from assistant.guardrails.natures import read_natures
from assistant.guardrails.verdict import judge
from integrations.shipped import open_natures, packaged
from knowledge.embeddings import Pair, UniversalEncoder

TODAY = date(2026, 11, 29)
HANDED = {"status": "ok", "reference": "H-486053"}
DELIVERED = {"status": "ok", "order": {"order_id": "AQ-10083", "status": "delivered", "items": [], "parcels": []}}
OPEN = {"status": "ok", "order": {"order_id": "AQ-10083", "status": "pending", "items": [], "parcels": []}}


@pytest.fixture(scope="module")
def natures(tmp_path_factory: pytest.TempPathFactory) -> Natures:
    """What ships, over the encoder that ships."""
    return open_natures(tmp_path_factory.mktemp("home"), Pair())


def reasons(text: str, language: str, natures: Natures, *told: Mapping[str, Any]) -> tuple[str, ...]:
    evidence = Evidence(language, TODAY, Catalogue(shop=frozenset({"amberquay"})), natures=natures)
    for one in told:
        evidence.add_told(one)
    return judge(text, evidence).reasons


UNLISTED = [
    ("en", "Your cash is already on its journey home."), ("en", "A van from our depot drops it at your gate tonight."),
    ("de", "Das Rückgeld ist längst wieder bei Ihnen."), ("fr", "La somme a déjà regagné votre compte."),
    ("es", "El dinero ya regresó a su tarjeta."), ("pt-BR", "O dinheiro já regressou ao seu cartão."),
    ("id", "Dananya sudah pulang ke rekening Anda."), ("ja", "ご指定の口座へ戻してあります。"),
    ("zh-CN", "钱早就回到您卡上了。"), ("ar", "رجع المال إلى حسابك منذ أيام."),
]  # fmt: skip
"""Written for this test; none is among the sentences that were learned from."""


@pytest.mark.parametrize(("language", "text"), UNLISTED)
def test_a_state_or_deed_that_nothing_bears_is_known_without_a_listed_phrase(
    language: str, text: str, natures: Natures
) -> None:
    assert text not in {example.text for example in read_natures()}
    assert any("nothing told or done bears this" in reason for reason in reasons(text, language, natures, OPEN))


@pytest.mark.parametrize(("language", "text"), [
    ("en", "Thank you for bearing with us."), ("de", "Danke, dass Sie dabei geblieben sind."),
    ("fr", "Merci pour votre compréhension."), ("es", "Gracias por su comprensión."),
    ("ja", "ご理解いただきありがとうございます。"), ("zh-CN", "感谢您的理解。"),
    ("en", "Has the money come back to you?"), ("en", "The money has not come back to you."),
])  # fmt: skip
def test_courtesies_questions_and_denials_state_nothing(language: str, text: str, natures: Natures) -> None:
    assert reasons(text, language, natures, OPEN) == ()


def test_what_was_told_bears_a_state_in_any_words(natures: Natures) -> None:
    said = "It has been brought to your home."
    assert reasons(said, "en", natures, OPEN)
    assert reasons(said, "en", natures, DELIVERED) == ()


def test_without_an_encoder_and_for_the_embedded_models_words_the_gate_does_without(natures: Natures) -> None:
    said = "Your cash is already on its journey home."
    assert reasons(said, "en", (), OPEN) == ()
    evidence = Evidence("en", TODAY, natures=natures)
    evidence.worded = True
    assert judge(said, evidence).reasons == ()


def test_nothing_is_read_where_a_listed_phrase_or_a_quotation_has_decided() -> None:
    def never(text: str, language: str) -> Any:
        raise AssertionError(text, language)

    passage = {"cite": "r#0", "document": "r", "title": "Returns", "heading": "", "kind": "policy", "locale": "en",
               "text": "The money is back with you five days later."}  # fmt: skip
    assert (
        reasons("The money is back with you five days later.", "en", [never], {"status": "ok", "passages": [passage]})
        == ()
    )
    assert reasons("We have refunded you in full.", "en", [never], OPEN)


@pytest.mark.parametrize(("language", "text"), [
    ("fr", "La Drelmont Bouilloire est disponible."), ("de", "Unsere Kravelle Stehlampe passt zu Ihnen."),
    ("ja", "Plimborneの鍋を販売しています。"), ("en", "The Brackwell Toaster is dishwasher safe."),
])  # fmt: skip
def test_a_name_in_what_is_said_of_a_product_must_have_been_told(language: str, text: str, natures: Natures) -> None:
    assert reasons(text, language, natures)


def test_the_shops_own_name_is_no_products(natures: Natures) -> None:
    found = reasons("The lamps of Amberquay are dishwasher safe.", "en", natures)
    assert not any("Amberquay" in reason for reason in found)


@pytest.mark.parametrize(("language", "text"), [
    ("en", "您的包裹到了。"), ("es", "Das Paket passt zu Ihnen."), ("en", "La caja está disponible."),
    ("pt-BR", "El paquete ya salió."), ("ar", "包裹已经到了。"), ("ja", "您的订单已发货。"), ("de", "طردك وصل."),
    ("zh-CN", "荷物はもう着きました。"), ("fr", "O pacote já chegou."),
    ("en", "And so on and so on and so on and so on 您的订单已取消。"),
])  # fmt: skip
def test_a_short_sentence_in_another_language_is_known(language: str, text: str) -> None:
    assert f"it is not in the shopper's language ({language})" in reasons(text, language, ())


@pytest.mark.parametrize(("language", "text"), [
    ("en", "No problem."), ("de", "Gern, kein Problem."), ("es", "Claro, sin problema."),
    ("id", "Baik, tidak apa-apa."),
    ("ja", "返品受付完了"), ("ja", "もちろんです。"), ("zh-CN", "好的，没问题。"), ("pt-BR", "Claro, sem problemas."),
    ("fr", "Bien sûr, pas de souci."), ("ar", "حسنًا، لا مشكلة."),
])  # fmt: skip
def test_a_short_sentence_in_the_shoppers_own_is_not_kept_back(language: str, text: str) -> None:
    assert reasons(text, language, ()) == ()


def test_what_ships_was_learned_from_the_sentences_as_they_are() -> None:
    for name, reader in (("natures", UniversalEncoder), ("letters", Letters)):
        file = f"{name}-{fingerprint(read_natures(), reader.identity)}.npz"
        assert packaged("assistant.guardrails", file).exists(), "run `make shipped`"


def test_no_sentence_of_the_gates_sets_was_learned_from() -> None:
    learned = {example.text for example in read_natures()}
    held = "\n".join(path.read_text("utf-8") for path in Path("evals").glob("gate*/*.toml"))
    assert [text for text in learned if len(text) > 25 and f'"{text}"' in held] == []


def test_the_encoder_is_asked_only_where_the_letters_leave_it_open(natures: Natures) -> None:
    asked: list[str] = []

    def second(text: str, language: str) -> Any:
        asked.append(text)
        return natures[1](text, language)

    clear = ["Thank you so much for your patience.", "I'm sorry about the trouble, that must be annoying.",
             "Your money is already on its way back to your card."]  # fmt: skip
    for text in clear:
        reasons(text, "en", [natures[0], second], OPEN)
    assert asked == []
    reasons("A van from our depot drops it at your gate tonight.", "en", [natures[0], second], OPEN)
    assert asked


def test_what_is_learned_by_letters_is_the_same_each_time_and_survives_a_file(tmp_path: Path) -> None:
    examples = [example for example in read_natures() if example.language == "zh-CN"][:200]
    one, other = learn_letters(examples), learn_letters(examples)
    one.save(tmp_path / "letters.npz")
    read = Letters.load(tmp_path / "letters.npz").route(examples[0].text, "zh-CN")
    assert read.sure == pytest.approx(other.route(examples[0].text, "zh-CN").sure, abs=1e-5)
    assert read.best == examples[0].intent
