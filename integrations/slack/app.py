"""What is listened to, and who does it. Bolt finds the listener; events reach it from the queue, one by one."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from integrations.database.slack_queue import Taken
from integrations.database.slack_records import Thread
from integrations.slack.approvals import Approvals
from integrations.slack.arranging import Arranging
from integrations.slack.asking import Asking, Question, prompts_for
from integrations.slack.blocks import said
from integrations.slack.commands import Commands
from integrations.slack.home_tab import home_of
from integrations.slack.office import Office
from integrations.slack.people import People
from integrations.slack.sheets import Sheets
from integrations.slack.shortcuts import Shortcuts
from integrations.slack.submissions import amount_of, typed
from integrations.slack.threads import Threads
from integrations.slack.web import Place, Web
from integrations.slack.words import mentions
from integrations.slack.workspaces import Workspaces

log = logging.getLogger(__name__)

HANDOFF_BUTTONS = ("claim", "live", "give_back", "resolve", "snooze", "reply")
SETTINGS_BUTTONS = ("arrange_settings", "arrange_limits")
BUTTONS = ("approve", "deny", "edit_amount", "draft", "draft_edit", "unmask", "feedback")
MODALS = ("denied", "amount_changed", "reply_sent", "knowledge_added", "settings_changed", "limits_changed")


def _authorizing(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Who we are in a workspace. Bolt gives a function what its arguments are called."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        team = team_id or ""
        token, bot_user = await workspaces.token(team), await workspaces.bot_user(team)
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team, bot_token=token, bot_user_id=bot_user)

    return authorize


class App:
    """Listens."""

    def __init__(
        self, office: Office, web: Web, people: People, asking: Asking, threads: Threads, approvals: Approvals
    ) -> None:  # fmt: skip
        self.arranging = Arranging(office, web, people)
        self._office, self._web, self._people = office, web, people
        self._asking, self._threads, self._approvals = asking, threads, approvals
        self._sheets = Sheets(office, web, people)
        self._commands = Commands(office, web, people, asking, self._sheets)
        self._shortcuts = Shortcuts(office, web, people, asking, self._commands)
        self._bolt = self._listening()

    async def work(self, taken: Taken) -> None:
        """Do what an event asks for. Raises what went wrong, so that it is tried again."""
        await self.arranging.refresh()
        request = AsyncBoltRequest(body=taken.body, mode="socket_mode", context={"taken": taken})
        faults: list[Exception] = []
        request.context["faults"] = faults
        await self._bolt.async_dispatch(request)
        if faults:
            raise faults[0]

    def _listening(self) -> AsyncApp:
        bolt = AsyncApp(
            name="dragoman", authorize=_authorizing(self._web.workspaces), process_before_response=True,
            request_verification_enabled=False, ssl_check_enabled=False, url_verification_enabled=False,
            attaching_conversation_kwargs_enabled=False, attaching_function_token_enabled=False,
        )  # fmt: skip
        logging.getLogger("slack_bolt").setLevel(logging.ERROR)

        @bolt.error
        async def failed(error: Exception, context: dict[str, Any]) -> None:
            context["faults"].append(error)

        bolt.event("message")(self._on_message)
        bolt.event("app_mention")(self._on_mention)
        bolt.event("app_home_opened")(self._on_home)
        bolt.event("assistant_thread_started")(self._on_pane)
        bolt.event("member_joined_channel")(self._on_joined)
        bolt.event("app_uninstalled")(self._on_uninstalled)
        bolt.event("tokens_revoked")(self._on_uninstalled)
        bolt.command("/dragoman")(self._on_command)
        for name in ("draft_reply", "check_copy", "add_knowledge"):
            bolt.message_shortcut(name)(self._on_shortcut)
        for name in (*HANDOFF_BUTTONS, *SETTINGS_BUTTONS, *BUTTONS):
            bolt.action(name)(self._on_button)
        for name in MODALS:
            bolt.view(name)(self._on_modal)
        return bolt

    async def _on_message(self, ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        await ack()
        event, team = body["event"], str(body.get("team_id", ""))
        inner = event.get("message") or event.get("previous_message") or event
        root = str(inner.get("thread_ts") or inner.get("ts") or event.get("deleted_ts") or "")
        place = Place(team, str(event["channel"]), root)
        thread = await self._web.records.thread(place.name)
        if thread is not None and thread.kind == "handoff":
            await self._in_handoff(thread, event)
        elif event.get("user") and not event.get("bot_id") and event.get("subtype") in (None, "file_share"):
            await self._asked(event, place, thread, context["taken"])

    async def _in_handoff(self, thread: Thread, event: dict[str, Any]) -> None:
        if event.get("subtype") in ("message_changed", "message_deleted"):
            await self._threads.edited(thread, event)
        elif event.get("user") and not event.get("bot_id") and event.get("thread_ts"):
            await self._threads.heard(thread, event)

    async def _asked(self, event: dict[str, Any], place: Place, thread: Thread | None, taken: Taken) -> None:
        """A direct message, or more in a thread where we were asked. What mentions us comes as a mention as well."""
        alone = event.get("channel_type") == "im"
        bot = await self._web.workspaces.bot_user(place.team)
        text = str(event.get("text") or "")
        if not alone and (thread is None or not event.get("thread_ts") or mentions(text, bot) or "<@" in text):
            return
        await self._ask(event, place, taken, alone)

    async def _ask(self, event: dict[str, Any], place: Place, taken: Taken, alone: bool) -> None:
        question = Question(
            place, str(event["user"]), str(event.get("text") or ""), taken.event_id, alone, taken.tries > 0
        )
        if question.text.strip() and not await self._sheets.work(event, place, taken.event_id):
            await self._asking.ask(question)

    async def _on_mention(self, ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        await ack()
        event, team = body["event"], str(body.get("team_id", ""))
        place = Place(team, str(event["channel"]), str(event.get("thread_ts") or event["ts"]))
        thread = await self._web.records.thread(place.name)
        if event.get("bot_id") or event.get("edited") or (thread and thread.kind == "handoff"):
            return
        if thread is None:
            await self._web.records.keep_thread(Thread(place.name, "ask", f"slack-{place.name}", {}))
        await self._ask(event, place, context["taken"], alone=False)

    async def _on_home(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        event, team = body["event"], str(body["team_id"])
        if event.get("tab") == "messages":
            who = await self._people.who(team, str(event["user"]))
            await self._web.call(
                "assistant.threads.setSuggestedPrompts", team, channel_id=event["channel"], prompts=prompts_for(who)
            )
        else:
            await self._show_home(team, str(event["user"]))

    async def _show_home(self, team: str, user: str) -> None:
        who = await self._people.who(team, user)
        await self._web.publish_home(team, user, await home_of(who, self._office))

    async def _on_pane(self, ack: Any, body: dict[str, Any]) -> None:
        """Workspaces with the older assistant view."""
        await ack()
        held, team = body["event"]["assistant_thread"], str(body["team_id"])
        who = await self._people.who(team, str(held["user_id"]))
        await self._web.call(
            "assistant.threads.setSuggestedPrompts", team, channel_id=held["channel_id"],
            thread_ts=held["thread_ts"], prompts=prompts_for(who),
        )  # fmt: skip

    async def _on_joined(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        self._people.forget(str(body["team_id"]), str(body["event"].get("channel", "")))

    async def _on_uninstalled(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        gone = body["event"].get("tokens", {}).get("bot", []) if body["event"]["type"] == "tokens_revoked" else [""]
        if gone:
            await self._web.workspaces.remove(str(body["team_id"]))

    async def _on_command(self, ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        await ack()
        await self._commands.run(body, context["taken"].event_id)

    async def _on_shortcut(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await getattr(self._shortcuts, body["callback_id"])(body)

    async def _on_button(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        action, user, trigger = body["actions"][0], str(body["user"]["id"]), str(body.get("trigger_id", ""))
        where, name = body.get("container") or {}, str(action["action_id"])
        channel = str((body.get("channel") or {}).get("id") or where.get("channel_id", ""))
        place = Place(str(body["team"]["id"]), channel, str(where.get("thread_ts") or ""))
        value = str(action.get("value") or (action.get("selected_option") or {}).get("value", ""))
        if name in HANDOFF_BUTTONS:
            await self._threads.press(name, value, place, user, trigger)
        elif name in SETTINGS_BUTTONS:
            await self.arranging.ask(name.removeprefix("arrange_"), place.team, user, trigger)
        elif name == "approve":
            await self._approvals.approve(value, place, user)
        elif name in ("deny", "edit_amount"):
            await self._approvals.ask(name, value, place, user, trigger)
        elif name == "feedback":
            await self._rated(value, place, user, str(where.get("message_ts", "")))
        elif name == "draft_edit":
            await self._threads.draft_edit(value, place, user, trigger)
        else:
            await (self._threads.draft if name == "draft" else self._threads.unmask)(value, place, user)

    async def _rated(self, value: str, place: Place, user: str, ts: str) -> None:
        post = await self._web.records.post_at(place.channel, ts)
        session = await self._office.sessions.find(str(post.state.get("session", ""))) if post else None
        if post and session:
            score = -1 if value.startswith("-1") else 1
            await self._office.sessions.rate(session, str(post.state["turn"]), score, "")
            await self._web.whisper(place, user, said("Thank you. It is noted."))

    async def _on_modal(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        view, user, team = body["view"], str(body["user"]["id"]), str(body["team"]["id"])
        fields, name = typed(view), str(view["callback_id"])
        about, _, channel = str(view.get("private_metadata", "")).partition("|")
        place = Place(team, channel)
        if name == "denied":
            await self._approvals.denied(about, place, user, fields["why"])
        elif name == "amount_changed" and (amount := amount_of(fields["amount"])) is not None:
            await self._approvals.amount_changed(about, place, user, amount, fields["why"])
        elif name == "reply_sent":
            await self._threads.reply_sent(about, user, fields["text"], str(view["id"]))
        elif name == "knowledge_added":
            await self._shortcuts.knowledge_added(team, user, fields["question"], fields["answer"])
        elif name in ("settings_changed", "limits_changed"):
            await self.arranging.taken(name.removesuffix("_changed"), team, user, fields)
            await self._show_home(team, user)
