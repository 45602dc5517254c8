"""Asking every case, as often as wanted, and scoring the answers."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.asking import ask_case
from evals.cases import Case
from evals.models import Aides
from evals.scorers import SCORERS, Answer
from integrations.bootstrap import open_dragoman
from integrations.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """A case, an answer, and what was right in it. Of several runs: what was right in every one, and the first answer
    that was not right in everything.
    """

    case: Case
    answer: Answer
    scores: dict[str, bool]
    passes: tuple[bool, ...] = ()
    """Whether everything was right, run by run."""

    @property
    def passed(self) -> bool:
        """Whether everything the case asks was right, in every run."""
        return all(self.scores.values())


async def run_cases(
    cases: Sequence[Case],
    settings: Settings,
    progress: Callable[[int, int], None],
    repeat: int = 1,
    aides: Aides | None = None,
) -> list[Result]:
    """Ask every case `repeat` times of a fresh demo shop with the given model; settings' own home is left alone. Cases
    share a home, but for those with a `state`: each has its own. A case that crashes is a result.
    """
    with tempfile.TemporaryDirectory() as folder:
        course = Course(settings, Path(folder), progress, repeat * len(cases), aides)
        await course.fill()
        runs = [await course.run(cases) for _ in range(repeat)]
    return [over_runs(own) for own in zip(*runs, strict=True)]


class Course:
    """A run of cases in homes below one folder, all copies of one that was filled and closed."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        progress: Callable[[int, int], None],
        total: int,
        aides: Aides | None = None,
    ) -> None:
        self._settings, self._folder, self._aides = settings, folder, aides
        self._progress, self._done, self._total = progress, 0, total

    async def fill(self) -> None:
        """Make the home that all others are copied from."""
        async with open_dragoman(self._at(self._folder / "filled")) as dragoman:
            await dragoman.ready()

    async def run(self, cases: Sequence[Case]) -> list[Result]:
        """Ask every case once."""
        results = await self._ask_together([case for case in cases if case.state is None])
        for case in (case for case in cases if case.state):
            results[case.id] = await self._try(case, self._ask_alone(case))
        return [results[case.id] for case in cases]

    async def _ask_together(self, cases: Sequence[Case]) -> dict[str, Result]:
        if not cases:
            return {}
        home = await self._copy()
        async with open_dragoman(self._at(home)) as dragoman:
            results = {case.id: await self._try(case, ask_case(case, dragoman, self._aides)) for case in cases}
        await asyncio.to_thread(shutil.rmtree, home)
        return results

    async def _ask_alone(self, case: Case) -> Answer:
        home = await self._copy()
        async with open_dragoman(self._at(home)) as dragoman:
            answer = await ask_case(case, dragoman, self._aides)
        await asyncio.to_thread(shutil.rmtree, home)
        return answer

    async def _try(self, case: Case, asking: Awaitable[Answer]) -> Result:
        try:
            result = score(case, await asking)
        except Exception as error:
            log.error("case %s crashed", case.id, exc_info=error)
            result = crashed(case, f"{type(error).__name__}: {error}")
        self._done += 1
        self._progress(self._done, self._total)
        return result

    async def _copy(self) -> Path:
        home = Path(tempfile.mkdtemp(dir=self._folder))
        await asyncio.to_thread(shutil.copytree, self._folder / "filled", home, dirs_exist_ok=True)
        return home

    def _at(self, home: Path) -> Settings:
        return self._settings.model_copy(update={"home": home, "database_url": "", "chroma_url": ""})


def score(case: Case, answer: Answer) -> Result:
    """What an answer got right. One that ended in a fault got nothing right."""
    found = {name: scorer(case, answer) for name, scorer in SCORERS.items()}
    scores = {name: value for name, value in found.items() if value is not None}
    if not scores["answered"]:
        scores = dict.fromkeys(scores, False)
    return Result(case, answer, scores, (all(scores.values()),))


def crashed(case: Case, error: str) -> Result:
    """A case that came to no answer: everything it asks is missed."""
    nothing: Answer = {
        "answer": "", "said": [], "language": "", "citations": [], "tool_calls": [], "cards": [], "told": [],
        "state": {}, "error": {"message": error, "code": "crashed"},
    }  # fmt: skip
    return score(case, nothing)


def over_runs(runs: Sequence[Result]) -> Result:
    """The runs of a case as one result: right is what was right every time."""
    shown = next((run for run in runs if not run.passed), runs[-1])
    scores = {name: all(run.scores[name] for run in runs) for name in shown.scores}
    return Result(shown.case, shown.answer, scores, tuple(run.passed for run in runs))
