"""Files of a handoff, both ways: the shopper's stand in the thread, a colleague's reach the shopper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from integrations.database.attachments import PERSONS
from integrations.database.slack_records import Post
from integrations.slack.blocks import said
from integrations.slack.calls import SlackRefused
from integrations.slack.office import FileRefused, Office
from integrations.slack.web import Place, Web

if TYPE_CHECKING:
    from integrations.database.attachments import Attachment

MOST_BYTES = 8_000_000
"""Largest file that is taken to a shopper: as large as one they may send."""

HIDDEN = "The shopper sent a file. It is not shown here, because people from outside read this channel."
WHY = {"too_large": "it is larger than 8 MB", "not_of_slack": "it is not kept in Slack"}


def names_of(files: Sequence[Attachment]) -> str:
    """What stands for a message that is only files."""
    return ", ".join(file.name for file in files)


class Files:
    """Takes files across."""

    def __init__(self, office: Office, web: Web) -> None:
        self._office, self._web = office, web

    async def show(self, session_id: str, place: Place, closed: bool) -> None:
        """Put what the shopper sent into a handoff's thread, each file once; where outsiders read along, only that
        there is one. Raises SlackUnavailable.
        """
        for file in await self._office.sessions.attachments.of(session_id):
            if file.turn and not file.turn.startswith(PERSONS):
                await self._show(file, place, closed)

    async def _show(self, file: Attachment, place: Place, closed: bool) -> None:
        key = f"file:{file.id}:{place.thread}"
        fresh = Post(key, place.team, place.channel, "", place.thread, {}, datetime.now(UTC))
        await self._web.records.begin_post(fresh)
        known = await self._web.records.post(key)
        if known is None or known.ts:
            return
        try:
            shown = await self._bring(file, known, place) if closed else await self._tell(key, place, HIDDEN)
        except SlackRefused as refusal:
            shown = await self._tell(key, place, f"The shopper sent a file that Slack does not take: {refusal.code}.")
        await self._web.records.change_post(key, ts=shown)

    async def _tell(self, key: str, place: Place, words: str) -> str:
        return (await self._web.post(f"{key}:told", place, said(words))).ts

    async def _bring(self, file: Attachment, known: Post, place: Place) -> str:
        """Upload a file and show it; one that we had shown before we ended is not shown again."""
        brought = str(known.state.get("file", ""))
        if brought and await self._web.is_shared(place.team, brought):
            return brought
        held = await self._office.sessions.attachments.find(file.id)
        if held is None:  # erased since
            return "erased"
        brought = await self._web.bring(place.team, file.name, held[1])
        await self._web.records.change_post(known.key, state={"file": brought})
        await self._web.share(place.team, place.channel, place.thread, brought, file.name)
        return brought

    async def take(
        self, team: str, session_id: str, files: tuple[dict[str, Any], ...], origin: str
    ) -> list[Attachment]:
        """Fetch what a colleague sends and keep it for the shopper, made anew. All of it or nothing: raises
        FileRefused, SlackUnavailable.
        """
        take = self._office.take_file
        if files and take is None:
            raise FileRefused("files cannot be sent from here")
        return [await take(session_id, *await self._fetched(team, one), origin) for one in files]  # type: ignore[misc]

    async def _fetched(self, team: str, file: dict[str, Any]) -> tuple[str, bytes]:
        name = str(file.get("name") or "file")
        try:
            return name, await self._web.fetch(team, str(file.get("url_private_download") or ""), MOST_BYTES)
        except SlackRefused as refusal:
            raise FileRefused(f"{name}: {WHY.get(refusal.code, 'Slack does not give it to us')}") from refusal
