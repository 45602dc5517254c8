"""`dragoman up`: real processes, kept running and stopped together."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx import Client

from integrations.processes.keeping import GivenUp, Work, keep
from tests.command_line import DRAGOMAN

SLEEPER = "import time, sys; print('here', flush=True); time.sleep(60)"


def python(name: str, code: str, says: str = "here") -> Work:
    return Work(name, [sys.executable, "-c", code], says=says)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_what_dies_is_started_again_and_all_are_stopped_in_the_other_order() -> None:
    note = "import os, signal, sys, time\nsignal.signal(15, lambda *_: (print('ended', flush=True), sys.exit()))\n"
    work = [python(name, f"{note}print('here', os.getpid(), flush=True); time.sleep(60)") for name in ("a", "b")]
    told: list[str] = []
    task = asyncio.create_task(keep([[work[0]], [work[1]]], told.append))

    async def begun(times: int) -> int:
        """The process of b, once it was begun so many times."""
        while len(lines := [line for line in told if "b | here" in line]) < times:
            assert not task.done(), told
            await asyncio.sleep(0.02)
        return int(lines[-1].split()[-1])

    os.kill(await begun(1), signal.SIGKILL)
    await begun(2)
    os.kill(os.getpid(), signal.SIGTERM)
    await task
    assert [line for line in told if "starting" in line] == ["b was ended by SIGKILL; starting it again in 0.6 s"]
    assert told.index("a is ready") < told.index(next(line for line in told if "b | here" in line))
    assert told[-2:] == ["b | ended", "a | ended"]


async def test_one_whose_settings_are_wrong_stops_all_and_says_why() -> None:
    wrong = python("web", "import sys; print('DRAGOMAN_MODEL is wrong'); sys.exit(2)")
    with pytest.raises(GivenUp, match="web cannot start: DRAGOMAN_MODEL is wrong"):
        await keep([[python("store", SLEEPER)], [wrong]], lambda _: None)


@contextmanager
def up(home: Path, *words: str, command: str = "up") -> Iterator[tuple[subprocess.Popen[str], list[str], str]]:
    """A shop that runs, what it says, and its address."""
    held = {**os.environ, "DRAGOMAN_HOME": str(home)}
    line = [DRAGOMAN, command, "--port", "0", *words]
    with subprocess.Popen(line, env=held, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said: list[str] = []
        try:
            for text in process.stderr:
                said.append(text.rstrip())
                if text.startswith("web 2 is ready"):
                    break
            assert said[-1] == "web 2 is ready", said
            yield process, said, re.findall(r"starting at (\S+)", "\n".join(said))[0]
        finally:
            process.terminate()
            said += [text.rstrip() for text in process.stderr]
            assert process.wait(60) == 0, said


def children(pid: int) -> dict[int, str]:
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return {int(line.split()[0]): line for line in listed.stdout.splitlines()}


def answers(address: str, question: str = "How much is shipping to Germany?") -> bool:
    with Client(base_url=address, timeout=60) as client:
        token = client.post("/v1/sessions", json={}).json()["token"]
        reply = client.post("/v1/chat", headers={"authorization": f"Bearer {token}"}, json={"message": question})
        return reply.status_code == 200 and "RUN_FINISHED" in reply.text


@pytest.mark.prove
def test_a_shop_is_up_survives_the_death_of_its_parts_and_leaves_nothing_behind() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder, "home")
        with up(home) as (process, said, address):
            parts = children(process.pid)
            kinds = [re.search(r"bin/postgres|chroma|serve|worker", line)[0] for line in parts.values()]  # type: ignore[index]
            assert sorted(kinds) == ["bin/postgres", "chroma", "serve", "serve", "worker"]
            assert answers(address)
            for pid, line in parts.items():
                if "chroma" not in line:
                    os.kill(pid, signal.SIGKILL)
            with Client(base_url=address, timeout=90) as client:  # waits in the line of the socket, and is not refused
                assert client.get("/healthz").status_code == 200
            ends = time.monotonic() + 60
            while not answers_yet(address):
                assert time.monotonic() < ends
                time.sleep(0.3)
            parts |= children(process.pid)
        assert "stopping" in said
        assert [line for pid, line in parts.items() if running(pid)] == []
        assert not (home / "dragoman.sqlite3").exists()


def answers_yet(address: str) -> bool:
    try:
        return answers(address)
    except (KeyError, json.JSONDecodeError):
        return False
