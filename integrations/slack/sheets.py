"""Sheets that come with a message: worked through by a capability, progress in one message, the files in the thread."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from integrations.database.slack_records import Post
from integrations.slack.blocks import Message, answer, context, cut, header, safe, said
from integrations.slack.calls import SlackRefused
from integrations.slack.capabilities import Capability, Result
from integrations.slack.office import Office
from integrations.slack.people import People
from integrations.slack.web import Place, Web
from integrations.slack.words import plain_words

MOST_BYTES = 2_000_000
"""Largest sheet that is worked through here; a larger one is a job of the command line."""

STEP = 2.0
"""Seconds between two changes of the message that shows progress."""

LOOKED_THROUGH = 40
"""Messages of a channel among which a command looks for the sheet of whoever gives it."""

NOT_ALLOWED = "That is for people of the desk and marketers. Who that is stands in DRAGOMAN_SLACK_PEOPLE."
WHY = {
    "too_large": "it is larger than 2 MB: use the command line, dragoman localize",
    "not_of_slack": "Slack does not keep it",
}


class Sheets:
    """Works through sheets."""

    def __init__(self, office: Office, web: Web, people: People) -> None:
        self._office, self._web, self._people = office, web, people

    def meant(self, text: str, files: list[dict[str, Any]]) -> tuple[Capability, str] | None:
        """The capability that a message with a file asks for ('localize to de-DE'), and what it says besides."""
        name, _, rest = plain_words(text).partition(" ")
        capability = self._office.capabilities.get(name.casefold())
        return (capability, rest.strip()) if files and capability and capability.run_file else None

    async def work(self, event: dict[str, Any], place: Place, key: str) -> bool:
        """Work through the sheet of a message, once for its key; False where it asks for nothing of ours. Raises
        SlackUnavailable.
        """
        files = list(event.get("files") or [])
        meant = self.meant(str(event.get("text") or ""), files)
        if meant is None:
            return False
        await self._run(*meant, str(event["user"]), files[0], place, key)
        return True

    async def of_command(self, name: str, text: str, body: dict[str, Any], key: str) -> bool:
        """Work through the sheet somebody last put into the channel of their command, in its thread; False where there
        is none. Raises SlackUnavailable.
        """
        capability, team, channel = self._office.capabilities[name], str(body["team_id"]), str(body["channel_id"])
        if capability.run_file is None:
            return False
        try:
            told = await self._web.call("conversations.history", team, channel=channel, limit=LOOKED_THROUGH)
        except SlackRefused:  # we are not in the channel
            return False
        own = (one for one in told.get("messages", []) if one.get("user") == body["user_id"] and one.get("files"))
        last = max(own, key=lambda one: float(one["ts"]), default=None)
        if last is None:
            return False
        place = Place(team, channel, str(last.get("thread_ts") or last["ts"]))
        await self._run(capability, text, str(body["user_id"]), last["files"][0], place, key)
        return True

    async def _run(
        self, capability: Capability, text: str, user: str, file: dict[str, Any], place: Place, key: str
    ) -> None:
        key, name = f"sheet:{key}", str(file.get("name") or "sheet")
        if not capability.may(await self._people.who(place.team, user)):
            await self._web.whisper(place, user, said(NOT_ALLOWED))
            return
        known = await self._web.records.post(key)
        if known and known.state.get("done"):
            return
        post = await self._web.post(
            key, place, said(f"Reading {safe(cut(name, 80))} …"), known.state if known else None
        )
        try:
            data = await self._fetched(place.team, file, name)
            result = await self._worked(capability, text, name, data, post)
        except ValueError as error:
            told = said(safe(cut(f"{error}\nUsage: {capability.usage}", 2900)))
            await self._web.change(post, told, {**post.state, "done": True})
            return
        await self._end(post, place, result)

    async def _fetched(self, team: str, file: dict[str, Any], name: str) -> bytes:
        try:
            return await self._web.fetch(team, str(file.get("url_private_download") or ""), MOST_BYTES)
        except SlackRefused as refusal:
            raise ValueError(f"{name}: {WHY.get(refusal.code, 'Slack does not give it to us')}.") from refusal

    async def _worked(self, capability: Capability, text: str, name: str, data: bytes, post: Post) -> Result:
        """What came of a sheet; how far it is is shown meanwhile."""
        shown, result = time.monotonic(), Result(name, "Nothing came of it.")
        if capability.run_file is not None:
            async for step in capability.run_file(text, name, data):
                if isinstance(step, Result):
                    result = step
                elif time.monotonic() - shown >= STEP:
                    shown = time.monotonic()
                    await self._web.change(post, said(safe(f"{step.words or 'Working'}: {step.done} of {step.total}")))
        return result

    async def _end(self, post: Post, place: Place, result: Result) -> None:
        """Put the result's files into the thread, each once, then say what came of it."""
        for name, data in ((result.file_name, result.file), *result.more):
            held = str(post.state.get(name, ""))
            if not data or (held and await self._web.is_shared(place.team, held)):
                continue
            brought = await self._web.bring(place.team, name, data)
            post = replace(post, state={**post.state, name: brought})
            await self._web.records.change_post(post.key, state=post.state)
            await self._web.share(place.team, place.channel, place.thread, brought, name)
        notes = [context(f"• {safe(cut(finding, 500))}") for finding in result.findings[:20]]
        told = Message(safe(result.title), [header(result.title), answer(result.text), *notes])
        await self._web.change(post, told, {**post.state, "done": True})
