"""`dragoman ask` and `dragoman chat`: the assistant in a terminal."""

from __future__ import annotations

import gc
import sys
import uuid
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from integrations.cli import Json, app, run
from integrations.cli.out import FAULT, USAGE, print_json, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from tools.context import Session

RoleOption = Annotated[
    Literal["shopper", "operator", "marketer"],
    typer.Option("--as", help="Who asks: decides prompt, tools and rights."),
]
Locale = Annotated[str, typer.Option(help="The asker's locale, like de-DE: language of the answer, market, currency.")]
SessionId = Annotated[str, typer.Option("--session", help="Continue (or start) the conversation of this name.")]
CustomerId = Annotated[str, typer.Option(help="Speak as this customer, already identified.")]


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The message; '-' reads it from standard input.")],
    role: RoleOption = "shopper",
    locale: Locale = "",
    session: SessionId = "",
    customer: CustomerId = "",
    as_json: Json = False,
) -> None:
    """Ask one question and get one answer, with its sources.

    \b
    dragoman ask "Can I return headphones I have opened?" --locale de-DE
    dragoman ask "Wo ist AQ-10023?" --customer lena_brandt_2041 --json
    """
    gc.disable()  # one short answer: collecting what a hundred thousand imports leave behind costs a fifth of its time
    message = _read(text, as_json)

    async def work(dragoman: Dragoman) -> None:
        assistant = await dragoman.assistant()
        async with _floor(dragoman, session):
            speaker = await open_session(dragoman, session, role, locale, customer, as_json)
            if as_json:
                answer = await collect(assistant, message, speaker)
                print_json(answer)
                failed = answer.get("error")
            else:
                from integrations.cli.terminal import show_turn

                failed = await show_turn(assistant, message, speaker)
        if failed:
            raise SystemExit(FAULT)

    run(work, as_json)


def _floor(dragoman: Dragoman, name: str) -> AbstractAsyncContextManager[Any]:
    """A named conversation may be under way in another process: one at a time."""
    return dragoman.turns.floor.hold(name) if name else nullcontext()


def _read(text: str, as_json: bool) -> str:
    from assistant.guardrails.incoming import MOST_LETTERS, MessageRefused, admit

    if text == "-":
        raw = sys.stdin.buffer.read(8 * MOST_LETTERS)
        try:
            text = raw.decode("utf-8", "ignore" if len(raw) == 8 * MOST_LETTERS else "strict")
        except UnicodeDecodeError:
            stop("The message on standard input is not UTF-8 text.", USAGE, as_json)
    try:
        return admit(text)
    except MessageRefused as refusal:
        reasons = {
            "empty": "The message is empty. Put it in quotes: dragoman ask \"Where is my order?\"",
            "too_long": f"The message is longer than {MOST_LETTERS} letters. Put the question in a few sentences.",
            "not_text": "The message is binary, not text.",
        }  # fmt: skip
        stop(reasons[refusal.code], USAGE, as_json)


async def open_session(
    dragoman: Dragoman, name: str, role: Any, locale: str, customer_id: str, as_json: bool
) -> Session:
    """The session to speak in: an earlier one of this name, or a new one."""
    from knowledge.locales import match_language
    from knowledge.markets import market_of
    from tools.context import Session

    language = match_language(locale) if locale else None
    if locale and language is None:
        from knowledge.locales import served_locales

        stop(f"No locale like '{locale}' is served. Served: {', '.join(served_locales())}.", USAGE, as_json)
    known = await dragoman.sessions.find(name) if name else None
    session = known or Session(id=name or f"cli-{uuid.uuid4().hex[:12]}", role=role, locale=locale)
    session = replace(session, role=role, language=language or session.language)
    region = locale.replace("_", "-").partition("-")[2]
    if len(region) == 2:
        session = replace(session, locale=locale, market=region.upper())
    if customer_id:
        customer = await dragoman.shop.customer(customer_id)
        if customer is None:
            stop(f"There is no customer '{customer_id}' in this shop.", USAGE, as_json)
        home = market_of(customer.market or customer.address.country)
        session = replace(session, customer_id=customer_id, market=session.market or home)
    return session


ACTION_FIELDS = ("action", "status", "rule", "message", "quote", "operation_id", "token")


async def collect(assistant: Any, message: str, session: Session) -> dict[str, Any]:  # noqa: C901  (a case an event)
    """One turn as one object (DESIGN 6)."""
    from assistant import events

    answer: dict[str, Any] = {
        "answer": "", "language": session.language, "citations": [], "tool_calls": [], "cards": [], "actions": [],
        "handoff": None, "engine": "", "usage": {}, "latency_ms": 0,
    }  # fmt: skip
    async for event in assistant.reply(message, session):
        match event:
            case events.Sentence(text):
                answer["answer"] += text
            case events.StepDone(name, _, status, arguments):
                answer["tool_calls"].append({"name": name, "arguments": arguments, "status": status})
            case events.Citations(entries):
                answer["citations"] = [_citation(entry) for entry in entries]
            case events.Cards(entries):
                answer["cards"] = list(entries)
            case events.HandedOver():
                answer["handoff"] = asdict(event)
            case events.Notice(_, text):
                answer["answer"] += text
            case events.ActionShown(told):
                answer["actions"].append({name: told.get(name) for name in ACTION_FIELDS})
            case events.Failed(text, code, trace):
                answer |= {"answer": text, "error": {"message": text, "code": code, "trace": trace}}
            case events.Finished(language, engine, usage, latency_ms):
                answer |= {"language": language, "engine": engine, "usage": usage, "latency_ms": latency_ms}
    answer["answer"] = answer["answer"].strip()
    return answer


def _citation(entry: Any) -> dict[str, Any]:
    return {
        "document": entry.document, "title": entry.title, "quote": entry.quote, "number": entry.number,
        "locale": entry.locale, "url": entry.url,
    }  # fmt: skip


@app.command()
def chat(role: RoleOption = "shopper", locale: Locale = "", session: SessionId = "", customer: CustomerId = "") -> None:
    """Talk with the assistant. An empty line, 'exit' or Ctrl-D ends the conversation."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.cli.terminal import converse

        assistant = await dragoman.assistant()
        name = session or f"cli-{uuid.uuid4().hex[:12]}"

        async def speaker() -> Session:
            return await open_session(dragoman, name, role, locale, customer, as_json=False)

        await converse(assistant, speaker, dragoman.shop.name, lambda: dragoman.turns.floor.hold(name))

    run(work)
