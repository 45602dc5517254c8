"""A translation put right for a text that says the same with other facts."""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge.localizing import Change, Translation
from knowledge.quantities import unit
from tools.localization.protecting import protect
from tools.localization.reading import Fact
from tools.localization.writing import Customs, written

Mended = tuple[str, tuple[Change, ...]]

_FIGURE = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_NUMBERED = re.compile(r"=[^⟦⟧]*⟧")
_BLANKS = dict.fromkeys((0xA0, 0x202F, 0x2009), " ")


def plain(text: str) -> str:
    """A text by which its translation is found: blanks are all the same."""
    return " ".join(text.split())


def mend(text: str, known: Translation, locale: str, source_locale: str) -> Mended | None:
    """The translation of a text that differs from a known one in facts alone; None where a fact does not stand once in
    the known translation as the locale writes it, or where the new one takes another plural form.
    """
    return _with_facts(text, known, locale, source_locale) or _with_figures(text, known, locale, source_locale)


def _with_facts(text: str, known: Translation, locale: str, source_locale: str) -> Mended | None:
    """By facts that code writes: 5 lb, once 2.27 kg in the translation, is 3 lb now."""
    theirs, ours = protect(known.source, source_locale), protect(text, source_locale)
    if _NUMBERED.sub("⟧", theirs.text) != _NUMBERED.sub("⟧", ours.text):
        return None
    flat, customs = known.target.translate(_BLANKS), Customs(locale)
    places, changes = list[tuple[int, int, str]](), list[Change]()
    for old, new in zip(theirs.facts, ours.facts, strict=True):
        if old.text == new.text:
            continue
        before, after = (written(fact, customs)[0] for fact in (old, new))
        found = [match.span() for match in re.finditer(_alone(before.translate(_BLANKS)), flat)]
        if len(found) != 1 or not _is_like(old, new, locale):
            return None
        places.append((*found[0], after))
        changes.append(Change(new.text, after, "memory.fact", f"{known.source} → {known.target}"))
    target = known.target
    for start, end, after in sorted(places, reverse=True):
        target = target[:start] + after + target[end:]
    return (target, tuple(changes)) if changes else None


def _alone(fact: str) -> str:
    return rf"(?<![\w.,]){re.escape(fact)}(?![\w]|[.,]\d)"


def _is_like(old: Fact, new: Fact, locale: str) -> bool:
    """Whether words around one fact fit the other: both weights, or numbers of one plural form."""
    from tools.localization.formatting import plural_form

    if old.kind == new.kind == "number":
        return plural_form(old.value, locale) == plural_form(new.value, locale)
    kinds = [known.kind if (known := unit(fact.unit)) else fact.unit for fact in (old, new)]
    return old.kind == new.kind and (old.kind != "measures" or kinds[0] == kinds[1])


def _with_figures(text: str, known: Translation, locale: str, source_locale: str) -> Mended | None:
    """By figures alone, whatever they count."""
    if _FIGURE.sub("#", plain(text)) != _FIGURE.sub("#", plain(known.source)):
        return None
    old, new = _FIGURE.findall(known.source), _FIGURE.findall(text)
    differing = [(before, after) for before, after in zip(old, new, strict=True) if before != after]
    target, changes = known.target, list[Change]()
    for before, after in differing:
        written = _replaced(before, after, target, locale, source_locale)
        if old.count(before) != 1 or written is None:
            return None
        target, shown = written
        changes.append(Change(after, shown, "memory.figure", f"{known.source} → {known.target}"))
    return (target, tuple(changes)) if changes else None


def _replaced(before: str, after: str, target: str, locale: str, source_locale: str) -> tuple[str, str] | None:
    """A translation with one figure for another, and how that is written."""
    from tools.localization.formatting import number, plural_form

    values = [_value(figure, source_locale) for figure in (before, after)]
    standing = _FIGURE.findall(target)
    if any(value is None for value in values):
        return None
    if plural_form(values[0] or 0, locale) != plural_form(values[1] or 0, locale):
        return None
    forms = {number(values[0] or 0, locale): number(values[1] or 0, locale), before: after}
    if _decimals(before) or _decimals(after):
        forms.pop(before) if forms.get(before) == after and locale.split("-")[0] != source_locale.split("-")[
            0
        ] else None
    found = [(form, shown) for form, shown in forms.items() if standing.count(form) == 1]
    if not found:
        return None
    form, shown = found[0]
    place = next(match for match in _FIGURE.finditer(target) if match.group() == form)
    return target[: place.start()] + shown + target[place.end() :], shown


def _decimals(figure: str) -> bool:
    return not figure.isdecimal()


def _value(figure: str, locale: str) -> Decimal | None:
    from babel.numbers import NumberFormatError, parse_decimal

    try:
        return parse_decimal(figure, locale=locale.replace("-", "_"), strict=True)
    except (NumberFormatError, ValueError):
        return None
