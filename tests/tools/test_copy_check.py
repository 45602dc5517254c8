"""The tool that checks copy, as the assistant calls it, and who may call it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain.tools import ToolRuntime

from assistant.roles import ROLES
from integrations.bootstrap import Dragoman
from tools.claims.copy_check import MOST_FINDINGS, check_copy
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def told(shop: Dragoman, **arguments: Any) -> dict[str, Any]:
    """What the tool tells a marketer, as data; what the model reads says the same."""
    context = await shop.context(Session("m", role="marketer", locale="de-DE", language="de"))
    runtime = ToolRuntime(
        state={}, context=context, config={}, stream_writer=lambda _: None, tool_call_id="1", store=None
    )  # fmt: skip
    content, data = await check_copy.coroutine(runtime=runtime, **arguments)
    assert json.loads(content) == data
    return dict(data)


async def test_a_text_is_checked_in_the_colleagues_locale(shop: Dragoman) -> None:
    data = await told(shop, text="Umweltfreundlicher Rucksack", jurisdiction="DE")
    assert data["may_be_published"] is False
    assert [finding["rule"] for finding in data["findings"]] == ["eu.ecgt.generic_env"]
    assert data["could_stand"] == "Rucksack"


async def test_evidence_is_heard_and_a_wrong_place_is_told(shop: Dragoman) -> None:
    copy = {"text": "Shirt aus Bio-Baumwolle", "jurisdiction": "DE", "category": "apparel"}
    assert (await told(shop, **copy, evidence="GOTS CU-812345, Stückliste"))["may_be_published"] is True
    wrong = await told(shop, **{**copy, "jurisdiction": "Mars"})
    assert wrong["status"] == "invalid"
    assert "Mars" in wrong["message"]


async def test_no_more_is_told_than_can_be_read(shop: Dragoman) -> None:
    data = await told(shop, text="Umweltfreundlich. " * 40, jurisdiction="DE")
    assert (len(data["findings"]), data["more"]) == (MOST_FINDINGS, 40 - MOST_FINDINGS)


async def test_those_who_write_have_the_tool_and_shoppers_have_not() -> None:
    having = {role for role, spec in ROLES.items() if check_copy in spec.tools}
    assert having == {"operator", "marketer"}
