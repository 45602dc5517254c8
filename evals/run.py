"""Asking every case and scoring the answers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import Case
from evals.scorers import SCORERS, Answer
from integrations.bootstrap import Dragoman, open_dragoman
from integrations.cli.ask import collect
from integrations.settings import Settings
from tools.context import Session


@dataclass(frozen=True)
class Result:
    """A case, its answer, and what was right in it."""

    case: Case
    answer: Answer
    scores: dict[str, bool]

    @property
    def passed(self) -> bool:
        """Whether everything the case asks was right."""
        return all(self.scores.values())


async def run_cases(cases: Sequence[Case], settings: Settings, progress: Callable[[int, int], None]) -> list[Result]:
    """Ask every case of a fresh demo shop with the given model; settings' own home is left alone."""
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = settings.model_copy(update={"home": Path(folder), "database_url": ""})
        async with open_dragoman(fresh) as dragoman:
            assistant = await dragoman.assistant()
            dragoman.warm()
            for number, case in enumerate(cases, 1):
                results.append(score(case, await ask_case(case, dragoman, assistant)))
                progress(number, len(cases))
    return results


async def ask_case(case: Case, dragoman: Dragoman, assistant: Any) -> Answer:
    """The answer to a case, after the messages before it."""
    market = case.market or case.locale.partition("-")[2]
    session = Session(
        id=f"case-{case.id}", channel="evals", locale=case.locale, language=case.language, market=market,
        customer_id=case.customer,
    )  # fmt: skip
    for text in case.before:
        await collect(assistant, text, session)
    answer = await collect(assistant, case.text, session)
    config = {"configurable": {"thread_id": session.id}}
    state = await dragoman.agent("shopper").aget_state(config)  # type: ignore[arg-type]
    held = state.values.get("messages", [])
    answer["told"] = [m.artifact for m in held if isinstance(getattr(m, "artifact", None), dict)]
    return answer


def score(case: Case, answer: Answer) -> Result:
    """What an answer got right."""
    found = {name: scorer(case, answer) for name, scorer in SCORERS.items()}
    return Result(case, answer, {name: value for name, value in found.items() if value is not None})
