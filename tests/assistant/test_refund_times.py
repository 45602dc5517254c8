"""How long a refund takes is told by the way the order was paid, as the shop's policy states it."""

import pytest

from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("language", "market", "customer", "text", "told", "days"),
    [
        ("pt-BR", "BR", "juliana_sampaio_6481", "cancele o AQ-10113, não preciso mais", "no mesmo dia", False),
        ("en", "BR", "juliana_sampaio_6481", "cancel AQ-10113, no longer needed", "the same day", False),
        ("en", "GB", "callum_ashdown_9499", "cancel AQ-10119, no longer needed", "via Klarna", False),
        ("en", "DE", "tobias_rademacher_4719", "cancel AQ-10115, no longer needed", "3 to 5 business days", True),
    ],
)  # fmt: skip
async def test_a_refund_is_told_the_time_of_the_way_it_was_paid(
    shop: Dragoman, language: str, market: str, customer: str, text: str, told: str, days: bool
) -> None:
    speaker = Session(id=f"refund-{text[:9]}", language=language, market=market, customer_id=customer)
    said = await talk(shop, speaker, text)
    assert told in answer(said)
    assert ("business days" in answer(said)) == days
    assert "dias úteis" not in answer(said)
    await talk(shop, speaker, "não" if language == "pt-BR" else "no")
