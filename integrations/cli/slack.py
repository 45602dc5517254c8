"""`dragoman slack`: the app's manifest, and whether Slack is set up; and Slack joined to an open home for `serve`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, run, slack_app
from integrations.cli.out import FINDINGS, print_json, print_line

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.bootstrap import Dragoman
    from integrations.database.attachments import Attachment
    from integrations.settings import Settings
    from integrations.slack.channel import Channel
    from integrations.slack.office import Access, Gap, Office, Terms


@slack_app.command()
def manifest(
    address: Annotated[str, typer.Option(help="Public address of this server, like https://chat.shop.example.")] = "",
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which needs no address.")] = False,
    as_json: Json = False,  # noqa: ARG001  (it is JSON anyhow)
) -> None:
    """Print the app's manifest (JSON), to be pasted at api.slack.com/apps."""
    from integrations.slack.manifest import manifest as of

    print_json(of(address, socket))


@slack_app.command()
def check(as_json: Json = False) -> None:
    """Say whether Slack is set up, reachable and safe, and what to do where it is not."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.slack.checks import check_slack

        channel = await open_channel(dragoman, None)
        try:
            found = await check_slack(channel, terms_of(dragoman.settings), await channel.counts())
        finally:
            await channel.web.close()
        if as_json:
            print_json({"checks": found})
        else:
            for one in found:
                print_line(f"{'ok' if one['ok'] else '!!'}  {one['what']}: {one['found']}")
        if not all(one["ok"] for one in found):
            raise SystemExit(FINDINGS)

    run(work, as_json)


def is_set_up(settings: Settings) -> bool:
    """Whether there is anything that opens Slack."""
    return bool(settings.slack_signing_secret.get_secret_value() or settings.slack_app_token.get_secret_value())


def access_of(settings: Settings) -> Access:
    """What opens Slack."""
    from integrations.slack.office import Access

    return Access(
        settings.slack_signing_secret.get_secret_value(), settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(), settings.slack_client_id,
        settings.slack_client_secret.get_secret_value(), settings.slack_token_key.get_secret_value(),
        settings.slack_api_url,
    )  # fmt: skip


def terms_of(settings: Settings) -> Terms:
    """How Slack is set up."""
    from integrations.slack.office import Terms

    return Terms(
        settings.slack_people, settings.slack_support_channel, settings.slack_approvals_channel,
        settings.slack_alerts_channel, settings.slack_quiet_hours, settings.slack_escalate_minutes,
    )  # fmt: skip


async def open_channel(dragoman: Dragoman, assistant: Assistant | None) -> Channel:
    """Slack over an open home; without an assistant it can be looked at, and answers nobody."""
    from integrations.slack.channel import Channel

    office = office_of(dragoman, assistant)
    return Channel(office, access_of(dragoman.settings), dragoman.turns.floor)


def office_of(dragoman: Dragoman, assistant: Any) -> Office:
    """What Slack is handed of a home."""
    from integrations.cli.actions import decisions_of
    from integrations.cli.handoff import desk_of
    from integrations.cli.slack_capabilities import capabilities_of
    from integrations.slack.office import Office

    def facts() -> dict[str, Any]:
        about = dragoman.sessions.arrangements.about(dragoman.shop.facts.get("about") or {})
        return dict(about.get("desk") or {})

    return Office(
        assistant, dragoman.sessions, dragoman.shop, desk_of(dragoman), decisions_of(dragoman), dragoman.clerk,
        dragoman.context, *dragoman.slack, terms_of(dragoman.settings), lambda: str(facts().get("zone", "UTC")),
        capabilities=capabilities_of(dragoman), translate=_translator(dragoman), gaps=lambda: _gaps(dragoman),
        note_gap=lambda question, answer, by: _note_gap(dragoman, question, answer, by), desk_facts=facts,
        limits=lambda: _limits(dragoman), objections=lambda changed: _objections(dragoman, changed),
        take_file=lambda session, name, sent, origin: _take_file(dragoman, session, name, sent, origin),
    )  # fmt: skip


def _limits(dragoman: Dragoman) -> list[tuple[str, dict[str, Any]]]:
    """The staff's limits that have amounts, as they hold now."""
    from integrations.database.arrangements import name_of

    policy = dragoman.sessions.arrangements.limited(dragoman.shop.facts.get("service_policy")) or {}
    held = [limit for limit in policy.get("limits") or [] if limit["level"] != "shopper" and limit.get("up_to")]
    return [(name_of(limit), limit["up_to"]) for limit in held]


def _objections(dragoman: Dragoman, changed: dict[str, dict[str, str]]) -> list[str]:
    """Why limits cannot hold as they were changed: somebody would move less than those below them."""
    from integrations.database.arrangements import with_limits
    from knowledge.service.audit_limits import upside_down
    from knowledge.service.policy import ServicePolicy

    policy = dict(dragoman.shop.facts.get("service_policy") or {})
    return [found.message for found in upside_down(ServicePolicy.of(with_limits(policy, changed)))] if changed else []


async def _take_file(dragoman: Dragoman, session: str, name: str, sent: bytes, origin: str) -> Attachment:
    """Keep a colleague's file for a shopper, made anew as shoppers' own are. Raises FileRefused."""
    from starlette.exceptions import HTTPException

    from integrations.slack.office import FileRefused
    from integrations.widget.attached import cleaned, file_name

    try:
        media_type, content = await asyncio.to_thread(cleaned, sent)
    except HTTPException as refusal:
        known: Any = refusal.detail
        raise FileRefused(f"{name}: {known['message']}") from refusal
    store = dragoman.sessions.attachments
    return await store.keep(session, file_name(name, media_type), media_type, sent, content, origin)


def _translator(dragoman: Dragoman) -> Callable[[str, str], Awaitable[str]] | None:
    """What puts a text into another language: the served models; None where none is configured."""
    from integrations.models.translating import translator

    return translator(dragoman.model) if dragoman.settings.served_models else None


async def _gaps(dragoman: Dragoman) -> list[Gap]:
    from datetime import UTC, datetime, timedelta

    from integrations.gaps.listing import list_gaps
    from integrations.slack.office import Gap

    found = (await list_gaps(dragoman)).of("open", datetime.now(UTC) - timedelta(days=30))
    return [Gap(listed.gap.id, listed.gap.question.text, listed.gap.count) for listed in found]


async def _note_gap(dragoman: Dragoman, question: str, answer: str, by: str) -> str:
    """Keep a draft beside the entries, where nothing is indexed before somebody accepts it."""
    from integrations.gaps.noting import note_draft

    path = await note_draft(dragoman, question, answer)
    name = await asyncio.to_thread(lambda: path.relative_to(dragoman.settings.home))
    return (
        f"Kept as a draft by {by}: {name}. It is not answered from yet. Accept it: move the file to entries/ and run"
        " `dragoman knowledge sync`."
    )
