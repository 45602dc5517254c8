"""Who somebody in Slack is to us. A role comes from the shop's configuration and from nowhere else; guests and people
of other workspaces have none, whatever it says.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.deciding import Decider
from integrations.slack.calls import SlackRefused
from integrations.slack.web import Web
from knowledge.service.case import STAFF, Asker
from tools.context import Role

HELD = 300.0
"""Seconds for which it is believed who somebody is, and who is in a channel."""

MARKETER = "marketer"


@dataclass(frozen=True)
class Colleague:
    """Somebody in Slack. `rank` is that of the service policy, '' for nobody of the desk; `outside`: a guest, somebody
    of another workspace, a bot, or somebody Slack told us nothing of.
    """

    user: str
    name: str
    rank: str = ""
    is_marketer: bool = False
    outside: bool = False

    @property
    def staff(self) -> bool:
        """Whether they are of the desk: may see orders and internal documents, and take conversations over."""
        return bool(self.rank) and not self.outside

    @property
    def role(self) -> Role:
        """The role they ask in."""
        return "marketer" if self.is_marketer and not self.outside else "operator"

    @property
    def who(self) -> str:
        """What the ledger knows them by."""
        return f"slack {self.user} ({self.name})"

    @property
    def decider(self) -> Decider:
        """They as somebody who decides; one without a rank is nobody of the staff."""
        return Decider(Asker(role=STAFF if self.staff else "shopper", rank=self.rank if self.staff else ""), self.who)


class People:
    """Knows the people of workspaces and channels."""

    def __init__(self, web: Web, listed: Mapping[str, str]) -> None:
        self._web, self._listed = web, listed
        self._known: dict[tuple[str, str], tuple[float, Any]] = {}

    async def who(self, team: str, user: str) -> Colleague:
        """Who a user is, seen from a workspace where the app is installed. Raises SlackUnavailable."""
        told = await self._asked(team, user, "users.info", "user", user=user)
        profile = told.get("profile") or {}
        name = profile.get("display_name") or told.get("real_name") or told.get("name") or "a colleague"
        rank = self._listed.get(user, "")
        marketer = rank == MARKETER
        return Colleague(user, str(name)[:60], "" if marketer else rank, marketer, _is_outside(told, team))

    async def is_closed(self, team: str, channel: str) -> bool:
        """Whether nobody from outside reads a channel: it is not shared, and none of its members is a guest. Where
        Slack does not say, it is not closed. Raises SlackUnavailable.
        """
        info = await self._asked(team, channel, "conversations.info", "channel", channel=channel)
        shared = ("is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared")
        if not info or any(info.get(mark) for mark in shared):
            return False
        members = await self._members(team, channel)
        return bool(members) and not any([(await self.who(team, one)).outside for one in members if one])

    async def _members(self, team: str, channel: str) -> list[str]:
        """Who is in a channel, but for us."""
        held = self._held((team, f"members {channel}"))
        if held is not None:
            return list(held)
        found: list[str] = []
        cursor = None
        try:
            while cursor != "":
                told = await self._web.call("conversations.members", team, channel=channel, limit=200, cursor=cursor)
                found += told.get("members") or []
                cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
        except SlackRefused:
            return []
        ours = await self._web.workspaces.bot_user(team)
        return list(self._hold((team, f"members {channel}"), [one for one in found if one != ours]))

    async def _asked(self, team: str, of: str, method: str, part: str, **arguments: str) -> dict[str, Any]:
        held = self._held((team, of))
        if held is not None:
            return dict(held)
        try:
            told = (await self._web.call(method, team, **arguments)).get(part) or {}
        except SlackRefused:
            told = {}
        return dict(self._hold((team, of), told))

    def _held(self, key: tuple[str, str]) -> Any:
        at, value = self._known.get(key, (0.0, None))
        return value if time.monotonic() - at < HELD and value is not None else None

    def _hold(self, key: tuple[str, str], value: Any) -> Any:
        self._known[key] = (time.monotonic(), value)
        return value

    def forget(self, team: str, of: str) -> None:
        """Ask anew who somebody is, or who is in a channel."""
        self._known.pop((team, of), None)
        self._known.pop((team, f"members {of}"), None)


def _is_outside(told: Mapping[str, Any], team: str) -> bool:
    marks = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
    elsewhere = bool(told.get("team_id")) and told.get("team_id") != team
    return not told or any(told.get(mark) for mark in marks) or elsewhere
