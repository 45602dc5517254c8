"""A tool runs with what fits its description; what does not is told to the model, and nothing runs."""

from __future__ import annotations

from inspect import signature
from typing import Any, cast

import pytest
from langchain.tools import ToolRuntime
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from langchain_core.tools import tool

from assistant.roles import ROLES
from assistant.running import Toolbox

RAN: list[dict[str, Any]] = []


@tool(response_format="content_and_artifact")
async def weigh(item_id: str, count: int, runtime: ToolRuntime[Any], unit: str = "kg") -> tuple[str, dict[str, Any]]:
    """Weigh items.

    Args:
        item_id: Which.
        count: How many.
        unit: In what.
    """
    RAN.append({"item_id": item_id, "count": count, "unit": unit, "context": runtime.context})
    return "2 kg", {"status": "ok"}


async def run(name: str, arguments: dict[str, Any]) -> ToolMessage:
    RAN.clear()
    given: ToolRuntime[Any, Any] = ToolRuntime(
        state={}, context="shop", config={}, stream_writer=lambda _: None, tool_call_id="c1", store=None
    )
    call = {"name": name, "args": arguments, "id": "c1", "type": "tool_call"}
    return await Toolbox([weigh]).run(ToolCallRequest(cast(Any, call), weigh, {}, cast(Any, given)))


async def test_a_tool_gets_what_it_was_called_with_and_where_it_works() -> None:
    told = await run("weigh", {"item_id": "A", "count": "3", "more": "left out", "runtime": "forged"})
    assert RAN == [{"item_id": "A", "count": 3, "unit": "kg", "context": "shop"}]
    assert (told.text, told.artifact, told.name, told.tool_call_id) == ("2 kg", {"status": "ok"}, "weigh", "c1")


@pytest.mark.parametrize(
    "arguments", [{}, {"item_id": "A"}, {"item_id": "A", "count": "many"}, {"item_id": [], "count": 1}]
)
async def test_what_does_not_fit_is_told_and_not_run(arguments: dict[str, Any]) -> None:
    told = await run("weigh", arguments)
    assert RAN == []
    assert told.status == "error"
    assert told.artifact is None
    assert "weigh" in told.text
    assert "item_id" in told.text or "count" in told.text


async def test_a_tool_there_is_not_is_told_and_not_run() -> None:
    told = await run("drop_tables", {})
    assert (RAN, told.status) == ([], "error")
    assert "drop_tables is not a valid tool, try one of [weigh]" in told.text


@pytest.mark.parametrize("role", ROLES)
def test_every_tool_of_a_role_can_be_run_so(role: Any) -> None:
    box = Toolbox(ROLES[role].tools)
    for name, one in box.tools.items():
        assert one.coroutine is not None, name
        assert one.response_format == "content_and_artifact", name
        assert "runtime" in signature(one.coroutine).parameters, name
