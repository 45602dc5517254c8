"""`/dragoman`: everything that can also be asked in words, as a command whose answer only its asker reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from integrations.slack.asking import Asking
from integrations.slack.block_kit import Block
from integrations.slack.blocks import Message, answer, context, cut, fitting, header, safe, said, section
from integrations.slack.capabilities import PLANNED, Progress, Result
from integrations.slack.cards import order_card, sources
from integrations.slack.office import Office
from integrations.slack.people import Colleague, People
from integrations.slack.sheets import Sheets
from integrations.slack.web import Address, Web
from integrations.slack.words import plain_words
from tools.context import Session
from tools.orders import describe_order
from tools.results import tell

HELP = (
    "*/dragoman ask* QUESTION – an answer with its sources; only you read it\n"
    "*/dragoman order* NUMBER – an order, for people of the desk\n"
    "*/dragoman approvals* – actions that wait for a decision\n"
    "*/dragoman handoffs* – shoppers who wait for a person\n"
)
NOT_STAFF = "That is for people of the desk. Who that is stands in DRAGOMAN_SLACK_PEOPLE."
Command = Callable[[str, Colleague, dict[str, Any]], Awaitable[Message]]


class Commands:
    """Answers commands."""

    def __init__(self, office: Office, web: Web, people: People, asking: Asking, sheets: Sheets) -> None:
        self._office, self._web, self._people, self._asking = office, web, people, asking
        self._sheets = sheets

    async def run(self, body: dict[str, Any], key: str) -> None:
        """Answer a command, once, where it was typed."""
        name, rest = [*plain_words(str(body.get("text", ""))).split(maxsplit=1), "", ""][:2]
        who = await self._people.who(str(body["team_id"]), str(body["user_id"]))
        address = Address(str(body["response_url"]), str(body["team_id"]), who.user)
        deeds: dict[str, Command] = {
            "ask": self._ask, "order": self._order, "approvals": self._approvals, "handoffs": self._handoffs,
        }  # fmt: skip
        name = name.casefold() or "help"
        if name in self._office.capabilities:
            if await self._sheets.of_command(name, rest, body, key):
                return
            await self.perform(name, rest, who, address)
            return
        deed = deeds.get(name)
        told = await deed(rest, who, body) if deed else said(self._unknown(name))
        await self._web.respond(address, told)

    def _unknown(self, name: str) -> str:
        if name in PLANNED:
            return f"`{name}` is not available yet."
        known = "".join(
            f"*/dragoman {safe(one.name)}*{safe(one.usage.removeprefix(one.name))}\n"
            for one in self._office.capabilities.values()
        )
        coming = [usage for planned, usage in PLANNED.items() if planned not in self._office.capabilities]
        later = f"Not available yet: {safe('; '.join(coming))}" if coming else ""
        return ("" if name == "help" else f"There is no `{safe(cut(name, 40))}`.\n") + HELP + known + later

    async def _ask(self, text: str, who: Colleague, body: dict[str, Any]) -> Message:
        if not text:
            return said("Ask something: `/dragoman ask How long does delivery to Japan take?`")
        mine = who.staff or (who.is_marketer and not who.outside)
        session = Session(f"slack-command-{body['team_id']}-{who.user}", who.role, "slack", public=not mine)
        reply = await self._asking.draft(session, text)
        blocks = [answer(reply.text), *sources(reply.sources), *reply.blocks]
        return Message(safe(cut(reply.text, 3000)), fitting(blocks))

    async def _order(self, number: str, who: Colleague, _body: dict[str, Any]) -> Message:
        if not who.staff:
            return said(NOT_STAFF)
        if not number or " " in number:
            return said("Give one order number, like: `/dragoman order AQ-10023`")
        order = await self._office.shop.order(number)
        if order is None:
            return said(f"There is no order {safe(cut(number, 60))} in this shop.")
        _, told = tell("ok", order=describe_order(order, self._office.shop.home_currency))
        return Message(f"Order {order.order_id}", order_card(told["order"], order.customer_id))

    async def _approvals(self, _text: str, who: Colleague, _body: dict[str, Any]) -> Message:
        if not who.staff:
            return said(NOT_STAFF)
        waiting = await self._office.clerk().ledger.entries("needs_approval", 20)
        lines = [
            section(f"*{safe(one.name.replace('_', ' '))}* {safe(one.order_id)} {one.quote.get('total', '')}"
                    f" {one.quote.get('currency', '')}, since {one.changed_at:%Y-%m-%d %H:%M} UTC")
            for one in waiting
        ]  # fmt: skip
        title = f"Waiting for a decision: {len(waiting)}"
        return Message(title, [header(title), *lines])

    async def _handoffs(self, _text: str, who: Colleague, _body: dict[str, Any]) -> Message:
        if not who.staff:
            return said(NOT_STAFF)
        found = await self._office.sessions.handoffs.waiting("waiting", "claimed")
        lines: list[Block] = [
            section(f"*{one.id}* {one.status}{' by ' + safe(one.claimed_by) if one.claimed_by else ''}, since"
                    f" {one.created_at:%Y-%m-%d %H:%M} UTC")
            for one in found[:40]
        ]  # fmt: skip
        return Message(f"Open handoffs: {len(found)}", [header(f"Open handoffs: {len(found)}"), *lines])

    async def perform(self, name: str, text: str, who: Colleague, address: Address) -> None:
        """Run a capability: progress in one message that updates, then its result, with a file where there is one."""
        capability = self._office.capabilities[name]
        if not capability.may(who):
            await self._web.respond(address, said(NOT_STAFF))
            return
        begun = False
        try:
            async for step in capability.run(text):
                await self._web.respond(address, _shown(step), instead=begun)
                begun = True
                if isinstance(step, Result) and step.file:
                    channel = await self._web.direct(address.team, who.user)
                    await self._web.upload(address.team, channel, step.file_name, step.file)
        except ValueError as error:
            await self._web.respond(address, said(safe(f"{error}\nUsage: /dragoman {capability.usage}")), instead=begun)


def _shown(step: Progress | Result) -> Message:
    if isinstance(step, Progress):
        return said(safe(f"{step.words or 'Working'}: {step.done} of {step.total}"))
    notes = [context(f"• {safe(cut(finding, 500))}") for finding in step.findings[:20]]
    return Message(safe(step.title), [header(step.title), answer(step.text), *notes])
