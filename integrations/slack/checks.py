"""Whether Slack is set up, reachable and safe; what to do where it is not."""

from __future__ import annotations

from typing import Any

from integrations.slack.calls import SlackRefused, SlackUnavailable
from integrations.slack.channel import Channel
from integrations.slack.manifest import SCOPES
from integrations.slack.office import Terms
from integrations.slack.workspaces import NotInstalled

Check = dict[str, Any]


async def check_slack(channel: Channel, terms: Terms, counts: dict[str, int]) -> list[Check]:
    """All checks, in the order in which they are mended."""
    found = [_secrets(channel)]
    try:
        teams = await channel.workspaces.all()
        found.append(
            _check("workspace", bool(teams), ", ".join(teams) or "none: set SLACK_BOT_TOKEN or install the app")
        )
        found += [await _scopes(channel, team) for team in teams]
        named = {name: str(getattr(terms, name)) for name in ("support", "approvals", "alerts")}
        found += [await _channel(channel, teams[0], name, where) for name, where in named.items() if teams]
    except (NotInstalled, SlackUnavailable) as error:
        found.append(_check("workspace", False, str(error)))
    return [*found, _people(terms), _queue(counts)]


def _check(what: str, ok: bool, found: str) -> Check:
    return {"what": what, "ok": ok, "found": found}


def _secrets(channel: Channel) -> Check:
    access = channel.access
    if access.app_token:
        return _check("connection", True, "Socket Mode, for development")
    if not access.signing_secret:
        return _check(
            "connection", False, "set SLACK_SIGNING_SECRET (Basic Information of the app), or SLACK_APP_TOKEN"
        )
    return _check("connection", True, "HTTP at /slack/events, signatures are checked")


async def _scopes(channel: Channel, team: str) -> Check:
    try:
        told = await channel.web.scopes(team)
    except SlackRefused as error:
        return _check(f"token of {team}", False, f"{error.code}: install the app again")
    lacking = [scope for scope in SCOPES if scope not in told]
    words = f"lacks {', '.join(lacking)}: take the manifest again (dragoman slack manifest) and install the app again"
    return _check(f"token of {team}", not lacking, words if lacking else "has every scope")


async def _channel(channel: Channel, team: str, name: str, where: str) -> Check:
    what, setting = f"{name} channel", f"DRAGOMAN_SLACK_{name.upper()}_CHANNEL"
    if not where:
        return _check(what, name == "alerts", f"none: nothing is posted; set {setting}")
    try:
        told = (await channel.web.call("conversations.info", team, channel=where))["channel"]
    except SlackRefused as error:
        return _check(what, False, f"{where}: {error.code}; is it the channel's id, and was the app invited?")
    if not told.get("is_member"):
        return _check(what, False, f"#{told.get('name')}: invite the app there (/invite)")
    if name != "alerts" and not await channel.people.is_closed(team, where):
        return _check(
            what, False, f"#{told.get('name')} is read by guests or another workspace: customers are not shown"
        )
    return _check(what, True, f"#{told.get('name')}")


def _people(terms: Terms) -> Check:
    able = [user for user, rank in terms.people.items() if rank != "marketer"]
    words = f"{len(able)} of the desk" if able else "nobody may see orders or approve: set DRAGOMAN_SLACK_PEOPLE"
    return _check("people", bool(able), words)


def _queue(counts: dict[str, int]) -> Check:
    failed = counts.get("failed", 0)
    waiting = counts.get("waiting", 0) + counts.get("running", 0)
    return _check("events", not failed, f"{waiting} wait, {failed} failed" + (" (see the log)" if failed else ""))
