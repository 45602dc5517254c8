"""Where the thresholds of the gaps come from: how near answered and unanswered questions come to a policy, how near
entries come to what they answer and what they do not, and how many questions are put together rightly.

Run: .venv/bin/python benchmarks/gaps.py
"""

import asyncio
import tempfile
import tomllib
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from integrations.settings import Settings, calm_threads

calm_threads()

import numpy as np  # noqa: E402

from evals.cases import read_cases  # noqa: E402
from integrations.bootstrap import Dragoman, open_dragoman  # noqa: E402
from knowledge.gaps import ANSWERED, ENTRY_ANSWERED, SAME, Question, group_questions  # noqa: E402
from knowledge.generation import Filter  # noqa: E402
from knowledge.index import centre  # noqa: E402
from knowledge.retrieval import NEAR_ENOUGH  # noqa: E402

HERE = Path(__file__).resolve().parent
Asked = tuple[str, Question]
"""What a question asks, by name, and the question."""


def read_questions() -> tuple[list[Asked], list[Asked]]:
    """Policy questions the demo shop answers, and questions it does not."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    data = tomllib.loads((HERE / "gap_questions.toml").read_text("utf-8"))
    topics = {case: group[0] for group in data["same"] for case in group}
    cases = [case for case in read_cases(HERE.parent / "evals" / "cases") if case.kind == "policy" and case.cites]
    answered = [(topics.get(c.id, c.id), Question(c.text, c.language, now, c.market)) for c in cases]
    lacking = [
        (topic, Question(text, language, now))
        for topic, texts in data["unanswered"].items()
        for language, text in texts.items()
    ]
    return answered, lacking


def closeness(dragoman: Dragoman, question: Question) -> float:
    """How near the nearest policy is."""
    wanted = Filter(kinds=("policy",), market=question.market)
    hits = dragoman.library.retriever.search(question.text, wanted, 4, question.language, least=-2.0)
    return max(hit.cosine for hit in hits)


def measure_closeness(dragoman: Dragoman, answered: list[Asked], lacking: list[Asked]) -> None:
    """Print how many of each come near, at several bars."""
    near = np.array([closeness(dragoman, question) for _, question in answered])
    far = np.array([closeness(dragoman, question) for _, question in lacking])
    for bar in (NEAR_ENOUGH, 0.12, 0.15, ANSWERED, 0.20, 0.25):
        print(f"closeness {bar:.2f}: reached by {(near >= bar).mean():.0%} of {len(near)} answered questions, "
              f"{(far >= bar).mean():.0%} of {len(far)} unanswered")  # fmt: skip


def measure_groups(dragoman: Dragoman, asked: list[Asked]) -> None:
    """Print how many pairs are put together rightly, at several bars."""
    questions = [question for _, question in asked]
    topics = {question: topic for topic, question in asked}
    rows = dragoman.library.cache.queries([question.text for question in questions])
    vectors = centre(rows, [question.language for question in questions], dragoman.library.index.generation().means)
    same = {frozenset(pair) for pair in combinations(questions, 2) if topics[pair[0]] == topics[pair[1]]}
    for bar in (0.35, 0.40, SAME, 0.50, 0.55):
        gaps = group_questions(questions, vectors, bar)
        joined = {frozenset(pair) for gap in gaps for pair in combinations(gap.questions, 2)}
        print(f"likeness {bar:.2f}: {len(gaps)} groups of {len(questions)} questions; of pairs put together "
              f"{len(joined & same) / len(joined):.0%} mean the same, of {len(same)} pairs that do "
              f"{len(joined & same) / len(same):.0%} are put together")  # fmt: skip


def measure_entries(dragoman: Dragoman, lacking: list[Asked]) -> None:
    """Print how near accepted entries come to unanswered questions, their own and others'."""
    data = tomllib.loads((HERE / "gap_questions.toml").read_text("utf-8"))
    means = dragoman.library.index.generation().means
    apart = [(topic, question) for topic, question in lacking if closeness(dragoman, question) < ANSWERED]
    rows = dragoman.library.cache.queries([question.text for _, question in apart])
    asked = centre(rows, [question.language for _, question in apart], means)
    texts = [f"{data['unanswered'][topic]['en']}\n{answer}" for topic, answer in data["answers"].items()]
    likeness = asked @ centre(dragoman.library.cache.passages(texts), ["en"] * len(texts), means).T
    own = np.array([[topic == entry for entry in data["answers"]] for topic, _ in apart])
    for bar in (ANSWERED, 0.25, 0.30, ENTRY_ANSWERED, 0.35, 0.40):
        near = likeness >= bar
        print(f"entry {bar:.2f}: reached by {near[own].mean():.0%} of {own.sum()} questions an entry answers, "
              f"{near[~own].mean():.0%} of {(~own).sum()} it does not")  # fmt: skip


async def main() -> None:
    """Print the rates."""
    answered, lacking = read_questions()
    with tempfile.TemporaryDirectory() as folder:
        async with open_dragoman(Settings(home=Path(folder))) as dragoman:
            await dragoman.ready()
            measure_closeness(dragoman, answered, lacking)
            measure_entries(dragoman, lacking)
            measure_groups(dragoman, [*answered, *lacking])


if __name__ == "__main__":
    asyncio.run(main())
