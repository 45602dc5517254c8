"""What may not be shown however true it is: the assistant's own instructions, the same again and again, text without
end, hidden characters and forged turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from assistant.guardrails.evidence import Evidence
from assistant.guardrails.hidden import visible
from assistant.guardrails.outgoing import Failed
from assistant.guardrails.personal_data import RestoringGate
from assistant.guardrails.untrusted import without_forged

RUN = 6
"""So many words of the instructions in a row show them."""

MOST_LETTERS = 6000
"""Letters that one turn shows of what models wrote."""

MOST_TIMES = 2
"""How often one turn shows the same sentence: two parcels may be in the same state, a loop says it without end."""

MOST_ROUNDS = 4
"""How often one sentence may say the same few words in a row: under cover of a loop, what else it says goes unread."""

LONGEST_ROUND = 8
"""Words, or signs where words run together, that a loop goes round in."""

_WORD = re.compile(r"[\u2e80-\uffdc]|[^\W_\u2e80-\uffdc]+")


class Instructions:
    """What an assistant is told: its prompt and what its tools are described by. Nobody else reads it."""

    def __init__(self, texts: Iterable[str], tools: Iterable[str]) -> None:
        self._runs = {run for text in texts for run in _runs(text)}
        self._tools = {name for name in tools if "_" in name}

    def stand_in(self, sentence: str, before: str = "") -> bool:
        """Whether a sentence repeats them, or goes on with it where the text before broke off, or names a tool."""
        runs = _runs(" ".join([*_words(before)[1 - RUN :], sentence]))
        return not self._runs.isdisjoint(runs) or not self._tools.isdisjoint(re.findall(r"\w+", sentence))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def goes_round(sentence: str) -> bool:
    """Whether a sentence says the same few words over and over: 'and so on and so on and so on ...'."""
    words = _WORD.findall(sentence.casefold())
    if len(words) - len(set(words)) < MOST_ROUNDS:
        return False
    return any(_longest_same(words, length) >= MOST_ROUNDS * length for length in range(1, LONGEST_ROUND + 1))


def _longest_same(words: Sequence[str], length: int) -> int:
    """The most words in a row that are each what stood so many words before."""
    pairs = zip(words, words[length:], strict=False)
    return max(
        (sum(1 for _ in run) for same, run in groupby(pairs, lambda pair: pair[0] == pair[1]) if same), default=0
    )


class ScreenedGate(RestoringGate):
    """A sentence gate that screens each sentence before it is judged."""

    def __init__(self, evidence: Evidence, instructions: Instructions) -> None:
        super().__init__(evidence)
        self._instructions = instructions
        self._said = Counter[str]()
        self._letters = 0
        self._before = ""

    def _checked(self, sentence: str) -> Iterator[str]:
        plain = without_forged(visible(sentence))
        unfit = self._is_unfit(plain)
        self._before = " ".join(_words(f"{self._before} {plain}")[1 - RUN :])
        if unfit:
            self.failed.append(Failed(plain, ("it is not fit to be shown",)))
            return
        for shown in super()._checked(plain):
            self._said[plain.strip()] += 1
            self._letters += len(shown)
            yield shown

    def _is_unfit(self, sentence: str) -> bool:
        again = bool(sentence.strip()) and self._said[sentence.strip()] >= MOST_TIMES
        too_much = self._letters + len(sentence) > MOST_LETTERS
        return again or too_much or goes_round(sentence) or self._instructions.stand_in(sentence, self._before)
