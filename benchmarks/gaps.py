"""Where the thresholds of the gaps come from: how likely policies answer questions they do and do not answer, how
likely entries answer their own questions and others', and how many questions are put together rightly.

Run: .venv/bin/python -m benchmarks.gaps
"""

import asyncio
import tempfile
import tomllib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from integrations.settings import Settings
from integrations.threads import calm_threads

calm_threads()

import numpy as np  # noqa: E402

from evals.cases import read_cases  # noqa: E402
from integrations.bootstrap import Dragoman, open_dragoman  # noqa: E402
from knowledge.filters import Filter  # noqa: E402
from knowledge.gap_drafts import ENTRIES, Draft, write_entry  # noqa: E402
from knowledge.gaps import ANSWERED, ENTRY_ANSWERED, SAME, Question, group_questions  # noqa: E402
from knowledge.retrieval import NEAR_ENOUGH, Hit  # noqa: E402

HERE = Path(__file__).resolve().parent
Asked = tuple[str, Question]
"""What a question asks, by name, and the question."""


def read_questions(data: dict[str, Any]) -> tuple[list[Asked], list[Asked]]:
    """Policy questions the demo shop answers, and questions it does not."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    topics = {case: group[0] for group in data["same"] for case in group}
    cases = [case for case in read_cases(HERE.parent / "evals" / "cases") if case.kind == "policy" and case.cites]
    answered = [(topics.get(c.id, c.id), Question(c.text, c.language, now, c.market)) for c in cases]
    lacking = [
        (topic, Question(text, language, now))
        for topic, texts in data["unanswered"].items()
        for language, text in texts.items()
    ]
    return answered, lacking


def find(dragoman: Dragoman, question: Question) -> list[Hit]:
    """What a question finds, as the tools search, however unlikely it answers."""
    wanted = Filter(kinds=("policy",), market=question.market)
    return dragoman.library.retriever.search(question.text, wanted, 4, question.language, least=0.0)


def likelihood(hits: list[Hit], document: str = "") -> float:
    """How likely the best passage answers, of one document or any; 0 where it is not among those found."""
    return max((hit.score for hit in hits if document in ("", hit.passage.document)), default=0.0)


def measure_answers(dragoman: Dragoman, answered: list[Asked], lacking: list[Asked]) -> list[Asked]:
    """Print how many of each reach several bars. Returns the unanswered ones below ANSWERED."""
    near = np.array([likelihood(find(dragoman, question)) for _, question in answered])
    far = np.array([likelihood(find(dragoman, question)) for _, question in lacking])
    print(f"a question with an answer scores above one without in {(near[:, None] > far).mean():.0%} of pairs")
    for bar in (NEAR_ENOUGH, 0.30, ANSWERED, 0.40, 0.45, 0.50):
        print(f"likelihood {bar:.2f}: reached by {(near >= bar).mean():.0%} of {len(near)} answered questions, "
              f"{(far >= bar).mean():.0%} of {len(far)} unanswered")  # fmt: skip
    return [asked for asked, score in zip(lacking, far, strict=True) if score < ANSWERED]


async def accepted(dragoman: Dragoman, data: dict[str, Any]) -> AsyncIterator[str]:
    """Accept each entry alone and name it."""
    for topic, answer in data["answers"].items():
        draft = Draft(topic, data["unanswered"][topic]["en"], "en", answer=answer)
        path = write_entry(dragoman.settings.home / ENTRIES, draft)
        await dragoman.library.sync()
        yield topic
        path.unlink()


async def measure_entries(dragoman: Dragoman, data: dict[str, Any], apart: list[Asked]) -> None:
    """Print how likely accepted entries answer unanswered questions, their own and others'."""
    own, others, first = [], [], []
    async for entry in accepted(dragoman, data):
        for topic, question in apart:
            hits = find(dragoman, question)
            (own if topic == entry else others).append(likelihood(hits, entry))
            if topic == entry:
                first.append(hits[0].passage.document == entry)
    print(f"found first by {np.mean(first):.0%} of {len(first)} questions an entry answers")
    for bar in (ANSWERED, 0.40, ENTRY_ANSWERED, 0.50, 0.55, 0.60):
        print(f"entry {bar:.2f}: reached by {(np.array(own) >= bar).mean():.0%} of {len(own)} questions an entry "
              f"answers, {(np.array(others) >= bar).mean():.1%} of {len(others)} it does not")  # fmt: skip


def measure_groups(dragoman: Dragoman, asked: list[Asked]) -> None:
    """Print how many pairs are put together rightly, at several bars."""
    questions = [question for _, question in asked]
    topics = {question: topic for topic, question in asked}
    library = dragoman.library
    rows = library.cache.queries([question.text for question in questions])
    vectors = library.index.space().questions(rows, [question.language for question in questions])
    same = {frozenset(pair) for pair in combinations(questions, 2) if topics[pair[0]] == topics[pair[1]]}
    for bar in (0.34, 0.35, 0.36, SAME, 0.38, 0.40, 0.45):
        gaps = group_questions(questions, vectors, bar)
        joined = {frozenset(pair) for gap in gaps for pair in combinations(gap.questions, 2)}
        print(f"likeness {bar:.2f}: {len(gaps)} groups of {len(questions)} questions; of pairs put together "
              f"{len(joined & same) / len(joined):.0%} mean the same, of {len(same)} pairs that do "
              f"{len(joined & same) / len(same):.0%} are put together")  # fmt: skip


async def main() -> None:
    """Print the rates."""
    data = tomllib.loads((HERE / "gap_questions.toml").read_text("utf-8"))
    answered, lacking = read_questions(data)
    with tempfile.TemporaryDirectory() as folder:
        async with open_dragoman(Settings(home=Path(folder))) as dragoman:
            await dragoman.ready()
            apart = measure_answers(dragoman, answered, lacking)
            measure_groups(dragoman, [*answered, *lacking])
            await measure_entries(dragoman, data, apart)


if __name__ == "__main__":
    asyncio.run(main())
