"""The client of jobs against a real server: what is asked again, what ends an item, what ends a job."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from integrations.models import Bounds, Server, open_served_model
from integrations.models.faults import ModelFault
from integrations.models.paced import MOST_TRIES, PacedClient
from integrations.models.pacing import Pacer
from knowledge.jobs import Halted, ItemFailed
from tests.assistant.openai_server import FAULTS, Said, Spoilt, say, serving

FINE = say("fine")


class Answers:
    """Answers in turn, the last for ever."""

    def __init__(self, *answers: Said) -> None:
        self._left: Iterator[Said] = iter(answers)
        self._said: Said = FINE

    def __call__(self, _: dict[str, Any]) -> Said:
        self._said = next(self._left, self._said)
        return self._said


@asynccontextmanager
async def asking(address: str) -> AsyncIterator[Any]:
    client = PacedClient(Server(address, SecretStr("key"), 5.0), Pacer(6000), pause_s=lambda _: 0.001)
    model = open_served_model("gpt-4o-mini", client, Bounds())

    async def ask(text: str = "hello") -> str:
        return str((await model.ainvoke([HumanMessage(text)])).text)

    try:
        yield ask
    finally:
        await client.close()


@pytest.mark.parametrize(
    "name", ["server error", "error page", "dropped", "ends early", "error in the stream", "no JSON in the stream"]
)
async def test_what_may_pass_is_asked_again(name: str) -> None:
    with serving(Answers(FAULTS[name], FAULTS[name], FINE)) as (address, seen):
        async with asking(address) as ask:
            assert await ask() == "fine"
            assert len(seen) == 3


async def test_a_refusal_for_the_limit_waits_as_often_as_it_takes() -> None:
    busy = Spoilt(429, body="{}", headers={"retry-after-ms": "60"})
    with serving(Answers(*[busy] * (MOST_TRIES + 3), FINE)) as (address, seen):
        async with asking(address) as ask:
            assert await ask() == "fine"
            assert len(seen) == MOST_TRIES + 4


@pytest.mark.parametrize(("name", "what"), [("no quota", "quota"), ("no key", "OPENAI_API_KEY")])
async def test_what_no_item_can_help_ends_the_job_at_once(name: str, what: str) -> None:
    with serving(Answers(FAULTS[name])) as (address, seen):
        async with asking(address) as ask:
            with pytest.raises(Halted, match=what):
                await ask()
            assert len(seen) == 1


async def test_a_server_that_answers_nobody_ends_the_job() -> None:
    with serving(Answers(500)) as (address, seen):
        async with asking(address) as ask:
            with pytest.raises(Halted, match="answered nothing"):
                await ask()
            assert len(seen) == MOST_TRIES


async def test_one_item_that_the_server_cannot_answer_ends_alone() -> None:
    def script(body: dict[str, Any]) -> Said:
        return 500 if "poison" in body["messages"][-1]["content"] else FINE

    with serving(script) as (address, _):
        async with asking(address) as ask:
            ended = await asyncio.gather(ask("poison"), ask("hello"), return_exceptions=True)
    assert isinstance(ended[0], ItemFailed)
    assert ended[1] == "fine"


async def test_what_the_request_was_at_fault_for_is_the_models_to_handle() -> None:
    with serving(Answers(FAULTS["context too long"])) as (address, _):
        async with asking(address) as ask:
            with pytest.raises(ModelFault, match="too_long"):
                await ask()
