"""Facts kept from the model: a text goes out with marks in their place, and comes back with the facts as the target
locale writes them. Code reads them, code writes them; the model places them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from knowledge.localizing import Change, Terms
from tools.localization.quoting import quoted
from tools.localization.rates import Rates
from tools.localization.reading import Fact, read_facts
from tools.localization.writing import Customs, written

_MARK = re.compile(r"⟦\s*(\d+)(?:\s*=[^⟦⟧]*)?\s*⟧")


class FactsLost(ValueError):
    """A translation in which facts are missing, doubled or made up. `missing` and `strange` are marks."""

    def __init__(self, missing: tuple[str, ...], strange: tuple[str, ...]) -> None:
        self.missing, self.strange = missing, strange
        parts = [("must stand in it once: ", missing), ("must not stand in it, or not again: ", strange)]
        super().__init__("; ".join(name + " ".join(marks) for name, marks in parts if marks))


@dataclass(frozen=True)
class Protected:
    """A text as a model sees it: each fact a mark, ⟦1⟧, or with its number where a word may have to agree: ⟦2=3⟧."""

    text: str
    facts: tuple[Fact, ...]
    locale: str
    rates: Rates | None = None

    def restore(self, translated: str, locale: str, *, isolates: bool = True) -> tuple[str, tuple[Change, ...]]:
        """A translation with the facts as `locale` writes them, and what was changed, in the order of the source.
        Where the locale is the source's, facts stand as they stood. Raises FactsLost.
        """
        self._hold_against(translated)
        same = locale.replace("_", "-") == self.locale.replace("_", "-")
        customs = Customs(locale, self.rates, isolates)
        told = [(fact.text, None) if same else written(fact, customs) for fact in self.facts]
        body = translated if same else quoted(translated, locale)
        text = _MARK.sub(lambda match: told[int(match[1]) - 1][0], body)
        return text, tuple(change for _, change in told if change)

    def _hold_against(self, translated: str) -> None:
        wanted = Counter(str(number) for number in range(1, len(self.facts) + 1))
        found = Counter(match[1] for match in _MARK.finditer(translated))
        missing, strange = wanted - found, found - wanted
        stray = _MARK.sub("", translated)
        torn = tuple(mark for mark in "⟦⟧" if mark in stray)
        if missing or strange or torn:
            raise FactsLost(tuple(f"⟦{n}⟧" for n in missing), (*(f"⟦{n}⟧" for n in strange), *torn))


def protect(text: str, locale: str, terms: Terms | None = None, *, rates: Rates | None = None) -> Protected:
    """A text with its facts taken out. `locale` says how it writes numbers and days, `terms` which words are kept."""
    facts = read_facts(text, locale, terms)
    parts, last = [], 0
    for number, fact in enumerate(facts, 1):
        parts += [text[last : fact.start], _mark(number, fact)]
        last = fact.end
    return Protected("".join([*parts, text[last:]]), tuple(facts), locale, rates)


def _mark(number: int, fact: Fact) -> str:
    shown = f"={fact.text}" if fact.kind == "number" else ""
    return f"⟦{number}{shown}⟧"
