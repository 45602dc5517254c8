"""What can be done with a message: draft a reply, check its claims, make an entry of it. Only who asked sees it."""

from __future__ import annotations

from typing import Any

from integrations.slack.asking import Asking
from integrations.slack.blocks import Message, answer, asked, context, cut, modal, safe, said
from integrations.slack.cards import sources
from integrations.slack.commands import Commands
from integrations.slack.office import Office
from integrations.slack.people import People
from integrations.slack.web import Address, Web
from integrations.slack.words import plain_words
from tools.context import Session

NOT_STAFF = "That is for people of the desk. Who that is stands in DRAGOMAN_SLACK_PEOPLE."


class Shortcuts:
    """Works on a message."""

    def __init__(self, office: Office, web: Web, people: People, asking: Asking, commands: Commands) -> None:
        self._office, self._web, self._people = office, web, people
        self._asking, self._commands = asking, commands

    async def draft_reply(self, body: dict[str, Any]) -> None:
        """Draft an answer to a message, of what everybody may know."""
        who = await self._people.who(body["team"]["id"], body["user"]["id"])
        text = plain_words(str(body["message"].get("text", "")))
        session = Session(f"slack-shortcut-{body['trigger_id']}", who.role, "slack", public=True)
        reply = await self._asking.draft(session, text)
        blocks = [context("*Draft.* Only you see it."), answer(reply.text), *sources(reply.sources)]
        await self._web.respond(_address(body), Message(safe(cut(reply.text, 3000)), blocks))

    async def check_copy(self, body: dict[str, Any]) -> None:
        """Say which claims of a message may not be made."""
        who = await self._people.who(body["team"]["id"], body["user"]["id"])
        address, text = _address(body), plain_words(str(body["message"].get("text", "")))
        if "claims" not in self._office.capabilities:
            await self._web.respond(address, said("Checking claims is not available yet."))
            return
        await self._commands.perform("claims", text, who, address)

    async def add_knowledge(self, body: dict[str, Any]) -> None:
        """Ask for the question and the answer that a message holds."""
        who = await self._people.who(body["team"]["id"], body["user"]["id"])
        if not who.staff or self._office.note_gap is None:
            await self._web.respond(_address(body), said(NOT_STAFF))
            return
        text = plain_words(str(body["message"].get("text", "")))
        question = asked("The question, as shoppers ask it", "question", 300)
        held = asked("The answer", "answer", 3000, lines=True, initial=text)
        view = modal("knowledge_added", "Add to knowledge", "Keep as draft", body["channel"]["id"], question, held)
        await self._web.open_modal(body["team"]["id"], body["trigger_id"], view)

    async def knowledge_added(self, team: str, user: str, question: str, text: str) -> None:
        """Keep the draft; whoever looks after the documents accepts it."""
        who = await self._people.who(team, user)
        if not who.staff or self._office.note_gap is None:
            return
        told = await self._office.note_gap(question, text, who.name)
        channel = await self._web.direct(team, user)
        await self._web.call("chat.postMessage", team, channel=channel, text=safe(told))


def _address(body: dict[str, Any]) -> Address:
    return Address(str(body["response_url"]), str(body["team"]["id"]), str(body["user"]["id"]))
