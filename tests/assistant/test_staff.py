"""Staff are told a customer's orders and who may move how much alone; nobody else is."""

from itertools import count

import pytest

from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, cited, talk, tools
from tools.context import Role, Session
from tools.staff import limits_of, orders_of_customer

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()
LENA, EMAIL = "lena_brandt_2041", "L.Brandt@example.org"


def session(language: str = "en", role: Role = "operator", customer: str = "", public: bool = False) -> Session:
    return Session(id=f"staff-{next(NAMES)}", role=role, language=language, customer_id=customer, public=public)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", f"list the orders of {EMAIL}"), ("en", f"orders of customer {LENA}"),
        ("de", f"Bestellungen von {LENA}"), ("fr", f"commandes du client {LENA}"), ("es", f"pedidos de {EMAIL}"),
        ("pt-BR", f"pedidos do cliente {LENA}"), ("ja", f"顧客 {LENA} の注文"), ("zh-CN", f"客户 {LENA} 的订单"),
        ("ar", f"طلبات العميل {LENA}"), ("id", f"pesanan pelanggan {LENA}"),
    ],
)  # fmt: skip
async def test_staff_are_told_a_customers_orders(shop: Dragoman, language: str, text: str) -> None:
    said = await talk(shop, session(language), text)
    assert tools(said) == {"customer_orders": "ok"}
    assert "AQ-10088" in answer(said)
    assert "306-2561134-7547741" in answer(said)


async def test_staff_are_told_that_there_is_no_such_customer(shop: Dragoman) -> None:
    said = await talk(shop, session(), "orders of customer nobody_123")
    assert answer(said) == "There is no customer nobody_123 in this shop."
    assert tools(await talk(shop, session(), "Where is order AQ-10088?")) == {"show_order": "ok"}


@pytest.mark.parametrize("text", [f"list the orders of {EMAIL}", f"orders of customer {LENA}"])
@pytest.mark.parametrize(
    "speaker",
    [
        ("shopper", "", False),
        ("shopper", "henrik_vossberg_5561", False),
        ("marketer", "", False),
        ("operator", "", True),
    ],
)
async def test_nobody_else_is_told_of_them(shop: Dragoman, text: str, speaker: tuple[Role, str, bool]) -> None:
    role, customer, public = speaker
    said = await talk(shop, session("en", role, customer, public), text)
    assert tools(said).get("customer_orders", "refused") == "refused"
    assert "AQ-10088" not in answer(said)
    context = await shop.context(session("en", role, customer, public))
    for named in (LENA, EMAIL):
        assert (await orders_of_customer(context, named))[1] == {"status": "refused", "rule": "STAFF_ONLY"}
    assert limits_of(context, "refund_order")[1] == {"status": "refused", "rule": "STAFF_ONLY"}


@pytest.mark.parametrize(
    ("language", "text", "amounts"),
    [
        ("en", "how much may I refund without approval?", ("€150.00", "€1,000.00")),
        ("de", "Bis zu welchem Betrag darf ich ohne Freigabe erstatten?", ("150,00", "1.000,00")),
        ("en", "goodwill refund limit", ("€20.00", "€100.00")),
        ("fr", "quelle est la limite de geste commercial ?", ("20,00", "100,00")),
        ("es", "¿cuál es el límite de gesto comercial?", ("20,00", "100,00")),
        ("pt-BR", "qual é o limite de reembolso sem aprovação?", ("150,00", "1.000,00")),
        ("ja", "承認なしに返金できる上限は？", ("€150.00", "€1,000.00")),
        ("zh-CN", "退款限额是多少？", ("€150.00", "€1,000.00")),
        ("id", "batas pengembalian dana tanpa persetujuan", ("150,00", "1.000,00")),
    ],
)  # fmt: skip
async def test_staff_are_told_what_the_policy_lets_each_rank_move_alone(
    shop: Dragoman, language: str, text: str, amounts: tuple[str, ...]
) -> None:
    said = await talk(shop, session(language), text)
    assert tools(said) == {"approval_limits": "ok"}
    assert all(amount in answer(said) for amount in amounts)
    assert ("operator-goodwill" in cited(said)) == ("20" in amounts[0])
    assert "approval_limits" not in tools(await talk(shop, session(language, "shopper"), text))
