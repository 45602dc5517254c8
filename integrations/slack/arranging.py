"""Settings of the Home tab: hours, languages, channels and limits, changed by those who may; at once, and noted."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from integrations.slack.block_kit import Block
from integrations.slack.blocks import asked, chosen_channel, cut, modal, optional, safe, said
from integrations.slack.calls import SlackRefused
from integrations.slack.office import Office
from integrations.slack.people import Colleague, People
from integrations.slack.settings_typed import DAYS, limit_of, money_told, settings_of
from integrations.slack.web import Web

log = logging.getLogger(__name__)

MAY_CHANGE = {"settings": ("lead", "head"), "limits": ("head",)}
"""Ranks that may change what: limits move money."""

NOT_YOURS = "That is changed by: {ranks}. You are not among them."
CHANNELS = ("support", "approvals", "alerts")
OF_TERMS = (*CHANNELS, "quiet_hours", "escalate_minutes")
MOST_LIMITS = 20


class Arranging:
    """Shows and takes settings."""

    def __init__(self, office: Office, web: Web, people: People) -> None:
        self._office, self._web, self._people = office, web, people
        self._configured = replace(office.terms)

    async def refresh(self, seconds: float = 1.0) -> None:
        """Have the terms be what was changed, else what is configured."""
        now = await self._office.sessions.arrangements.refresh(seconds)
        for name in OF_TERMS:
            setattr(self._office.terms, name, now.get(name, getattr(self._configured, name)))

    async def ask(self, what: str, team: str, user: str, trigger: str) -> None:
        """Open the modal for settings or limits, for who may change them."""
        await self.refresh(0)
        if await self._may(what, team, user):
            blocks = settings_fields(self._office) if what == "settings" else limit_fields(self._office)
            title = "Settings" if what == "settings" else "Limits"
            await self._web.open_modal(team, trigger, modal(f"{what}_changed", title, "Save", team, *blocks))

    async def taken(self, what: str, team: str, user: str, fields: dict[str, str]) -> None:
        """Keep what was typed, as far as it is another than what holds. What cannot hold is told and not kept."""
        who = await self._may(what, team, user)
        if who is None:
            return
        await self.refresh(0)
        held = held_settings(self._office)
        wanted = settings_of(fields) if what == "settings" else {"limits": self._limits(fields)}
        changed = {name: value for name, value in wanted.items() if held.get(name) != value}
        if objections := self._office.objections(changed.get("limits") or {}):
            await self._tell(team, user, "Not changed: " + " ".join(objections))
            return
        if changed:
            await self._office.sessions.arrangements.change(who.who, **changed)
            log.info("settings were changed in Slack", extra={"by": user, "names": sorted(changed)})
        await self.refresh(0)
        await self._tell(team, user, await self._told(team, changed))

    def _limits(self, fields: dict[str, str]) -> dict[str, dict[str, str]]:
        """The limits that differ from the policy's, by their names."""
        known = dict(self._office.sessions.arrangements.now.get("limits") or {})
        for place, (name, up_to) in enumerate(self._office.limits()[:MOST_LIMITS]):
            typed = limit_of(fields.get(f"limit_{place}", ""))
            if typed and {c: float(a) for c, a in typed.items()} != {c: float(a) for c, a in up_to.items()}:
                known[name] = typed
        return known

    async def _told(self, team: str, changed: dict[str, Any]) -> str:
        """What was changed, and which channels we cannot write to."""
        if not changed:
            return "Nothing was changed."
        chosen = [changed[name] for name in CHANNELS if changed.get(name)]
        strange = [channel for channel in chosen if not await self._is_ours(team, channel)]
        invite = [f"I am not in <#{one}>: invite me there, else nothing is shown in it." for one in strange]
        return "\n".join([f"Changed: {', '.join(name.replace('_', ' ') for name in changed)}.", *invite])

    async def _is_ours(self, team: str, channel: str) -> bool:
        try:
            told = (await self._web.call("conversations.info", team, channel=channel)).get("channel") or {}
        except SlackRefused:
            return False
        return bool(told.get("is_member"))

    async def _may(self, what: str, team: str, user: str) -> Colleague | None:
        who = await self._people.who(team, user)
        if who.staff and who.rank in MAY_CHANGE[what]:
            return who
        await self._tell(team, user, NOT_YOURS.format(ranks=", ".join(MAY_CHANGE[what])))
        return None

    async def _tell(self, team: str, user: str, words: str) -> None:
        given = said(words)
        channel = await self._web.direct(team, user)
        await self._web.call("chat.postMessage", team, channel=channel, text=given.text, blocks=list(given.blocks))


def held_settings(office: Office) -> dict[str, Any]:
    """What holds now, as changes are kept."""
    facts, terms = office.desk_facts(), office.terms
    return {
        "opens": str(facts.get("opens", "08:00")), "closes": str(facts.get("closes", "18:00")),
        "weekdays": list(facts.get("weekdays", (0, 1, 2, 3, 4))), "zone": str(facts.get("zone", "UTC")),
        "languages": list(facts.get("languages") or []), **{name: getattr(terms, name) for name in OF_TERMS},
        "limits": dict(office.sessions.arrangements.now.get("limits") or {}),
    }  # fmt: skip


def settings_fields(office: Office) -> list[Block]:
    """The fields of the modal, filled with what holds."""
    held = held_settings(office)
    days = " ".join(DAYS[day] for day in held["weekdays"])
    return [
        asked("The desk opens at", "opens", 5, initial=held["opens"], hint="Like 09:00, in the desk's time zone."),
        asked("It closes at", "closes", 5, initial=held["closes"]),
        asked("On these days", "weekdays", 40, initial=days, hint=f"Of {' '.join(DAYS)}."),
        asked("Time zone", "zone", 60, initial=held["zone"], hint="Like Europe/Berlin."),
        optional(asked("Languages of the desk", "languages", 100, initial=" ".join(held["languages"]),
                       hint="Like en de fr. Empty: all.")),
        *(chosen_channel(f"Channel for {name}", name, held[name]) for name in CHANNELS),
        optional(asked("No alerts between", "quiet_hours", 11, initial=held["quiet_hours"],
                       hint="Like 20:00-08:00, in the desk's time zone. Empty: at any time.")),
        asked("Approvals escalate after minutes", "escalate_minutes", 5, initial=str(held["escalate_minutes"])),
    ]  # fmt: skip


def limit_fields(office: Office) -> list[Block]:
    """A field for each limit of the staff that has amounts."""
    return [
        asked(cut(name.replace("_", " "), 150), f"limit_{place}", 300, initial=money_told(up_to),
              hint="Like EUR 20, GBP 18. In other currencies nothing may be given.")
        for place, (name, up_to) in enumerate(office.limits()[:MOST_LIMITS])
    ]  # fmt: skip


def last_changes(changes: list[Any]) -> list[str]:
    """Who changed what last, a line each."""
    return [
        f"{one.name.replace('_', ' ')}: {safe(cut(one.by.partition('(')[2].rstrip(')') or one.by, 60))},"
        f" {one.at:%Y-%m-%d %H:%M} UTC" for one in changes
    ]  # fmt: skip
