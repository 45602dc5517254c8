"""What a message wants done, in nine languages."""

import pytest

from assistant.embedded.action_words import items_in, method_in, only_asks, reason_in, wanted_action
from assistant.embedded.slots import lexicon
from knowledge.locales import served_locales

SECTIONS = ("actions", "reasons", "asking", "time", "counts", "faults", "payments")


@pytest.mark.parametrize("language", served_locales())
def test_a_lexicon_has_the_words_of_actions(language: str) -> None:
    for section in SECTIONS[:6]:
        assert lexicon(language).sections[section].keys() == lexicon("en").sections[section].keys()
    assert lexicon(language).sections["payments"]


@pytest.mark.parametrize(
    ("language", "intent", "text", "action"),
    [
        ("en", "order_change", "please cancel AQ-10499, ordered by mistake", "cancel_order"),
        ("en", "order_change", "actually can you cancel the feeder but keep the rest", "change_order_items"),
        ("en", "order_change", "don't cancel my order", ""),
        ("en", "order_change", "need to change the adress on my order", "change_order_address"),
        ("de", "order_change", "bitte die Addresse ändern", "change_order_address"),
        ("fr", "order_change", "changer l'addresse de livraison", "change_order_address"),
        ("es", "order_change", "cambiar la direcion del pedido", "change_order_address"),
        ("pt-BR", "order_change", "mudar o enderço do pedido", "change_order_address"),
        ("id", "order_change", "ganti almat pesanan", "change_order_address"),
        ("en", "order_change", "cancel my filter subscription", "cancel_subscription"),
        ("en", "order_status", "my parcel never arrived, send it again", "resend_parcel"),
        ("en", "refund_status", "it got lost, I want a refund", "refund_order"),
        ("en", "order_status", "cancel", ""),
        ("de", "order_change", "will das abo für die bürstenköpfe kündigen", "cancel_subscription"),
        ("de", "return_request", "ich widerrufe den vertrag", "withdraw"),
        ("fr", "return_request", "je me rétracte pour ma commande", "withdraw"),
        ("fr", "order_change", "sautez la prochaine livraison de friandises svp", "skip_delivery"),
        ("es", "return_request", "desisto del contrato", "withdraw"),
        ("pt-BR", "order_change", "pausar a assinatura", "pause_subscription"),
        ("id", "return_request", "mau retur pesanan", "return_items"),
        ("ja", "order_change", "注文をキャンセルしてください", "cancel_order"),
        ("ja", "return_request", "靴下を返品したい", "return_items"),
        ("zh-CN", "order_change", "帮我取消订单", "cancel_order"),
        ("zh-CN", "order_change", "暂停订阅", "pause_subscription"),
        ("ar", "order_change", "أريد إلغاء الطلب", "cancel_order"),
        ("ar", "return_request", "أريد إرجاع الطلب", "return_items"),
    ],
)
def test_the_action_a_message_asks_for(language: str, intent: str, text: str, action: str) -> None:
    assert wanted_action(intent, text, language) == action


@pytest.mark.parametrize(
    ("language", "asks", "wants"),
    [
        ("en", "can I still return it?", "I want to return it"),
        ("de", "kann ich das noch stornieren?", "bitte stornieren"),
        ("fr", "puis-je encore annuler ?", "annulez ma commande"),
        ("es", "¿puedo devolverlo?", "quiero devolverlo"),
        ("pt-BR", "ainda dá tempo de devolver?", "quero devolver"),
        ("id", "masih bisa retur gak?", "mau retur"),
        ("ja", "まだ返品できますか？", "返品したいです"),
        ("zh-CN", "还能退货吗", "我要退货"),
        ("ar", "هل يمكنني إرجاعه؟", "أريد إرجاعه"),
    ],
)
def test_to_ask_whether_is_not_to_ask_for_it(language: str, asks: str, wants: str) -> None:
    assert only_asks(asks, language)
    assert not only_asks(wants, language)


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("en", "I changed my mind", "no longer needed"),
        ("en", "that was an accident", "ordered by mistake"),
        ("de", "hab mich verklickt", "ordered by mistake"),
        ("fr", "je n'en ai plus besoin", "no longer needed"),
        ("es", "lo pedí sin querer", "ordered by mistake"),
        ("pt-BR", "não preciso mais", "no longer needed"),
        ("id", "salah pesan", "ordered by mistake"),
        ("ja", "不要になりました", "no longer needed"),
        ("zh-CN", "拍错了", "ordered by mistake"),
        ("ar", "طلبته بالخطأ", "ordered by mistake"),
        ("en", "found it cheaper", ""),
    ],
)
def test_the_reason_a_message_gives(language: str, text: str, reason: str) -> None:
    assert reason_in(text, language) == reason


ITEMS = [
    {"name": "Pebblestep Wool Socks", "sku": "S", "quantity": 2},
    {"name": "Pebblesong Bluetooth Speaker", "sku": "B", "quantity": 1},
]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("the speaker", ["B"]), ("the socks", ["S", "S"]), ("all of it", ["S", "S", "B"]), ("send it back", [])],
)
def test_the_items_a_message_names(text: str, chosen: list[str]) -> None:
    assert items_in(text, "en", ITEMS, {}) == chosen


def test_items_go_by_their_names_in_the_shoppers_language() -> None:
    assert items_in("スピーカーだけ返品", "ja", ITEMS, {"S": "ウールソックス", "B": "スピーカー"}) == ["B"]


SPEAKER = {
    "en": ("socks", "speaker"), "de": ("Socken", "Lautsprecher"), "fr": ("chaussettes", "enceinte"),
    "es": ("calcetines", "altavoz"), "pt-BR": ("meias", "alto-falante"), "id": ("jaket", "bantalan"),
    "ja": ("ソックス", "スピーカー"), "zh-CN": ("羊毛袜", "音箱"), "ar": ("جوارب", "مكبر"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "chosen"),
    [
        ("en", "return the socks but not the speaker", ["S", "S"]),
        ("en", "return the socks, I keep the speaker", ["S", "S"]),
        ("en", "return everything except the speaker", ["S", "S"]),
        ("en", "return everything, I keep the speaker", ["S", "S"]),
        ("en", "return it, but I keep the speaker", ["S", "S"]),
        ("en", "return my order, not the speaker", ["S", "S"]),
        ("en", "return everything apart from the socks", ["B"]),
        ("en", "except the speaker please return everything", ["S", "S"]),
        ("en", "return everything except one pair of the socks", ["S", "B"]),
        ("en", "I keep the socks, the speaker", []),
        ("en", "keep one pair of the socks, return the other and the speaker", ["S", "B"]),
        ("en", "return one pair of the socks, keep the other pair of the socks", ["S"]),
        ("de", "die Socken zurück, aber nicht den Lautsprecher", ["S", "S"]),
        ("de", "die Socken zurück, den Lautsprecher behalte ich", ["S", "S"]),
        ("de", "alles außer dem Lautsprecher zurück", ["S", "S"]),
        ("de", "alles zurück, den Lautsprecher aber nicht", ["S", "S"]),
        ("de", "alles bis auf die Socken zurückschicken", ["B"]),
        ("de", "die Socken gefallen mir nicht, bitte zurück", ["S", "S"]),
        ("fr", "je renvoie les chaussettes mais pas l'enceinte", ["S", "S"]),
        ("fr", "je renvoie tout sauf l'enceinte", ["S", "S"]),
        ("fr", "je renvoie tout, l'enceinte non", ["S", "S"]),
        ("es", "devuelvo todo excepto el altavoz", ["S", "S"]),
        ("es", "devuelvo todo, el altavoz no", ["S", "S"]),
        ("es", "devuelvo todo menos los calcetines", ["B"]),
        ("pt-BR", "devolver tudo exceto o alto-falante", ["S", "S"]),
        ("pt-BR", "devolver tudo menos as meias", ["B"]),
        ("id", "retur semua kecuali bantalan", ["S", "S"]),
        ("ja", "スピーカー以外は全部返品します", ["S", "S"]),
        ("ja", "スピーカーを除いて返品します", ["S", "S"]),
        ("zh-CN", "除了音箱都退", ["S", "S"]),
        ("zh-CN", "除羊毛袜外全部退货，羊毛袜不退", ["B"]),
        ("ar", "أريد إرجاع كل شيء ما عدا مكبر", ["S", "S"]),
        ("ar", "أريد إرجاع الكل باستثناء جوارب", ["B"]),
        ("es", "devuelvo los calcetines pero no el altavoz", ["S", "S"]),
        ("es", "solo los calcetines, el altavoz me lo quedo", ["S", "S"]),
        ("es", "devuelvo los calcetines, me quedan pequeños", ["S", "S"]),
        ("pt-BR", "devolver as meias mas não o alto-falante", ["S", "S"]),
        ("id", "jaketnya aja, bantalannya ga usah", ["S", "S"]),
        ("ja", "ソックスを返品します。スピーカーは返品しません", ["S", "S"]),
        ("zh-CN", "退羊毛袜，音箱不退", ["S", "S"]),
        ("ar", "أريد إرجاع جوارب لكن ليس مكبر", ["S", "S"]),
    ],
)
def test_what_the_shopper_keeps_does_not_go_back(language: str, text: str, chosen: list[str]) -> None:
    names = dict(zip("SB", SPEAKER[language], strict=True))
    assert sorted(items_in(text, language, ITEMS, names), reverse=True) == chosen


def test_the_one_item_of_an_order_needs_no_name() -> None:
    assert items_in("send it back", "en", ITEMS[1:], {}) == ["B"]


SOCKS = [{"sku": "S", "name": "Pebblestep Wool Socks", "quantity": 2}]
LOCAL = {
    "de": "Pebblestep Wollsocken (2 Paar)", "fr": "Chaussettes en laine", "es": "Calcetines de lana",
    "pt-BR": "Meias de lã", "ja": "ウールソックス", "zh-CN": "羊毛袜", "ar": "جوارب صوفية", "id": "Kaus kaki wol",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "pieces"),
    [
        ("en", "AQ-10049 haoran1@example.com I want to return one pair of the socks, keep the other", 1),
        ("en", "return only one please", 1), ("en", "return 1", 1), ("en", "I keep one of them, return the other", 1),
        ("en", "return the socks, ordered on 1 November", 2), ("en", "return both pairs", 2), ("en", "send it back", 2),
        ("en", "return the socks in size 1", 2), ("en", "return AQ-1 within 1 week", 2), ("en", "return 3 socks", 2),
        ("de", "ich möchte ein Paar der Socken zurückgeben und das andere behalten", 1),
        ("de", "ich möchte die Socken zurückgeben, ich habe eine Frage dazu", 2), ("de", "nur eins zurückgeben", 1),
        ("fr", "je veux retourner une seule paire", 1), ("fr", "je veux retourner une commande de chaussettes", 2),
        ("es", "quiero devolver solo un par", 1), ("es", "quiero devolver los calcetines de un pedido", 2),
        ("pt-BR", "quero devolver apenas um par e ficar com o outro", 1), ("pt-BR", "devolver as meias", 2),
        ("ja", "靴下を1足だけ返品したい", 1), ("ja", "一足返品します、もう一足は手元に残します", 1),
        ("ja", "一緒に返品したい", 2),
        ("zh-CN", "我想退一双袜子", 1), ("zh-CN", "只退1双，另一双留着", 1), ("zh-CN", "一起退", 2),
        ("ar", "أريد إرجاع زوج واحد فقط", 1), ("ar", "أريد إرجاع الجوارب", 2),
        ("id", "mau retur satu pasang saja, yang lain saya simpan", 1), ("id", "retur kaus kaki", 2),
    ],
)  # fmt: skip
def test_as_many_pieces_go_back_as_a_message_tells(language: str, text: str, pieces: int) -> None:
    assert items_in(text, language, SOCKS, {"S": LOCAL.get(language, "")}) == ["S"] * pieces


def test_each_item_has_its_own_number() -> None:
    items = [*SOCKS, {"sku": "H", "name": "Murmuro Brush Heads", "quantity": 3}]
    assert items_in("one pair of socks and two brush heads", "en", items, {}) == ["S", "H", "H"]
    assert items_in("the socks and one of the brush heads packs", "en", items, {}) == ["S", "S", "H"]
    assert items_in("return 2 of the brush heads, keep one", "en", items, {}) == ["H", "H"]


def test_what_is_kept_of_three_is_taken_off() -> None:
    items = [{**SOCKS[0], "quantity": 3}, {"sku": "H", "name": "Murmuro Brush Heads", "quantity": 1}]
    assert items_in("return everything except one pair of the socks", "en", items, {}) == ["S", "S", "H"]


def test_a_number_of_the_items_own_name_counts_no_pieces() -> None:
    three = [{**SOCKS[0], "quantity": 3}]
    assert items_in("die Wollsocken (2 Paar) zurückgeben", "de", three, {"S": LOCAL["de"]}) == ["S"] * 3


METHODS = [
    {"id": "c1", "kind": "credit_card", "used": True}, {"id": "p1", "kind": "paypal", "used": False},
    {"id": "k1", "kind": "klarna", "used": False},
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "method"), [("lieber mit PayPal statt Karte", "p1"), ("anders zahlen", ""), ("paypal oder klarna", "")]
)
def test_a_payment_method_is_named_only_where_one_fits(text: str, method: str) -> None:
    assert method_in(text, "de", METHODS) == method
