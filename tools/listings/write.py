"""Writing a listing from facts, without a model: an original text by templates, each part tied to its facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from knowledge.facts import Facts
from knowledge.findings import Finding
from knowledge.listings import Draft, Held, Listing, Missing, Version
from knowledge.locales import match_language
from knowledge.marketplaces import FieldLimits, Marketplace
from knowledge.phrasing import Phrasing
from knowledge.phrasing.order import LEADING, SIZE_FIRST
from tools.listings.check import NO_COPY, Checker, advice_of
from tools.listings.fields import FILLERS
from tools.listings.filling import Filling
from tools.listings.limits import Limits
from tools.listings.signs import EMOJI
from tools.listings.texts import phrases, size_first
from tools.listings.wording import Wording

MOST_REFILLS = 3
"""How often a listing is filled anew where what blocks shows only in the whole text."""

TRANSLATED = ("material", "care", "in_the_box")
"""Texts of the facts that are said in other languages than the shop's own, whole or not at all."""

TOPPED = ("title", "item_highlights")
"""Fields that the other version of a listing changes."""


def write_listing(
    facts: Facts, market: Marketplace, locale: str, on: date, banned: Collection[str] = (), brands: Collection[str] = ()
) -> Draft:
    """A draft of a product's listing for a channel in a locale. `banned` are words the brand never uses, `brands` other
    makers' names. Raises LanguageUnworded.
    """
    writer = Writer(facts, market, locale, on, banned, brands)
    return writer.draft()


class Writer:
    """Writes one product's listing."""

    def __init__(
        self,
        facts: Facts,
        market: Marketplace,
        locale: str,
        on: date,
        banned: Collection[str] = (),
        brands: Collection[str] = (),
    ) -> None:
        self.checker = Checker(market, locale, on, brands)
        self.facts = facts
        self.market = market
        self._banned = [word.casefold() for word in banned]
        self.language = match_language(locale) or locale
        self._phrasing = Phrasing(facts, self.language, locale)
        self.between = self._phrasing.words
        self._rules = market.rules_on(on, self.checker.site)
        self._judged: dict[tuple[str, str], bool] = {}
        self._refused: set[tuple[str, str]] = set()
        self.limits = self._wanted()

    def _wanted(self) -> dict[str, FieldLimits]:
        """The fields to fill: the channel's, and what a draft for it carries besides."""
        some = next(iter(self.checker.fields.values()))
        extra = {
            name: FieldLimits(name=name, source=(), as_of=some.as_of, confidence="medium")
            for name in self.market.extras
        }
        taken = {name: limits for name, limits in self.checker.fields.items() if self._takes(limits)}
        return {**taken, **{name: limits for name, limits in extra.items() if name not in taken}}

    def _takes(self, limits: FieldLimits) -> bool:
        """Whether a field is meant for this language: a translated title is one beside the English."""
        return self.language != "en" if limits.name.endswith("_translated") else True

    def draft(self) -> Draft:
        """The draft, checked whole."""
        filling = self.fill(self.limits)
        findings, advice = advice_of(self.checker.check(Listing(filling.fields), self.facts))
        for _ in range(MOST_REFILLS):
            blocked = {(f.field, f.text) for f in findings if f.severity == "block" and not f.rule.startswith("limit.")}
            if not blocked:
                break
            self._refused |= blocked
            self._judged.clear()
            filling = self.fill(self.limits)
            findings, advice = advice_of(self.checker.check(Listing(filling.fields), self.facts))
        return Draft(
            self.facts.product_id,
            self.market.id,
            self.checker.locale,
            self.checker.on,
            filling.fields,
            tuple(filling.claims),
            (
                *(f for f in findings if f.rule != "limit.required" or f.field.startswith("title")),
                *self._unwarned(filling),
            ),
            (*advice, *self._untold()),
            tuple(self.missing(filling.fields)),
            tuple(self._versions(filling)),
        )

    def fill(self, limits: Mapping[str, FieldLimits]) -> Filling:
        """The fields filled from the facts."""
        filling = Filling(self._phrasing, self.passes, dict(limits))
        for name in limits:
            if name in FILLERS:
                FILLERS[name](filling, name)
        return filling

    def passes(self, field: str, text: str) -> bool:
        """Whether a text may stand in a field: no blocking finding of the law, the channel's words and the facts."""
        kept = self._judged.get((field, text))
        if kept is None:
            kept = self._judged[field, text] = not self._faulty(field, text)
        return kept

    def _faulty(self, field: str, text: str) -> bool:
        if any(word in text.casefold() for word in self._banned) or EMOJI.search(text):
            return True
        if any(name == field and said in text for name, said in self._refused):
            return True
        tracer = self.checker.tracer(self.facts)
        found = [*tracer.check(field, -1, text), *self.checker.claims(field, -1, text, self.facts)]
        if field in self.checker.fields:
            rules = [rule.model_copy(update={"max_capitals": None}) for rule in self._rules]
            wording = Wording(
                self.market,
                {field: self.checker.fields[field].model_copy(update={"kind": "text"})},
                rules,
                tracer.is_own,
            )
            if field not in NO_COPY:
                found += [
                    f
                    for f in wording.check(Listing({field: text}), tracer.brand_spans)
                    if not f.rule.startswith("text.")
                ]
        return any(finding.severity == "block" for finding in found)

    def missing(self, fields: Mapping[str, Held]) -> list[Missing]:
        """What the channel requires and no fact fills."""
        limits = Limits(self.market, self.limits, self.checker.groups)
        return [
            Missing(name, self._why(name)) for name, entry in self.limits.items()
            if limits.requires(entry) and not fields.get(name)
        ]  # fmt: skip

    def _untold(self) -> list[Finding]:
        """Advice on texts of the facts that the language has no words for: they are left out of the listing."""
        names = [name for name in TRANSLATED if self.facts.get(name) and not self._phrasing.value(name)]
        own = [name for name in ("name", "summary") if self._written(name) and not self._worded(name)]
        return [
            Finding(
                "facts.untranslated", "info", (0, 0), "",
                f"{name} has no words in {self.language}: it {'stands as it is' if name == 'name' else 'is left out'}.",
                "knowledge/facts/values.toml", f"Have it translated, and add it to the {name} of the text.",
                (f"{self.facts.product_id}#{name}",), name,
            )
            for name in (*own, *names)
        ]  # fmt: skip

    def _written(self, name: str) -> bool:
        """Whether the shop wrote a text of the product in any language."""
        return any(fact.name.partition(".")[0] == name for fact in self.facts.attested)

    def _unwarned(self, filling: Filling) -> Iterator[Finding]:
        """Warnings of the facts that no field tells: the language lacks them, or the channel has no room."""
        fact = self.facts.get("warnings")
        if fact is None or any(fact.id in claim.facts for claim in filling.claims):
            return
        said = bool(self._phrasing.value("warnings"))
        yield Finding(
            "facts.left_out" if said else "facts.untranslated", "warn", (0, 0), "",
            f"No field of {self.market.name} here holds the warnings: whoever buys has to be told them."
            if said else f"The warnings have no words in {self.language}: they are left out.",
            "The product's facts",
            "Put them into the text or the channel's own field." if said
            else "Have them translated, and add them to the text or the channel's own field.",
            (fact.id,), "warnings",
        )  # fmt: skip

    def _worded(self, name: str) -> bool:
        """Whether the shop wrote a text of the product in the language."""
        return self.facts.text_in(name, self.language) is not None

    def _why(self, name: str) -> str:
        if name == "gpsr_fields":
            held = [key for key in ("manufacturer", "responsible_person") if not self.facts.get(key)]
            return f"The facts hold no {' and no '.join(held)}."
        if name.startswith("title") and not self.facts.get("name"):
            return "The facts hold no name."
        if name in FILLERS:
            return f"No fact fills {name} within its limits."
        return f"{name} comes from the merchant's own systems."

    def _versions(self, filling: Filling) -> list[Version]:
        """The listing as it is, and one whose title and highlights lead with size and weight."""
        names = [name for name in TOPPED if name in filling.fields]
        if "title" not in names:
            return []
        other = Filling(self._phrasing, self.passes, self.limits)
        size_first(other, "title")
        if "item_highlights" in names:
            phrases(other, "item_highlights", (*SIZE_FIRST, *LEADING))
        if other.fields.get("title") == filling.fields["title"]:
            return []
        own = {name: filling.fields[name] for name in names}
        return [
            Version("A", "The title leads with what the product does and what it works with.", own),
            Version("B", "The title leads with size, weight and capacity. All else is the same.", dict(other.fields)),
        ]  # fmt: skip
