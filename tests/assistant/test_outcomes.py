"""Whether what was offered or done is so: the shop's record answers, not what was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk, tools
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANCELLED = {
    "en": ("thanks, so it's cancelled?", "cancelled"), "de": ("danke, dann ist sie storniert?", "storniert"),
    "fr": ("merci, donc elle est annulée ?", "annulée"), "es": ("gracias, ¿entonces está cancelado?", "cancelado"),
    "pt-BR": ("obrigada, então está cancelado?", "cancelado"),
    "ja": ("ありがとう、ではキャンセルされましたか？", "キャンセル済み"), "zh-CN": ("谢谢，那已经取消了吗？", "已取消"),
    "ar": ("شكرا، إذن تم إلغاء الطلب؟", "مُلغى"), "id": ("makasih, jadi sudah dibatalkan?", "dibatalkan"),
}  # fmt: skip


async def test_whether_an_order_is_cancelled_is_read_from_the_record(shop: Dragoman) -> None:
    speaker = Session(id="outcome-cancelled", language="en", market="BR")
    asked = "cancel AQ-10113 julianas71@example.net, changed my mind"
    offered = await talk(shop, speaker, asked, "so it's cancelled?")
    assert "not packed yet" in answer(offered)
    assert "cancelled" not in answer(offered)
    await talk(shop, speaker, "yes", "yes")  # what was not the last thing said is quoted once more
    for language, (text, state) in CANCELLED.items():
        said = await talk(shop, replace(speaker, language=language), text)
        assert tools(said) == {"show_order": "ok"}, language
        assert state in answer(said), language


async def test_a_refund_that_is_only_to_come_is_not_called_done(shop: Dragoman) -> None:
    speaker = Session(id="outcome-refund", language="en", market="PT")
    texts = ("AQ-10090 ines.carvalhal@example.com I want to return the adapter", "yes", "thanks, so my refund is done")
    said = await talk(shop, speaker, *texts)
    assert tools(said) == {"refund_status": "ok"}
    assert "asked for" in answer(said)
    assert "welcome" not in answer(said)


async def test_a_quote_in_arabic_is_shown_once(shop: Dragoman) -> None:
    speaker = Session(id="outcome-arabic", language="ar", market="DE")
    said = await talk(shop, speaker, "إلغاء الطلب AQ-10100 t.wolfram@example.com لم أعد بحاجة إليه")
    assert answer(said).count("إلغاء الطلب AQ-10100") == 1
