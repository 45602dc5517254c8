"""The check every message passes refuses what Slack refuses, and what we build passes it whatever it is built of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.events import Citation
from integrations.slack.approvals import card as approval_card
from integrations.slack.block_kit import check_message, check_view
from integrations.slack.blocks import Message, actions, answer, button, context, fitting, header, quoted, section
from integrations.slack.cards import order_card, sources
from integrations.slack.handoffs import card as handoff_card
from integrations.slack.manifest import manifest
from tests.slack.limits import refused_blocks
from tools.actions.ledger import Entry
from tools.context import Handoff

LONG = "An overlong text with <!channel> & more. " * 400


def text(length: int, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": "x" * length}


BAD: dict[str, list[dict[str, Any]]] = {
    "51 blocks": [{"type": "divider"}] * 51,
    "a section of 3001": [{"type": "section", "text": text(3001)}],
    "an empty section": [{"type": "section", "text": text(0)}],
    "a section of nothing": [{"type": "section"}],
    "a header of 151": [{"type": "header", "text": text(151, "plain_text")}],
    "a header in mrkdwn": [{"type": "header", "text": text(5)}],
    "an unknown block": [{"type": "carpet"}],
    "an unknown field": [{"type": "divider", "colour": "red"}],
    "11 fields": [{"type": "section", "fields": [text(1)] * 11}],
    "a button of 76": [actions({**button("x", "a"), "text": text(76, "plain_text")})],
    "a value of 2001": [actions({**button("x", "a"), "value": "v" * 2001})],
    "a style": [actions({**button("x", "a"), "style": "loud"})],
    "one action_id twice": [actions(button("x", "a"), button("y", "a"))],
    "26 buttons": [actions(*(button("x", str(n)) for n in range(26)))],
    "11 in a context": [{"type": "context", "elements": [text(1)] * 11}],
    "no elements": [{"type": "actions", "elements": []}],
    "markdown of 12001": [{"type": "markdown", "text": "x" * 12001}],
    "markdown of 12001 in two": [{"type": "markdown", "text": "x" * 6001}] * 2,
    "one block_id twice": [{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}],
    "6 in an overflow": [actions({"type": "overflow", "action_id": "o", "options": [
        {"text": text(3, "plain_text"), "value": str(n)} for n in range(6)]})],
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_slack_refuses_is_refused(name: str) -> None:
    assert check_message({"text": "said", "blocks": BAD[name]})


def test_a_message_needs_its_text_and_a_modal_its_title() -> None:
    assert check_message({"blocks": [section("x")]})
    assert check_message({"text": "x" * 40_001})
    assert check_view({"type": "modal", "blocks": [section("x")]})
    assert check_view({"type": "modal", "title": text(25, "plain_text"), "blocks": []})
    assert check_view({"type": "home", "blocks": [{"type": "divider"}] * 101})
    assert check_view({"type": "home", "blocks": [answer("x")]})
    assert check_message({"text": "said", "blocks": [section("x")]}) == []


def everything(words: str) -> dict[str, Message]:
    now = datetime.now(UTC)
    summary = {"language": "de", "customer": words, "orders": [words] * 20, "asked": [words] * 12,
               "tried": [{"tool": "t", "about": words, "outcome": "ok"}] * 40,
               "actions": [{"action": "a", "order": words, "status": "done", "total": "1"}] * 40}  # fmt: skip
    line = {"kind": "item", "label": words, "item_id": "i", "amount": "1.00"}
    quote = {
        "total": "1.00",
        "currency": "EUR",
        "lines": [line] * 60,
        "methods": [],
        "when": "now",
        "business_days": None,
    }
    history = (
        {"status": "needs_approval", "at": now.isoformat(), "by": words},
        {"status": "denied", "by": words, "why": words},
    )
    entry = Entry(
        "op", "give_goodwill", {"amount": "1"}, "needs_approval", {"who": words, "role": "operator"}, now, now, words,
        words, why=words, rule=words[:200], signals=(words,) * 30, quote=quote, history=history, expires_at=now,
    )  # fmt: skip
    order = {"order_id": words, "status": words, "placed_at": words, "total": words, "city": words,
             "market": words, "refunded": [words] * 30, "items": [{"quantity": 1, "name": words, "price": "1"}] * 60,
             "parcels": [{"tracking_id": words, "events": [{"code": words, "at": words}]}] * 30}  # fmt: skip
    cited = [Citation(words, words, words, number) for number in range(30)]
    waiting = Handoff("H-1", "s", words, "waiting", now, words, summary)
    claimed = Handoff("H-1", "s", words, "claimed", now, words, summary)
    from dataclasses import replace

    return {
        "handoff": handoff_card(waiting, True), "claimed": handoff_card(claimed, False, {"until": words, "live": True}),
        "approval": approval_card(entry, words, words, True),
        "decided": approval_card(replace(entry, status="denied"), words, words, False),
        "order": Message("o", order_card(order, words)), "sources": Message("s", sources(cited)),
        "answer": Message("a", [answer(words), header(words), context(*[words] * 30), *quoted(words)]),
    }  # fmt: skip


@pytest.mark.parametrize("words", ["", "short", LONG, "ü" * 3500, "<>&" * 1500, "\n\n", "💥" * 4000])
def test_what_we_build_is_never_refused(words: str) -> None:
    for name, message in everything(words).items():
        blocks = fitting(list(message.blocks))
        assert check_message({"text": message.text, "blocks": blocks}) == [], name
        assert refused_blocks(blocks, 50) == [], name


def test_the_manifest_asks_for_nothing_it_does_not_use() -> None:
    told = manifest("https://x.example/")
    assert told["oauth_config"]["redirect_urls"] == ["https://x.example/slack/oauth_redirect"]
    assert "agent_view" in told["features"]
    assert not {"users:read.email", "chat:write.public", "channels:manage"} & set(told["oauth_config"]["scopes"]["bot"])
    assert manifest(socket=True)["settings"]["socket_mode_enabled"]
