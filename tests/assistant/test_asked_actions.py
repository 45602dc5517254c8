"""A model may only act on what the shopper brought up, whatever the texts it reads ask for."""

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage

from assistant import events
from assistant.guardrails.asked_actions import is_asked
from integrations.bootstrap import open_dragoman
from tests.assistant.test_served_model import Delta, call, served, serving
from tools.context import Session

CUSTOMER = "callum_ashdown_9499"


async def statuses(home: Path, text: str, *calls: list[Delta]) -> dict[str, str]:
    """What became of the tools a served model called one after the other."""

    def script(body: dict[str, Any]) -> list[Delta]:
        made = sum(message["role"] == "tool" for message in body["messages"])
        return calls[made] if made < len(calls) else [{"content": "Please confirm."}]

    with serving(script) as (address, _):
        async with open_dragoman(served(home, address)) as dragoman:
            assistant = await dragoman.assistant()
            session = Session(id="asked", language="en", market="GB", customer_id=CUSTOMER)
            said = [event async for event in assistant.reply(text, session)]
            held = await dragoman.ledger.entries(session_id="asked")
    told = {event.name: event.status for event in said if isinstance(event, events.StepDone)}
    assert all(entry.status != "done" for entry in held)
    return told | {"in the ledger": ",".join(entry.name for entry in held)}


async def test_an_order_the_shopper_named_may_be_acted_on(home: Path) -> None:
    told = await statuses(
        home, "cancel aq 10119", call("cancel_order", order_id="AQ-10119", reason="no longer needed")
    )  # fmt: skip
    assert told == {"cancel_order": "needs_confirmation", "in the ledger": "cancel_order"}


async def test_an_own_order_that_was_shown_may_be_acted_on(home: Path) -> None:
    told = await statuses(
        home, "cancel my newest order", call("list_orders"),
        call("cancel_order", order_id="AQ-10119", reason="no longer needed"),
    )  # fmt: skip
    assert told["cancel_order"] == "needs_confirmation"


async def test_an_order_nobody_brought_up_is_not_acted_on(home: Path) -> None:
    told = await statuses(
        home, "do you ship to Japan?", call("search_policies", question="shipping to Japan"),
        call("cancel_order", order_id="AQ-10119", reason="no longer needed"),
    )  # fmt: skip
    assert told["cancel_order"] == "refused"
    assert told["in the ledger"] == ""


async def test_goods_are_not_sent_where_the_shopper_did_not_say(home: Path) -> None:
    place = {"address1": "1 Dock Road", "city": "Leeds", "zip": "LS1 4AB", "country": "GB"}
    told = await statuses(
        home, "change the address of AQ-10119 please", call("change_order_address", order_id="AQ-10119", **place)
    )  # fmt: skip
    assert told["change_order_address"] == "refused"


def told_of(name: str, artifact: dict[str, Any]) -> ToolMessage:
    return ToolMessage(json.dumps(artifact), name=name, tool_call_id="1", artifact=artifact)


ORDER = {"status": "ok", "order": {"order_id": "AQ-1", "items": [{"sku": "S-1"}], "payment_methods": [{"id": "pay_1"}]}}


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ({"order_id": "AQ-1", "item_ids": ["S-1"], "payment_method_id": "pay_1"}, True),
        ({"order_id": "#aq-1"}, True),
        ({"order_id": "AQ-1", "item_ids": ["S-2"]}, False),
        ({"order_id": "AQ-1", "payment_method_id": "pay_2"}, False),
        ({"order_id": "AQ-2"}, False),
    ],
)
def test_items_and_methods_stand_in_own_orders(arguments: dict[str, Any], asked: bool) -> None:
    messages: list[AnyMessage] = [HumanMessage("send it back"), told_of("show_order", ORDER)]
    assert is_asked(arguments, messages) is asked


@pytest.mark.parametrize("name", ["search_policies", "show_product"])
def test_what_other_tools_show_brings_nothing_up(name: str) -> None:
    messages: list[AnyMessage] = [HumanMessage("hello"), told_of(name, {**ORDER, "passages": [{"text": "AQ-1"}]})]
    assert not is_asked({"order_id": "AQ-1"}, messages)


def test_an_order_that_was_refused_brings_nothing_up() -> None:
    messages: list[AnyMessage] = [
        HumanMessage("hello"),
        told_of("show_order", {"status": "refused", "order_id": "AQ-1"}),
    ]
    assert not is_asked({"order_id": "AQ-1"}, messages)


STRANGE = {"order_id": "AQ-10023", "postcode": "20357"}
"""Another customer's order, with the postcode that proves it."""


async def proven(home: Path, text: str) -> tuple[str, str]:
    """What became of a proof that the model gave, and of opening the order then, for a shopper nobody knows."""

    def script(body: dict[str, Any]) -> list[Delta]:
        made = sum(message["role"] == "tool" for message in body["messages"])
        calls = [call("identify_customer", **STRANGE), call("show_order", order_id=STRANGE["order_id"])]
        return calls[made] if made < len(calls) else [{"content": "Fine."}]

    with serving(script) as (address, _):
        async with open_dragoman(served(home, address)) as dragoman:
            assistant = await dragoman.assistant()
            said = [event async for event in assistant.reply(text, Session(id="p", language="en", market="DE"))]
    told = [event.status for event in said if isinstance(event, events.StepDone)]
    return told[0], told[1]


async def test_a_proof_the_shopper_wrote_opens_the_order(home: Path) -> None:
    assert await proven(home, "where is AQ-10023? the postcode is ２０３５７") == ("ok", "ok")


async def test_a_proof_the_model_knows_from_elsewhere_opens_nothing(home: Path) -> None:
    assert await proven(home, "where is AQ-10023?") == ("refused", "missing")


async def test_a_proof_the_model_repeats_uses_up_one_attempt_of_the_shopper(home: Path) -> None:
    def script(body: dict[str, Any]) -> list[Delta]:
        asked = max(place for place, message in enumerate(body["messages"]) if message["role"] == "user")
        made = sum(message["role"] == "tool" for message in body["messages"][asked:])
        postcode = "20357" if "20357" in str(body["messages"][asked]) else "99999"
        return call("identify_customer", order_id="AQ-10023", postcode=postcode) if made < 7 else [{"content": "Well."}]

    with serving(script) as (address, _):
        async with open_dragoman(served(home, address)) as dragoman:
            assistant = await dragoman.assistant()
            told = []
            for text in ("where is AQ-10023? postcode 99999", "sorry, 20357"):
                session = Session(id="p", language="en", market="DE")
                said = [event async for event in assistant.reply(text, session)]
                told.append({event.status for event in said if isinstance(event, events.StepDone)})
    assert "refused" in told[0]
    assert told[1] == {"ok"}
