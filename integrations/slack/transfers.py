"""Files to and from Slack."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp

from integrations.slack.calls import SECONDS, Calls, SlackRefused, SlackUnavailable


class Transfers(Calls):
    """Brings files to Slack and fetches them from there."""

    async def upload(self, team: str, channel: str, name: str, data: bytes) -> None:
        """Put a file somewhere. Raises SlackRefused, SlackUnavailable."""
        await self.share(team, channel, "", await self.bring(team, name, data), name)

    async def bring(self, team: str, name: str, data: bytes) -> str:
        """Bring a file to Slack, where nobody sees it yet; its id. Raises SlackRefused, SlackUnavailable."""
        told = await self.call("files.getUploadURLExternal", team, filename=name, length=len(data))
        patience = aiohttp.ClientTimeout(3 * SECONDS)
        try:
            async with self._open().post(told["upload_url"], data=data, timeout=patience) as answer:
                if answer.status >= 400:
                    raise SlackUnavailable(f"upload: {answer.status}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SlackUnavailable(f"upload: {type(error).__name__}") from error
        return str(told["file_id"])

    async def share(self, team: str, channel: str, thread: str, file: str, name: str) -> None:
        """Show a file that was brought, once: where an answer is lost we look whether it is shown. Raises SlackRefused,
        SlackUnavailable.
        """
        given = {"files": [{"id": file, "title": name}], "channel_id": channel, "thread_ts": thread or None}
        try:
            await self.once("files.completeUploadExternal", team, given)
        except SlackUnavailable:
            if not await self.is_shared(team, file):
                raise

    async def is_shared(self, team: str, file: str) -> bool:
        """Whether a file of ours is shown anywhere. Raises SlackUnavailable."""
        try:
            told = (await self.call("files.info", team, file=file)).get("file") or {}
        except SlackRefused:
            return False
        return bool(told.get("shares"))

    async def fetch(self, team: str, url: str, most: int) -> bytes:
        """A file that is kept in Slack, of at most so many bytes. Our token goes to Slack's own addresses alone. Raises
        SlackRefused, SlackUnavailable.
        """
        if not self._is_slacks(url):
            raise SlackRefused("file", "not_of_slack")
        headers = {"Authorization": f"Bearer {await self.workspaces.token(team)}"}
        patience = aiohttp.ClientTimeout(3 * SECONDS)
        try:
            async with self._open().get(url, headers=headers, timeout=patience, allow_redirects=False) as answer:
                if answer.status >= 500 or answer.status == 429:
                    raise SlackUnavailable(f"file: {answer.status}")
                if answer.status != 200:
                    raise SlackRefused("file", str(answer.status))
                return await _read(answer, most)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SlackUnavailable(f"file: {type(error).__name__}") from error

    def _is_slacks(self, url: str) -> bool:
        asked, ours = urlsplit(url), urlsplit(self._url)
        host = (asked.hostname or "").lower()
        of_slack = asked.scheme == "https" and asked.port in (None, 443) and host.endswith(".slack.com")
        return of_slack or (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    read = bytearray()
    async for piece in answer.content.iter_chunked(1 << 16):
        read += piece
        if len(read) > most:
            raise SlackRefused("file", "too_large")
    return bytes(read)
