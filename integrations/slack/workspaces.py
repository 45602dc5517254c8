"""The workspaces where the app is installed, and the tokens that speak in them. Those of several are kept encrypted."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from integrations.database.slack_records import SlackRecords, Team
from integrations.slack.manifest import SCOPES

AUTHORIZE = "https://slack.com/oauth/v2/authorize"


class NotInstalled(Exception):
    """A workspace did not install the app, or its token cannot be read; the text says which."""


class InstallRefused(Exception):
    """An installation that is not taken; the text says why."""


class Workspaces:
    """Tokens by workspace. `token` is the one of the settings, for a shop with one workspace of its own."""

    def __init__(self, url: str, records: SlackRecords, token: str, key: str) -> None:
        self._url, self._records, self._own = url.rstrip("/") + "/", records, token
        self._cipher = Fernet(key) if key else None
        self._known: dict[str, tuple[str, str]] = {}
        self._own_team = ""

    async def token(self, team: str) -> str:
        """The token that speaks in a workspace. Raises NotInstalled."""
        return (await self._of(team))[0]

    async def bot_user(self, team: str) -> str:
        """Who we are there. Raises NotInstalled."""
        return (await self._of(team))[1]

    async def own_team(self) -> str:
        """The workspace of the settings' token; '' without one. Raises NotInstalled."""
        if self._own and not self._own_team:
            await self._of("")
        return self._own_team

    async def all(self) -> list[str]:
        """All workspaces where we can speak."""
        own = await self.own_team()
        return list(dict.fromkeys([*([own] if own else []), *(held.team for held in await self._records.teams())]))

    async def _of(self, team: str) -> tuple[str, str]:
        if team not in self._known:
            installed = await self._records.team(team) if team else None
            self._known[team] = self._read(installed) if installed else await self._ask_own(team)
        return self._known[team]

    def _read(self, installed: Team) -> tuple[str, str]:
        try:
            if self._cipher is None:
                raise InvalidToken
            return self._cipher.decrypt(installed.token.encode()).decode(), installed.bot_user
        except InvalidToken as error:
            raise NotInstalled(
                f"The token of workspace {installed.team} cannot be read: DRAGOMAN_SLACK_TOKEN_KEY is not the one it"
                " was kept with."
            ) from error

    async def _ask_own(self, team: str) -> tuple[str, str]:
        if not self._own:
            raise NotInstalled(f"The app is not installed in workspace {team}.")
        try:
            told = await AsyncWebClient(self._own, base_url=self._url).auth_test()
        except SlackApiError as error:
            raise NotInstalled(f"Slack refuses SLACK_BOT_TOKEN: {error.response.get('error')}") from error
        self._own_team = str(told["team_id"])
        if team not in ("", self._own_team):
            raise NotInstalled(f"The app is not installed in workspace {team}.")
        return self._own, str(told["user_id"])

    async def begin(self, client_id: str, redirect: str) -> tuple[str, str]:
        """Begin an installation: where the browser goes, and the state that it must bring back."""
        state = secrets.token_urlsafe(24)
        await self._records.begin_install(state)
        asked = {"client_id": client_id, "scope": ",".join(SCOPES), "state": state, "redirect_uri": redirect}
        return f"{AUTHORIZE}?{urlencode(asked)}", state

    async def finish(self, client: tuple[str, str], code: str, state: str, redirect: str) -> str:
        """Take an installation; returns the workspace's name. Raises InstallRefused."""
        if self._cipher is None:
            raise InstallRefused("DRAGOMAN_SLACK_TOKEN_KEY is not set, and tokens are kept encrypted only.")
        if not await self._records.end_install(state):
            raise InstallRefused("This installation was not begun here, or too long ago. Begin again.")
        try:
            asked = {"client_id": client[0], "client_secret": client[1], "code": code, "redirect_uri": redirect}
            told = await AsyncWebClient(base_url=self._url).api_call("oauth.v2.access", data=asked)
        except SlackApiError as error:
            raise InstallRefused(f"Slack refused the installation: {error.response.get('error')}") from error
        return await self._keep(dict(told.data))  # type: ignore[arg-type]

    async def _keep(self, told: dict[str, Any]) -> str:
        assert self._cipher is not None  # noqa: S101
        token, team = str(told["access_token"]), told["team"]
        sealed = self._cipher.encrypt(token.encode()).decode()
        kept = Team(team["id"], team.get("name", ""), sealed, str(told["bot_user_id"]), str(told.get("scope", "")))
        await self._records.keep_team(kept)
        self._known[kept.team] = (token, kept.bot_user)
        return kept.name

    async def remove(self, team: str) -> None:
        """The app was taken out of a workspace: its token is forgotten."""
        await self._records.remove_team(team)
        self._known.pop(team, None)
