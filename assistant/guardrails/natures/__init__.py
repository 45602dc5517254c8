"""Sentences by their nature, a file a language: what the gate's reader learns from, and the words of each language."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from assistant.embedded.router import Example, Matrix, Trained, train
from assistant.guardrails.phrases import folded

_EITHER = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


STRENGTH = 5.0
"""With less the rarer natures are lost, with more chances are so uneven that true sentences fail."""


def learn_natures(examples: Sequence[Example], rows: Matrix) -> Trained:
    """What tells natures apart, learned from sentences and their vectors."""
    return train(examples, rows, STRENGTH)


@cache
def read_natures() -> tuple[Example, ...]:
    """Every sentence with its nature, in the order of the files; those in `composed` with some of their wordings."""
    folder = files("assistant.guardrails") / "natures"
    return tuple(
        Example(wording, nature, entry.name.removesuffix(".toml"))
        for place in (folder, folder / "composed")
        for entry in sorted(place.iterdir(), key=lambda file: file.name) if entry.name.endswith(".toml")
        for nature, texts in tomllib.loads(entry.read_text("utf-8")).items() for text in texts
        for wording in wordings(text)
    )  # fmt: skip


def wordings(text: str) -> Iterator[str]:
    """Some of the sentences that a text with {one|another} alternatives stands for: each alternative is in one."""
    groups = [match.split("|") for match in _EITHER.findall(text)]
    choose = random.Random(text)  # noqa: S311 - the same ones each time
    turns = [choose.sample(group, len(group)) for group in groups]
    for number in range(max(map(len, groups), default=1)):
        chosen = iter(turn[number % len(turn)] for turn in turns)
        yield _EITHER.sub(lambda _, chosen=chosen: next(chosen), text)  # type: ignore[misc]


@cache
def words_of(language: str) -> frozenset[str]:
    """The words of a language that its sentences hold, folded."""
    texts = [example.text for example in read_natures() if example.language == language]
    return frozenset(words_in(" ".join(texts)))


def words_in(text: str) -> set[str]:
    """The words of a text, folded."""
    return {match.group() for match in _WORD.finditer(folded(text))}
