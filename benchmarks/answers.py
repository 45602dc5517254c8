"""What an answer costs: inside a running process by median, as a command by median, and each beside a yardstick taken
in the same run, because machines differ and are shared.

Run: make benchmarks
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from integrations.settings import Settings
from integrations.threads import calm_threads

calm_threads()

from integrations.bootstrap import open_dragoman  # noqa: E402
from integrations.cli.ask import collect  # noqa: E402
from tools.context import Session  # noqa: E402

QUESTIONS = (
    ("How much is shipping to Germany?", "en", "US"),
    ("Wer zahlt das Rückporto?", "de", "DE"),
    ("返品できますか", "ja", "JP"),
    ("A pet feeder under 80 euros that works without Wi-Fi", "en", "DE"),
    ("Onde está meu pedido AQ-10026?", "pt-BR", "BR"),
    ("Is the Tidbit feeder dishwasher safe?", "en", "GB"),
    ("مرحبا", "ar", "SA"),
    ("Saya mau bicara dengan orang", "id", "ID"),
)


async def ask_inside(home: Path, rounds: int) -> list[float]:
    """Milliseconds of each answer in a warm process, every question asked anew so that nothing is remembered."""
    times = []
    async with open_dragoman(Settings(home=home)) as dragoman:
        assistant = await dragoman.assistant()
        dragoman.warm()
        for number in range(rounds):
            for text, language, market in QUESTIONS:
                session = Session(id=uuid.uuid4().hex, language=language, market=market)
                started = time.perf_counter()
                await collect(assistant, f"{text} {'!' * (number + 1)}", session)
                times.append((time.perf_counter() - started) * 1000)
    return times


def run_command(command: list[str], home: Path) -> float:
    """Seconds a command takes in all."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={"DRAGOMAN_HOME": str(home), "PATH": "/usr/bin:/bin"})
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    binary = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        started = time.perf_counter()
        run_command([str(binary / "dragoman"), "ask", "hello"], home)
        print(f"first answer in an empty home (filled with the demo): {time.perf_counter() - started:.1f} s")
        inside = asyncio.run(ask_inside(home, 6))
        print(f"inside a running process: median {statistics.median(inside):.0f} ms, slowest {max(inside):.0f} ms")
        yardstick = statistics.median(
            run_command([sys.executable, "-c", "import langchain.agents"], home) for _ in range(5)
        )
        for name, arguments in (("ask", ["ask", QUESTIONS[0][0]]), ("--help", ["--help"])):
            taken = statistics.median(run_command([str(binary / "dragoman"), *arguments], home) for _ in range(7))
            print(f"dragoman {name}: median {taken:.2f} s, {taken / yardstick:.1f} times importing langchain.agents")


if __name__ == "__main__":
    main()
