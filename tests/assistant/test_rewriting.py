"""What the gate keeps back of a served model's answer is written anew once, and then gives way to what is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant import events
from assistant.embedded.wording import Words
from assistant.guardrails.rewriting import WITHHELD
from integrations.bootstrap import Dragoman, open_dragoman
from integrations.settings import Settings
from tests.assistant.openai_server import Delta, Script, asked_anew, call, say, serving, told
from tests.assistant.talking import answer
from tools.context import Session

QUESTION = "How long may I return an order?"
LIE = "You have 90 days. "


def answering(first: str, *anew: str) -> Script:
    """A model that searches, answers `first` and, asked to write anew, says `anew` one after the other."""
    left = list(anew)

    def script(body: dict[str, Any]) -> list[Delta]:
        if asked_anew(body):
            return say(left.pop(0).format(cite=cite_in(body)))
        found = told(body)
        if found is None:
            return call("search_policies", question=QUESTION)
        return say(first.format(cite=cite_in(body)))

    return script


def cite_in(body: dict[str, Any]) -> str:
    """The passage of the return window, as the tool told it."""
    texts = [str(message["content"]) for message in body["messages"] if message["role"] == "tool"]
    return "returns#0" if any('"returns#0"' in text for text in texts) else "none#0"


def settings(home: Path, address: str, **more: Any) -> Settings:
    return Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key="sk", **more)


async def ask(dragoman: Dragoman, text: str = QUESTION, language: str = "en") -> list[events.Event]:
    assistant = await dragoman.assistant()
    session = Session(id="s", language=language, market="DE")
    return [event async for event in assistant.reply(text, session)]


async def kept(dragoman: Dragoman) -> list[str]:
    """What the conversation keeps of the assistant's words."""
    state = await dragoman.agent("shopper").aget_state({"configurable": {"thread_id": "s"}})
    return [message.text for message in state.values["messages"] if message.type == "ai" and message.text]


async def test_a_sentence_that_fails_is_written_anew_and_the_lie_is_kept_nowhere(home: Path) -> None:
    script = answering("Gladly! " + LIE + "It is easy.", "You have 30 days [{cite}].")
    with serving(script) as (address, seen):
        async with open_dragoman(settings(home, address)) as dragoman:
            said = await ask(dragoman)
            held = await kept(dragoman)
    assert answer(said) == "Gladly! It is easy.\n\nYou have 30 days [1]."
    assert held == ["Gladly! It is easy.\n\nYou have 30 days [returns#0]."]
    assert isinstance(said[-1], events.Finished)
    assert (said[-1].engine, said[-1].usage["total_tokens"]) == ("test-2026", 90)
    note = asked_anew(seen[2])
    assert "You have 90 days. (nothing told says 90 days)" in note
    assert "Gladly" not in note
    assert "tools" not in seen[2]


async def test_sentences_that_pass_stream_before_the_others_are_written_anew(home: Path) -> None:
    script = answering("Gladly! " + LIE + "It is easy.", "You have 30 days [{cite}].")
    with serving(script) as (address, seen):
        async with open_dragoman(settings(home, address)) as dragoman:
            assistant = await dragoman.assistant()
            session = Session(id="s", language="en", market="DE")
            calls = [
                len(seen) async for event in assistant.reply(QUESTION, session) if isinstance(event, events.Sentence)
            ]
    assert calls[0] == 2
    assert calls[-1] == 3


async def test_what_fails_again_gives_way_to_what_the_tools_told(home: Path) -> None:
    with serving(answering(LIE, "You have 80 days.")) as (address, seen):
        async with open_dragoman(settings(home, address)) as dragoman:
            said = await ask(dragoman)
            held = await kept(dragoman)
    assert len(seen) == 3
    assert "90 days" not in answer(said) + held[-1]
    assert "80 days" not in answer(said) + held[-1]
    assert "gives you 30 days from delivery" in answer(said)
    assert [len(event.entries) > 0 for event in said if isinstance(event, events.Citations)] == [True]


async def test_where_nothing_was_told_a_person_is_offered(home: Path) -> None:
    def script(body: dict[str, Any]) -> list[Delta]:
        return say("It costs 812 euros." if asked_anew(body) else "Guten Tag! Das kostet 4711 Euro.")

    with serving(script) as (address, seen):
        async with open_dragoman(settings(home, address)) as dragoman:
            said = await ask(dragoman, "Was kostet das?", "de")
            held = await kept(dragoman)
    assert len(seen) == 2
    assert answer(said) == "Guten Tag!\n\n" + Words("de").say(WITHHELD)
    assert held[-1] == answer(said)


async def test_a_turn_that_may_make_no_more_calls_is_not_written_anew_by_the_model(home: Path) -> None:
    with serving(answering(LIE, "You have 30 days [{cite}].")) as (address, seen):
        async with open_dragoman(settings(home, address, turn_calls=2)) as dragoman:
            said = await ask(dragoman)
    assert len(seen) == 2
    assert "90 days" not in answer(said)
    assert "gives you 30 days from delivery" in answer(said)


async def test_a_rewriting_that_breaks_gives_way_to_what_is_known(home: Path) -> None:
    whole = answering(LIE)
    with serving(lambda body: 500 if asked_anew(body) else whole(body)) as (address, _):
        async with open_dragoman(settings(home, address)) as dragoman:
            said = await ask(dragoman)
    assert "gives you 30 days from delivery" in answer(said)
    assert isinstance(said[-1], events.Finished)


async def test_the_note_to_write_anew_is_masked(home: Path) -> None:
    lie = "I have sent it to ada@example.org. "
    with serving(answering("Gladly! " + lie, "I could not find that.")) as (address, seen):
        async with open_dragoman(settings(home, address)) as dragoman:
            await ask(dragoman, QUESTION + " I am ada@example.org")
    assert len(seen) == 3
    assert "ada@example.org" not in str(seen)
    assert "<EMAIL_1>" in asked_anew(seen[2])


async def test_an_answer_about_an_order_gives_way_to_what_the_order_says(home: Path) -> None:
    def lying(body: dict[str, Any]) -> list[Delta]:
        return say("It comes tomorrow before noon.") if told(body) else call("show_order", order_id="AQ-10119")

    session = Session(id="s", language="en", market="GB", customer_id="callum_ashdown_9499")
    with serving(lying) as (address, _):
        async with open_dragoman(settings(home, address)) as dragoman:
            assistant = await dragoman.assistant()
            said = [event async for event in assistant.reply("Where is my order AQ-10119?", session)]
    assert "tomorrow" not in answer(said)
    assert answer(said).startswith("Order AQ-10119 of")
