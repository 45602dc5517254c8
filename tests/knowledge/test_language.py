"""Which language a message is in, and when it does not say."""

import pytest

from knowledge.language import Guess, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order?", "en"),
        ("Wo ist meine Bestellung?", "de"),
        ("Où est ma commande ?", "fr"),
        ("¿Dónde está mi pedido?", "es"),
        ("Onde está o meu pedido?", "pt-BR"),
        ("Di mana pesanan saya?", "id"),
        ("注文はどこですか？", "ja"),
        ("我的订单在哪里？", "zh-CN"),
        ("أين طلبي؟", "ar"),
    ],
)
def test_each_served_language_is_recognised(text: str, language: str) -> None:
    assert detect_language(text) == Guess(language, served=True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Gdzie jest moja paczka i kiedy zostanie dostarczona?", "pl"),
        ("Dov'è il mio pacco e quando verrà consegnato?", "it"),
        ("Mag ik dit artikel terugsturen als het niet past?", "nl"),
        ("주문이 어디에 있나요?", "ko"),
        ("Где мой заказ?", "ru"),
        ("สินค้าของฉันอยู่ที่ไหน", "th"),
    ],
)
def test_a_language_we_do_not_serve_is_not_taken_for_one_we_do(text: str, language: str) -> None:
    assert detect_language(text) == Guess(language, served=False)
    assert detect_language(text, previous="es") == Guess(language, served=False)


SILENT = ("ok", "#W1234567", "AQ-H-001", "🙂", "", "12.5", "DHL", "https://example.com/wo/ist", "a@example.com")


@pytest.mark.parametrize("text", SILENT)
def test_what_says_nothing_keeps_the_language_of_the_conversation(text: str) -> None:
    assert detect_language(text, previous="ja") == Guess("ja", served=True)


@pytest.mark.parametrize("text", SILENT)
def test_what_says_nothing_says_no_language_at_the_start(text: str) -> None:
    assert detect_language(text) == Guess(None, served=False)


def test_an_order_number_inside_a_sentence_does_not_change_its_language() -> None:
    assert detect_language("Hallo, wo ist #W1234567?", previous="en").language == "de"


def test_kanji_alone_are_japanese_only_within_a_japanese_conversation() -> None:
    assert detect_language("送料無料", previous="ja").language == "ja"
    assert detect_language("送料無料", previous="en").language == "zh-CN"
    assert detect_language("送料無料").language == "zh-CN"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wi-Fiなしで使える13,000円以下の自動給餌器", "ja"),
        ("Amazonギフト券利用可能ですか", "ja"),
        ("700元以下、不需要Wi-Fi的宠物喂食器", "zh-CN"),
        ("我想买优の良品那个牌子的杯子", "zh-CN"),
    ],
)
def test_a_few_kana_among_many_kanji_and_names_are_japanese_and_one_is_not(text: str, language: str) -> None:
    assert detect_language(text) == Guess(language, served=True)


def test_a_long_chinese_message_leaves_a_japanese_conversation() -> None:
    assert detect_language("请问我的订单什么时候可以送到北京", previous="ja").language == "zh-CN"


def test_a_clear_sentence_changes_the_language_of_the_conversation() -> None:
    assert detect_language("Ich möchte die Schuhe zurückgeben.", previous="fr").language == "de"


def test_names_of_products_do_not_change_the_language_of_a_message() -> None:
    assert detect_language("Compare Bule Barro Negro and Canecas Alentejo", "en").language == "en"
    assert detect_language("Was kostet der Bule Barro Negro und die Canecas Alentejo", "de").language == "de"
    assert detect_language("Quanto custa o Bule Barro Negro, por favor?", "en").language == "pt-BR"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("注文AQ-10098はどこですか？メールはjonas_wiechert@example.comです", "ja"),
        ("我的订单AQ-10098在哪里？邮箱是jonas_wiechert@example.com谢谢", "zh-CN"),
        ("詳しくはhttps://shop.example/faqをご覧ください", "ja"),
    ],
)
def test_an_address_in_a_text_without_spaces_does_not_hide_it(text: str, language: str) -> None:
    assert detect_language(text, "en").language == language


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("funciona a 110v", "es"), ("funciona a 110v", "pt-BR"), ("ile trzyma bateria", "en"),
        ("posso annullare?", "fr"), ("batteria dura quanto", "de"), ("xylo brenga tolo", "en"),
        ("garbanzo flumo", "id"), ("quantum flux capacitors", "ja"),
    ],
)  # fmt: skip
def test_a_few_words_that_fit_no_other_served_language_keep_that_of_the_conversation(text: str, before: str) -> None:
    assert detect_language(text, previous=before) == Guess(before, served=True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("cambio talla", "es"), ("meine Bestellung", "de"), ("pesanan saya", "id"), ("retour gratuit", "fr"),
        ("frete grátis", "pt-BR"), ("how much", "en"),
    ],
)  # fmt: skip
def test_a_few_words_of_another_served_language_change_it(text: str, language: str) -> None:
    before = "de" if language == "en" else "en"
    assert detect_language(text, previous=before) == Guess(language, served=True)
