"""Questions to the demo shop about its rules, in pairs of like length and manner: one that a passage answers, and one
on a neighbouring matter that none does. How often the right document comes first, how well the score tells the pairs
apart, and of which answers it is said that they may be none.

Run: .venv/bin/python -m benchmarks.policy_questions
"""

import tempfile
from pathlib import Path

import numpy as np

from assistant.embedded.passages import DOUBTFUL
from benchmarks.corpora import build, open_cache
from benchmarks.product_questions import area
from benchmarks.retrieval import EVALS
from integrations.shipped import packaged
from knowledge.filters import Filter
from knowledge.folder import folder_sources
from knowledge.retrieval import NEAR_ENOUGH, Retriever

Scores = list[float]


def asked(search: Retriever, path: Path) -> tuple[Scores, Scores, Scores]:
    """The scores of questions whose right document came first, of those for which another did, and of those that
    nothing answers.
    """
    right: Scores = []
    wrong: Scores = []
    unanswered: Scores = []
    for line in path.read_text("utf-8").splitlines():
        label, market, question, document = line.split("\t")
        hits = search.search(question, Filter(kinds=("policy",), market=market), 4, path.stem, least=0.0)
        kept = unanswered if label == "no" else right if hits[0].passage.document == document else wrong
        kept.append(hits[0].score)
    return right, wrong, unanswered


def report(name: str, right: Scores, wrong: Scores, unanswered: Scores) -> None:
    """Print the rates of some questions."""
    answerable = right + wrong
    print(
        f"{name:6} right document first {len(right):3} of {len(answerable)}; AUROC {area(answerable, unanswered):.3f}"
    )
    print(f"       nothing found for {_below(answerable, NEAR_ENOUGH)} that can be answered,"
          f" {_below(unanswered, NEAR_ENOUGH)} that cannot")  # fmt: skip
    print(
        f"       in doubt {_below(right, DOUBTFUL)} of the right, {_below(wrong + unanswered, DOUBTFUL)} of the others"
    )


def _below(scores: Scores, bar: float) -> str:
    return f"{np.mean(np.array(scores) < bar):.1%}"


def main() -> None:
    """Print the rates, by language and of all."""
    everything: tuple[Scores, Scores, Scores] = ([], [], [])
    with tempfile.TemporaryDirectory() as folder:
        sources = list(folder_sources(packaged("knowledge.demo_shop", "policies")))
        search = build(Path(folder), sources, open_cache())
        for path in sorted((EVALS / "policy_questions").glob("*.tsv")):
            found = asked(search, path)
            report(path.stem, *found)
            for kept, own in zip(everything, found, strict=True):
                kept.extend(own)
    report("all", *everything)


if __name__ == "__main__":
    main()
