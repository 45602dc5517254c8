"""The Home tab: what waits, how the day goes, how Slack is set up. Who is not of the desk is told what to ask."""

from __future__ import annotations

from datetime import UTC, datetime

from integrations.database.days import Day
from integrations.slack.arranging import MAY_CHANGE, MOST_LIMITS, last_changes
from integrations.slack.block_kit import Block
from integrations.slack.blocks import DIVIDER, actions, button, context, cut, fields, header, safe, section
from integrations.slack.office import Gap, Office, Terms
from integrations.slack.people import Colleague
from integrations.slack.settings_typed import money_told

WELCOME = "Ask me anything about our policies and products: in *Messages*, or by mentioning me in a channel."


async def home_of(who: Colleague, office: Office) -> list[Block]:
    """Somebody's Home tab."""
    if not who.staff:
        return [header("Dragoman"), section(WELCOME)]
    handoffs = await office.sessions.handoffs.waiting("waiting", "claimed")
    approvals = await office.clerk().ledger.entries("needs_approval", 50)
    open_gaps = await office.gaps() if office.gaps else []
    day, changes = await office.days.day(datetime.now(UTC)), await office.sessions.arrangements.history(5)
    return [
        header(f"Open handoffs: {len(handoffs)}"),
        *(section(f"*{one.id}* {one.status}{' by ' + safe(one.claimed_by) if one.claimed_by else ''}, since"
                  f" {one.created_at:%H:%M} UTC") for one in handoffs[:15]),
        header(f"Approvals that wait: {len(approvals)}"),
        *(section(f"*{one.name.replace('_', ' ')}* {safe(one.order_id)} {one.quote.get('total', '')}"
                  f" {one.quote.get('currency', '')}") for one in approvals[:15]),
        DIVIDER, *figures(day), DIVIDER, *_gaps(open_gaps), DIVIDER, *_settings(office.terms, office.desk_facts()),
        *_limits(office), *(context(line) for line in last_changes(changes)), *_buttons(who),
    ]  # fmt: skip


def figures(day: Day) -> list[Block]:
    """How the day goes; resolutions that were confirmed, assumed and reopened stand apart."""
    first = f"{day.first_answer_s:.1f} s" if day.first_answer_s is not None else "–"
    return [header("Today (UTC)"), fields([
        ("Conversations", str(day.conversations)), ("With or waiting for a person", str(day.handed_over)),
        ("Resolved, confirmed", str(day.confirmed)), ("Resolved, assumed", str(day.assumed)),
        ("Reopened", str(day.reopened)), ("First answer (median)", first), ("Models' cost", f"${day.dollars:.2f}"),
    ])]  # fmt: skip


def _gaps(gaps: list[Gap]) -> list[Block]:
    lines = [section(f"{gap.count}× {safe(cut(gap.text, 200))}") for gap in gaps[:8]]
    return [header(f"Questions without an answer: {len(gaps)}"), *lines]


def _settings(terms: Terms, facts: dict[str, object]) -> list[Block]:
    """How Slack and the desk are set up."""
    channels = [("Handoffs", terms.support), ("Approvals", terms.approvals), ("Alerts", terms.alerts)]
    shown = [f"{name}: {f'<#{channel}>' if channel else 'nowhere'}" for name, channel in channels]
    hours = f"{facts.get('opens', '08:00')}–{facts.get('closes', '18:00')} {facts.get('zone', 'UTC')}"
    languages = ", ".join(map(str, facts.get("languages") or ())) or "all"  # type: ignore[call-overload]
    people = ", ".join(f"<@{user}> {safe(rank)}" for user, rank in list(terms.people.items())[:30]) or "nobody yet"
    return [
        header("Set up"), context(*shown), context(f"Desk hours: {safe(hours)}", f"Languages: {safe(languages)}"),
        context(f"Quiet hours for alerts: {terms.quiet_hours or 'none'}",
                f"Approvals escalate after {terms.escalate_minutes} minutes"),
        context(f"People: {people}"),
    ]  # fmt: skip


def _limits(office: Office) -> list[Block]:
    lines = [f"• {safe(name.replace('_', ' '))}: {money_told(up_to)}" for name, up_to in office.limits()[:MOST_LIMITS]]
    return [section("*Limits without another person*\n" + cut("\n".join(lines), 2800))] if lines else []


def _buttons(who: Colleague) -> list[Block]:
    """What somebody of this rank may change."""
    offered = [
        button(f"Change {what}", f"arrange_{what}") for what, ranks in MAY_CHANGE.items() if who.rank in ranks
    ]  # fmt: skip
    return [actions(*offered)] if offered else []
