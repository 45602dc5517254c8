"""What a locale, a term base and a field ask of a translation: units, money, terms, length, text direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from knowledge.findings import Finding
from knowledge.localizing import Change, Term, Terms
from knowledge.quantities import unit
from tools.localization.converting import Measure
from tools.localization.direction import ISOLATES, OVERRIDES, POP
from tools.localization.found import found
from tools.localization.reading import Fact, read_facts

NEAR = Decimal("0.03")
"""How far a converted measure may be off: 5 in as 13 cm, 12 oz as 350 ml."""


def check_changes(target: str, changes: Sequence[Change]) -> Iterator[Finding]:
    """What code converted stands in the text as code wrote it."""
    for change in changes:
        if change.after not in target:
            rule = change.rule.split(":")[0]
            rule = rule if rule in ("money", "unit") else "number"
            yield found(rule, f"{change.after} (for {change.before}) is missing.", f"Write {change.after}.")


def check_measures(source: str, target: str, locale: str, source_locale: str) -> tuple[list[Finding], set[Decimal]]:
    """Measures and sums that say something else than the source's, and the figures that rightly differ from them:
    30.5 cm for 12 in. A sum in another currency is right only where code converted it.
    """
    theirs = [fact for fact in read_facts(source, source_locale) if fact.kind in ("measures", "money")]
    if not theirs:
        return [], set()
    found_, accepted = [], set()
    for fact in read_facts(target, locale):
        if fact.kind == "measures":
            fits = [_fits(one, theirs) for one in fact.measures]
            accepted |= {one.value for one, fit in zip(fact.measures, fits, strict=True) if fit}
            if False in fits:
                found_.append(_off("unit", fact))
        elif fact.kind == "money" and any(one.kind == "money" for one in theirs) and not _paid(fact, theirs):
            found_.append(_off("money", fact))
    return found_, accepted


def _fits(measure: Measure, theirs: list[Fact]) -> bool | None:
    """Whether the source has the measure in some unit of its kind; None where it has nothing of the kind."""
    sizes = [_size(one) for fact in theirs for one in fact.measures if _kind(one) == _kind(measure)]
    if not sizes:
        return None
    own = _size(measure)
    return any(abs(own - size) <= NEAR * max(abs(size), Decimal(1) / 1000) + _slack(measure) for size in sizes)


def _slack(measure: Measure) -> Decimal:
    """A whole degree, or half of what the last place written says."""
    if measure.unit in ("C", "F"):
        return Decimal(1)
    known, exponent = unit(measure.unit), measure.value.as_tuple().exponent
    return known.size * Decimal(1).scaleb(exponent) / 2 if known and isinstance(exponent, int) else Decimal(0)


def _kind(measure: Measure) -> str:
    known = unit(measure.unit)
    return "temperature" if measure.unit in ("C", "F") else known.kind if known else measure.unit


def _size(measure: Measure) -> Decimal:
    if measure.unit == "F":
        return (measure.value - 32) * 5 / 9
    known = unit(measure.unit)
    return measure.value * (known.size if known else 1)


def _paid(fact: Fact, theirs: list[Fact]) -> bool:
    return any(one.unit == fact.unit and one.value == fact.value for one in theirs if one.kind == "money")


def _off(rule: str, fact: Fact) -> Finding:
    return found(rule, f"The source does not say {fact.text}.", "Write what it says, converted or as it is.",
                 (fact.start, fact.end), fact.text)  # fmt: skip


def check_terms(source: str, target: str, locale: str, terms: Terms) -> Iterator[Finding]:
    """Kept words that are gone, words to avoid, and terms not rendered as agreed; a stem will do, words bend."""
    lower = target.lower()
    for term in terms.found_in(source):
        if term.keep:
            if term.source not in target:
                yield found("term", f"{term.source} is missing.", f"Keep {term.source} as it is.")
            continue
        for word in term.avoided(locale):
            place = lower.find(word.lower())
            if word and place >= 0:
                yield _avoid(term, word, locale, (place, place + len(word)))
        agreed = term.target(locale)
        if agreed and not all(_stem(word) in lower for word in agreed.lower().split()):
            yield found("term", f"{term.source!r} is {agreed!r} by the term base.", f"Use {agreed}.", severity="warn")


def _avoid(term: Term, word: str, locale: str, span: tuple[int, int]) -> Finding:
    why = f"{word!r} is not to be used for {term.source!r}."
    return found("term", why, term.target(locale) or "Use another word.", span, word, "warn")


def _stem(word: str) -> str:
    return word if len(word) < 5 else word[: max(4, len(word) - 2)]


def check_length(target: str, limit: int | None) -> Iterator[Finding]:
    """More characters than there is room for."""
    if limit is not None and len(target) > limit:
        yield found("length", f"It has {len(target)} characters; there is room for {limit}.",
                    f"Leave out {len(target) - limit}.", (limit, len(target)), target[limit:])  # fmt: skip


def check_direction(target: str) -> Iterator[Finding]:
    """Marks that turn the order of letters, and isolates that are not closed."""
    for place, sign in enumerate(target):
        if sign in OVERRIDES:
            why = f"The mark U+{ord(sign):04X} turns the text around it."
            yield found("direction", why, "Use isolates, U+2068 and U+2069.", (place, place + 1), sign)
    if sum(target.count(sign) for sign in ISOLATES) != target.count(POP):
        yield found("direction", "An isolate is not closed.", "End it with U+2069.")
