"""The first refund of a shop of one's own: orders from a CSV, the policy of `dragoman init`, approved in Slack."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from integrations.bootstrap import open_dragoman
from integrations.cli.init_file import Answers, policy_text
from integrations.settings import Settings
from integrations.shops.csv_files import read_csv_shop
from knowledge.service.case import Asker
from knowledge.service.requests import Request
from tests.slack.desk import open_desk, until_so
from tests.slack.slack_server import Slack
from tests.test_first_day import BLOCK, PAGE
from tools.actions.clerk import Errand
from tools.actions.consent import Consent


@pytest.fixture
async def own_shop(tmp_path: Path) -> Path:
    """The shop of docs/first-day.md."""
    folder, home = tmp_path / "exports", tmp_path / "home"
    folder.mkdir()
    for _, name, text in BLOCK.findall(PAGE.read_text("utf-8")):
        if name.startswith("exports/"):
            (tmp_path / name).write_text(text, "utf-8")
    export = read_csv_shop(folder)
    export.facts |= {"name": "Lumen & Co", "service_policy": tomllib.loads(policy_text(Answers("Lumen & Co", "EUR")))}
    async with open_dragoman(Settings(home=home)) as dragoman:
        await dragoman.adopt_shop(export)
        await dragoman.library.sync()
    return home


async def test_the_first_refund_is_approved_from_slack(own_shop: Path, slack: Slack) -> None:
    async with open_desk(own_shop, slack) as desk:
        request = Request.of("refund_order", {"order_id": "1001", "reason": "arrived scratched"})
        asker = Asker(role="operator", rank="agent")
        errand = Errand(asker, request, "ann", "", "photo seen", Consent.to(request))
        outcome = await desk.dragoman.clerk().act(errand)
        assert outcome.status == "needs_approval"
        card = await desk.message(f"approval:{outcome.operation_id}")
        assert "1,299.00" in str(card)
        await desk.sender.click("U1", "approve", outcome.operation_id, "CAPP", card["ts"])
        await desk.settled()
        order = await desk.dragoman.shop.order("1001")
        assert order is not None
        assert [entry["transaction_type"] for entry in order.payment_history] == ["payment", "refund"]
        await until_so(lambda: "Refund" in str(slack.messages["CAPP"]))
        [deed] = await desk.dragoman.journal.deeds(deed="action")
        assert (deed.deed, deed.subject, deed.told) == ("action approved", outcome.operation_id, "refund_order")
