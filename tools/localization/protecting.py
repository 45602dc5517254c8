"""Facts kept from the model: a text goes out with marks in their place, and comes back with the facts as the target
locale writes them. Code reads them, code writes them; the model places them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from knowledge.findings import Finding
from knowledge.localizing import Change, Terms
from tools.localization.found import found
from tools.localization.quoting import quoted
from tools.localization.rates import Rates
from tools.localization.reading import Fact, read_facts
from tools.localization.writing import Customs, written

MARKS = "⟦1⟧ stands for something that is not translated; ⟦2=3⟧ stands for the number 3. Keep each exactly once."
"""What a model is told of the marks."""
_MARK = re.compile(r"⟦\s*(\d+)(?:\s*=[^⟦⟧]*)?\s*⟧")
_TORN = re.compile("[⟦⟧]")
_RULES = {
    "measures": "unit",
    "money": "money",
    "number": "number",
    "percent": "number",
    "day": "number",
    "size": "number",
    "time": "number",
}


@dataclass(frozen=True)
class Protected:
    """A text as a model sees it: each fact a mark, ⟦1⟧, or with its number where a word may have to agree: ⟦2=3⟧."""

    text: str
    facts: tuple[Fact, ...]
    locale: str
    rates: Rates | None = None

    @property
    def bare(self) -> str:
        """The text without its facts: where no letter is left, nothing is to translate."""
        return _MARK.sub(" ", self.text)

    def restore(self, translated: str, locale: str, *, isolates: bool = True) -> tuple[str, tuple[Change, ...]]:
        """A translation with the facts as `locale` writes them, and what was changed, in the order of the source.
        Where the locale is the source's, facts stand as they stood. What `findings` would tell is left as it is.
        """
        same = locale.replace("_", "-") == self.locale.replace("_", "-")
        customs = Customs(locale, self.rates, isolates)
        told = [(fact.text, None) if same else written(fact, customs) for fact in self.facts]
        texts = {str(number): text for number, (text, _) in enumerate(told, 1)}
        body = translated if same else quoted(translated, locale)
        text = _MARK.sub(lambda match: texts.get(match[1], match.group()), body)
        return text, tuple(change for _, change in told if change)

    def findings(self, translated: str) -> list[Finding]:
        """What is wrong with the marks of a translation, before it is restored: facts missing, doubled or made up."""
        wanted = Counter(str(number) for number in range(1, len(self.facts) + 1))
        marks = list(_MARK.finditer(translated))
        met = Counter(match[1] for match in marks)
        lost = [found(_rule(fact), f"{fact.text} is missing.", f"Put ⟦{number}⟧ where it belongs.")
                for number, fact in enumerate(self.facts, 1) if not met[str(number)]]  # fmt: skip
        extra = [found("placeholder", f"{match.group()} stands in it, which is no fact or stood there already.",
                       "Take it out.", match.span(), match.group())
                 for match in marks if met[match[1]] > wanted[match[1]]]  # fmt: skip
        torn = [found("placeholder", "A mark is torn.", "Write each mark whole.")]
        return [*lost, *extra, *(torn if _TORN.search(_MARK.sub("", translated)) else ())]


def protect(text: str, locale: str, terms: Terms | None = None, *, rates: Rates | None = None) -> Protected:
    """A text with its facts taken out. `locale` says how it writes numbers and days, `terms` which words are kept."""
    facts = read_facts(text, locale, terms)
    parts, last = [], 0
    for number, fact in enumerate(facts, 1):
        parts += [text[last : fact.start], _mark(number, fact)]
        last = fact.end
    return Protected("".join([*parts, text[last:]]), tuple(facts), locale, rates)


def _rule(fact: Fact) -> str:
    if fact.kind == "kept":
        return "term" if fact.written_unit else "tag" if fact.text.startswith("<") else "placeholder"
    return _RULES.get(fact.kind, "number")


def _mark(number: int, fact: Fact) -> str:
    shown = f"={fact.text}" if fact.kind == "number" else ""
    return f"⟦{number}{shown}⟧"
