"""Two machines, each with a home of its own, share one PostgreSQL: a shopper does not notice which of them answers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from tests import command_line
from tests.command_line import one
from tests.integrations.front_door import SECRET, identity
from tests.integrations.live_server import Served, Stream, chat, serve, stream, until
from tests.postgres import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

Machine = tuple[Served, Path]
GRACE = "grace_takeda_5081"


@pytest.fixture(scope="module")
def settings(postgres: Server) -> Iterator[dict[str, str]]:
    with postgres.fresh() as url:
        yield {
            "DRAGOMAN_DATABASE_URL": url, "DRAGOMAN_IDENTITY_SECRET": SECRET, "DRAGOMAN_SIGNING_SECRET": "s" * 32,
        }  # fmt: skip


@pytest.fixture(scope="module")
def machines(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]
) -> Iterator[tuple[Machine, Machine]]:
    homes = [tmp_path_factory.mktemp(name) / "home" for name in ("one", "two")]
    for home in homes:
        shutil.copytree(demo_home, home)
        (home / "dragoman.sqlite3").unlink()
    with serve(homes[0], **settings) as one, serve(homes[1], **settings) as two:
        yield (one, homes[0]), (two, homes[1])


async def command(machine: Machine, settings: dict[str, str], *words: str) -> dict[str, Any]:
    """A command on a machine, and what it says."""
    done = await asyncio.to_thread(command_line.command, machine[1], *words, "--json", **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return one(done)


async def watch(server: Served, headers: dict[str, str], name: str, until_so: Any) -> Stream:
    """A tab that looks until an event of a name is so."""
    growing = stream(server.address, headers, after=0, stay=True)
    async for held in growing:
        if any(until_so(value) for value in held.custom(name)):
            await growing.aclose()  # type: ignore[attr-defined]
            return held
    raise AssertionError("the stream ended early")


async def test_what_was_said_on_one_machine_is_known_on_the_other(machines: tuple[Machine, Machine]) -> None:
    (one, _), (two, _) = machines
    headers = one.open(identity_token=identity("theresa_wolfram_4481"))
    assert "AQ-10100" in (await chat(one.address, headers, "Where is order AQ-10100?")).text
    assert "AQ-10100" in (await chat(two.address, headers, "And when does it arrive?")).text


async def test_a_stream_that_broke_off_on_one_goes_on_from_the_other(machines: tuple[Machine, Machine]) -> None:
    (one, _), (two, _) = machines
    headers = one.open()
    begun = await until(one.address, headers, "STEP_STARTED", message="How much is shipping to Germany?", turn="a")
    rest = await chat(two.address, headers, after=begun.numbers[-1])
    whole = await chat(one.address, headers, after=0)
    assert begun.frames + rest.frames == whole.frames
    assert whole.kinds[-1] == "RUN_FINISHED"
    assert whole.text


async def test_a_person_at_another_machine_writes_to_the_shopper(
    machines: tuple[Machine, Machine], settings: dict[str, str]
) -> None:
    (one, _), two = machines
    headers = one.open()
    told = await chat(one.address, headers, "I want to talk to a person")
    reference = told.custom("handoff")[0]["reference"]
    looking = asyncio.create_task(watch(one, headers, "person_message", lambda value: "Mia here" in value["text"]))
    await command(two, settings, "handoff", "claim", reference, "--by", "Mia")
    await command(two, settings, "handoff", "reply", reference, "Mia here.", "--by", "Mia")
    await looking
    silent = await chat(two[0].address, headers, "hello?")
    assert silent.text == ""


async def test_an_approval_on_another_machine_is_told_to_the_shopper(
    machines: tuple[Machine, Machine], settings: dict[str, str]
) -> None:
    (one, _), two = machines
    headers = one.open(identity_token=identity(GRACE))
    await chat(one.address, headers, "AQ-10027 got lost, I want my money back")
    await chat(two[0].address, headers, "yes")
    listed = await command(two, settings, "actions", "list")
    (operation,) = [entry["operation_id"] for entry in listed["actions"] if entry["status"] == "needs_approval"]
    looking = asyncio.create_task(watch(one, headers, "action", lambda value: value["status"] == "done"))
    await command(two, settings, "actions", "approve", operation, "--rank", "lead", "--by", "mia")
    await looking


async def test_an_address_is_counted_on_both_together(machines: tuple[Machine, Machine]) -> None:
    """Sixty new conversations a minute, whichever machine is asked."""
    statuses: list[int] = []
    for server, _ in machines:
        async with AsyncClient(base_url=server.address, timeout=60) as client:
            statuses += [(await client.post("/v1/sessions", json={})).status_code for _ in range(35)]
    assert 429 in statuses
    assert statuses.count(201) <= 60
    assert statuses[:35] == [201] * 35
