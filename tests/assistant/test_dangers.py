"""A described danger is answered with the rules of safety, in whatever language they are, before any product."""

from itertools import count

import pytest

from assistant.embedded.compose import compose
from assistant.embedded.dangers import warned
from assistant.embedded.handing_over import NOT_FOUND
from assistant.embedded.slots import Slots
from assistant.embedded.task import Task
from assistant.embedded.turn import Call, Turn
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, cited, talk, tools
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()
DO_NOT_CHARGE = {
    "en": "do not charge it", "de": "laden Sie es nicht", "fr": "ne le rechargez pas", "es": "no lo cargue",
    "pt-BR": "não o carregue", "ja": "充電しないでください", "zh-CN": "不要充电", "ar": "لا تشحنه",
    "id": "jangan mengisi dayanya",
}  # fmt: skip


def session(language: str, market: str) -> Session:
    return Session(id=f"danger-{next(NAMES)}", language=language, market=market)


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("en", "GB", "my power bank battery is swollen"), ("de", "DE", "akku ist aufgebläht was tun"),
        ("fr", "FR", "la batterie de ma powerbank est gonflée"), ("es", "ES", "la batería está hinchada"),
        ("pt-BR", "BR", "a bateria estufou"), ("ja", "JP", "モバイルバッテリーが膨らんでいます"),
        ("zh-CN", "CN", "充电宝鼓包了怎么办"), ("ar", "SA", "البطارية منتفخة"), ("id", "ID", "baterai kembung"),
        ("de", "DE", "es kommt rauch aus der powerbank"),
        ("ar", "SA", "طلع دخان من الشاحن"), ("id", "ID", "charger keluar asap"),
    ],
)  # fmt: skip
async def test_a_swollen_or_smoking_battery_is_warned_of_first(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert tools(said) == {"search_policies": "ok"}
    first = answer(said).split("[1]")[0]
    assert DO_NOT_CHARGE[language] in first
    assert "safety-electronics-and-batteries" in cited(said)


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("fr", "FR", "j'ai reçu un sms qui demande 2€"),
        ("de", "DE", "ich habe eine sms bekommen ich soll zoll bezahlen"),
        ("es", "ES", "me ha llegado un sms para pagar la aduana"),
        ("pt-BR", "PT", "recebi uma mensagem pedindo para pagar uma taxa para liberar o pacote"),
        ("ar", "DE", "وصلتني رسالة تطلب مني دفع رسوم لتسليم الطرد"),
    ],
)
async def test_a_message_that_asks_for_fees_is_not_to_be_paid_yet(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert "please do not pay yet" in answer(said).split("[1]")[0]


@pytest.mark.parametrize(("language", "market", "text"), [
    ("ar", "SA", "وصلتني رسالة تطلب مني دفع رسوم 20 ريال لتسليم الطرد"),
    ("pt-BR", "BR", "é golpe? pediram pix para liberar a encomenda"),
])  # fmt: skip
async def test_where_no_rule_tells_of_a_danger_none_is_quoted(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert not cited(said)
    assert answer(said).strip() == Words(language).say(NOT_FOUND)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "do you have a smoke alarm?"), ("de", "die LED brennt nicht"),
        ("ja", "燃えるゴミに出せますか"), ("id", "apakah ada SMS saat paket dikirim"),
        ("es", "¿el colchón es inflable?"),
    ],
)  # fmt: skip
async def test_what_only_sounds_like_it_is_no_danger(language: str, text: str) -> None:
    assert warned(Task("product_question", text, Slots()), language) == []


async def test_what_is_asked_of_an_order_beside_a_danger_is_not_lost() -> None:
    text = "Der Akku von AQ-10062 ist aufgebläht, ich will ihn zurückgeben"
    tasks = warned(Task("return_request", text, Slots(order_ids=("AQ-10062",))), "de")
    assert [task.intent for task in tasks] == ["policy_question", "return_request"]


def found(text: str, locale: str, cite: int, score: float = 0.9) -> dict[str, object]:
    return {
        "text": text, "locale": locale, "cite": cite, "document": f"d{cite}", "title": f"D{cite}", "score": score,
        "closeness": score, "markets": [],
    }  # fmt: skip


async def test_a_passage_that_two_questions_find_is_quoted_once() -> None:
    safe, warm = found("Do not charge it.", "en", 1), found("Die Garantie gilt 24 Monate.", "de", 2)
    asked = {"Akku heiß?": [safe], "Garantie?": [warm, safe]}
    calls = [Call("search_policies", {"question": q}, {"status": "ok", "passages": p}) for q, p in asked.items()]
    tasks = [Task("policy_question", question, Slots()) for question in asked]
    said = compose(tasks, Turn("Akku heiß? Garantie?", "de", "DE", tuple(calls)))
    assert (said.count("Do not charge it. [1]"), said.count("24 Monate. [2]")) == (1, 1)
