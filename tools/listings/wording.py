"""What a channel does not take in a text: characters, phrases, repeated words, markup, contact details, capitals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from knowledge.findings import Finding
from knowledge.listings import Listing
from knowledge.marketplaces import FieldLimits, Marketplace, Rule
from tools.listings.repeats import MOST_IN_TITLE, more_often
from tools.listings.signs import (
    ACTIVE,
    BASIC,
    CONTACT,
    DOUBLED,
    EMOJI,
    GTIN,
    HAN,
    LINK,
    PLAIN,
    PRICE,
    TAG,
    TWICE,
    UNSEEN,
)  # fmt: skip

Span = tuple[int, int]
Fault = tuple[Span, str, str]
"""Where a fault is, why it is one, what to do."""


class Wording:
    """The rules of a channel on a day, for the words of each field."""

    def __init__(
        self, market: Marketplace, fields: dict[str, FieldLimits], rules: list[Rule], own: Callable[[str], bool]
    ) -> None:
        self._market = market
        self._fields = fields
        self._rules = rules
        self._is_own = own

    def check(self, listing: Listing, brands: Callable[[str], list[Span]]) -> Iterator[Finding]:
        """What in a listing's words the channel does not take. `brands` finds brand names in a text."""
        for name, limits in self._fields.items():
            for item, text in listing.texts(name):
                for rule in self._rules:
                    if name in rule.fields:
                        yield from self._by_rule(rule, name, item, text, brands)
                yield from self._markup(limits, item, text)
                yield from self._doubled(limits, item, text)
                yield from self._unseen(limits, item, text)
                yield from self._charset(limits, item, text)
            yield from self._unique(limits, listing)

    def _by_rule(
        self, rule: Rule, name: str, item: int, text: str, brands: Callable[[str], list[Span]]
    ) -> Iterator[Finding]:
        faults = [*_characters(rule, text), *_phrases(rule, text), *_shape(rule, text)]
        faults += more_often(rule.max_repeat, text) if rule.max_repeat is not None else []
        faults += self._capitals(rule, text) if rule.max_capitals is not None else []
        if rule.no_brand:
            faults += [(span, "a brand name may not stand here", "Take the brand out.") for span in brands(text)]
        for span, why, suggestion in faults:
            yield Finding(
                rule=rule.id, severity=rule.severity, span=span, text=text[slice(*span)],
                why=f"{why[0].upper()}{why[1:]}. {self._market.name}: {rule.says}",
                source=f"{self._market.told_sources(rule.source)}, as of {rule.as_of} ({rule.confidence} confidence)",
                suggestion=suggestion, field=name, item=item,
            )  # fmt: skip

    def _capitals(self, rule: Rule, text: str) -> list[Fault]:
        loud = [
            match for match in re.finditer(r"(?<![\w-])[^\W\d_]{4,}(?![\w-])", text)
            if match.group().isupper() and not HAN.search(match.group()) and not self._is_own(match.group())
        ]  # fmt: skip
        if len(loud) <= (rule.max_capitals or 0):
            return []
        return [(loud[-1].span(), f"{len(loud)} words are in capitals", "Write words in ordinary case.")]

    def _markup(self, limits: FieldLimits, item: int, text: str) -> Iterator[Finding]:
        taken = limits.html or ("none" if limits.name in PLAIN else "")
        if not taken or ("<" not in text and "&" not in text):
            return
        for match in TAG.finditer(text):
            tag = re.sub(r"[^a-z0-9]", "", match.group().lower().split()[0].strip("</>"))
            entity = match.group().startswith("&")
            attributes = " " in match.group().strip()
            wrong = {
                "none": True,
                "basic": not entity and (tag not in BASIC or (attributes and tag != "img")),
                "inactive": not entity
                and (tag in ACTIVE or re.search(r"\son\w+\s*=|javascript:", match.group(), re.I) is not None),
            }[taken]
            if wrong:
                yield self._house(
                    limits,
                    "text.html",
                    "block",
                    item,
                    match.span(),
                    text,
                    "markup the field does not take",
                    "Write plain text.",
                )

    def _doubled(self, limits: FieldLimits, item: int, text: str) -> Iterator[Finding]:
        counted = any(rule.max_repeat is not None for rule in self._rules if limits.name in rule.fields)
        for span, why, suggestion in more_often(MOST_IN_TITLE, text) if "title" in limits.name and not counted else ():
            yield self._house(limits, "text.repeated_word", "warn", item, span, text, why, suggestion)
        for match in DOUBLED.finditer(text):
            if match.group(1).lower() not in TWICE:
                yield self._house(
                    limits,
                    "text.doubled_word",
                    "warn",
                    item,
                    match.span(),
                    text,
                    "a word stands twice in a row",
                    "Write it once.",
                )

    def _unseen(self, limits: FieldLimits, item: int, text: str) -> Iterator[Finding]:
        if text.isascii():
            return
        ruled = any(rule.no_emoji for rule in self._rules if limits.name in rule.fields)
        for match in EMOJI.finditer(text) if limits.name in PLAIN and not ruled else ():
            yield self._house(limits, "text.emoji", "warn", item, match.span(), text, "an emoji", "Leave it out.")
        for rule, pattern, why, suggestion in UNSEEN:
            for match in pattern.finditer(text):
                yield self._house(limits, rule, "block", item, match.span(), text, why, suggestion)

    def _charset(self, limits: FieldLimits, item: int, text: str) -> Iterator[Finding]:
        wrong = {
            "": False, "no_han": bool(HAN.search(text)), "plain": bool(re.search(r"[^\w\s]", text)),
            "gtin": not is_gtin(text),
        }[limits.charset]  # fmt: skip
        if wrong:
            yield self._house(limits, f"text.{limits.charset}", "block", item, (0, len(text)), text,
                              f"{limits.name} takes other characters", limits.note)  # fmt: skip
        if limits.starts_not and text[:1] in limits.starts_not:
            yield self._house(
                limits,
                "text.start",
                "block",
                item,
                (0, 1),
                text,
                f"{limits.name} may not begin so",
                "Begin with a letter.",
            )

    def _unique(self, limits: FieldLimits, listing: Listing) -> Iterator[Finding]:
        if limits.kind != "list":
            return
        seen: set[str] = set()
        for item, text in listing.texts(limits.name):
            if text.casefold() in seen:
                yield self._house(
                    limits,
                    "text.duplicate",
                    "block",
                    item,
                    (0, len(text)),
                    text,
                    "the same entry stands twice",
                    "Say it once.",
                )
            seen.add(text.casefold())

    def _house(  # noqa: PLR0913  (each is a part of the finding)
        self, limits: FieldLimits, rule: str, severity: str, item: int, span: Span, text: str, why: str, suggestion: str
    ) -> Finding:
        return Finding(
            rule=rule, severity=severity, span=span, text=text[slice(*span)], why=f"{why[0].upper()}{why[1:]}.",
            source=f"{self._market.told_sources(limits.source)}, as of {limits.as_of}", suggestion=suggestion,
            field=limits.name, item=item,
        )  # fmt: skip


def _characters(rule: Rule, text: str) -> Iterator[Fault]:
    for place, character in enumerate(text):
        if character in rule.banned_characters:
            yield (place, place + 1), f"the character {character!r} is not taken", "Leave it out, or write it in words."
        elif character in rule.measure_characters and not _beside_figure(text, place):
            yield (place, place + 1), f"{character!r} may stand only beside a figure", "Leave it out."
    for character in rule.once_characters:
        if text.count(character) > 1:
            place = text.rindex(character)
            yield (
                (place, place + 1),
                f"{character!r} stands {text.count(character)} times; once is taken",
                "Keep the first.",
            )
    if rule.no_emoji:
        yield from ((m.span(), "emoji are not taken", "Leave it out.") for m in EMOJI.finditer(text))


def _beside_figure(text: str, place: int) -> bool:
    around = (text[max(place - 1, 0) : place] + text[place + 1 : place + 2]).strip()
    return any(character.isdigit() for character in around)


@cache
def _phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    longest = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(_bounded(phrase) for phrase in longest), re.I)


def _bounded(phrase: str) -> str:
    before = r"(?<![\w-])" if phrase[0].isalnum() and not HAN.match(phrase[0]) else ""
    after = r"(?![\w-])" if phrase[-1].isalnum() and not HAN.match(phrase[-1]) else ""
    return before + re.escape(phrase) + after


def _phrases(rule: Rule, text: str) -> Iterator[Fault]:
    pattern = _phrase_pattern(rule.banned_phrases)
    for match in pattern.finditer(text) if pattern else ():
        yield match.span(), f"{match.group()!r} is not taken", "Leave it out."
    for written in rule.banned_patterns:
        yield from ((m.span(), f"{m.group()!r} is not taken", "Leave it out.") for m in re.finditer(written, text))


def _shape(rule: Rule, text: str) -> Iterator[Fault]:
    """Contact details, links, prices, markup and capitals, where a rule names them."""
    checks = (
        (rule.no_contact, CONTACT, "contact details are not taken"), (rule.no_links, LINK, "links are not taken"),
        (rule.no_price, PRICE, "prices are not taken"), (rule.no_html, TAG, "markup is not taken"),
    )  # fmt: skip
    for wanted, pattern, why in checks:
        if wanted:
            yield from ((match.span(), why, "Leave it out.") for match in pattern.finditer(text))
    if rule.no_active:
        for match in TAG.finditer(text):
            if match.group().lower().strip("</>").split()[0] in ACTIVE:
                yield match.span(), "active content is not taken", "Leave it out."
    if rule.lower_case and text != text.lower():
        place = next(place for place, character in enumerate(text) if character != character.lower())
        yield (place, place + 1), "lower case is wanted", "Write it in lower case."


def is_gtin(text: str) -> bool:
    """Whether a text is a GTIN of 8, 12, 13 or 14 digits with the right check digit."""
    if not GTIN.fullmatch(text):
        return False
    *body, check = (int(c) for c in text)
    weighed = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return (10 - weighed % 10) % 10 == check
