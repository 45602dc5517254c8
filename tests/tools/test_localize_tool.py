"""The tool that localizes texts, as the assistant calls it, and who may call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from langchain.tools import ToolRuntime

from assistant.roles import ROLES
from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from tools.context import Session
from tools.localization.asking import localize_texts


async def told(home: Path, *calls: dict[str, Any]) -> list[dict[str, Any]]:
    """What the tool tells a marketer, call by call."""
    async with open_dragoman(Settings(home=home)) as dragoman:
        context = await dragoman.context(Session("m", role="marketer"))
        runtime = ToolRuntime(
            state={}, context=context, config={}, stream_writer=lambda _: None, tool_call_id="1", store=None
        )  # fmt: skip
        found = [await localize_texts.coroutine(runtime=runtime, **call) for call in calls]
        assert all(json.loads(content) == data for content, data in found)
        return [dict(data) for _, data in found]


async def test_texts_come_back_with_where_they_are_from_or_as_not_translated(home: Path) -> None:
    done, unknown, many, place = await told(
        home, {"texts": ["Add to cart", "A lamp of ours"], "locale": "de_DE"}, {"texts": ["x y"], "locale": "nowhere"},
        {"texts": ["a b"] * 41, "locale": "de-DE"}, {"texts": ["a b"], "locale": "de-DE", "jurisdiction": "Narnia"},
    )  # fmt: skip
    assert [(one["rendering"], one["origin"]) for one in done["renderings"]] == [
        ("In den Warenkorb", "memory"), ("", "not translated"),
    ]  # fmt: skip
    assert "no locale" in unknown["why"]
    assert "1 to 40" in many["why"]
    assert "Narnia" in place["why"]


def test_the_tool_is_operators_and_marketers() -> None:
    has = {role for role, spec in ROLES.items() if "localize_texts" in {tool.name for tool in spec.tools}}
    assert has == {"operator", "marketer"}
