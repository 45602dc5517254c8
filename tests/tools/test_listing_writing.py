"""Listings written from facts: nothing blocks, everything is borne, nothing is cut, no two read alike."""

from __future__ import annotations

import itertools
import re
from datetime import date
from difflib import SequenceMatcher
from functools import cache

import pytest
from rapidfuzz import fuzz

from integrations.shops.demo import read_demo_products
from knowledge.facts import Facts
from knowledge.facts.reading import facts_of_product, facts_of_record
from knowledge.listings import Draft, Listing
from knowledge.locales import served_locales
from knowledge.marketplaces import marketplace, marketplaces
from knowledge.phrasing import LanguageUnworded
from tools.listings.check import Checker
from tools.listings.write import Writer, write_listing

DAY = date(2026, 11, 30)
LOCALES = [entry.locale for entry in served_locales().values()]


@cache
def demo() -> list[Facts]:
    return [facts_of_product(product, DAY, "Amberquay") for product in read_demo_products()]


def facts_by(product_id: str) -> Facts:
    return next(facts for facts in demo() if facts.product_id == product_id)


def faults_of(facts: Facts, draft: Draft) -> list[str]:
    """What may not be in a draft."""
    known = {
        *facts.ids(),
        f"{facts.product_id}#sku",
        *(f"{facts.product_id}#options[{n}]" for n in range(len(facts.options))),
    }
    where = f"{draft.product_id} {draft.marketplace} {draft.locale}"
    faults = [f"{where} {f.field} {f.rule} {f.text}" for f in draft.findings if f.severity == "block"]
    faults += [
        f"{where} {claim.field}: no fact for {claim.text!r}" for claim in draft.claims if not set(claim.facts) & known
    ]
    judge = Checker(marketplace(draft.marketplace), draft.locale, DAY)
    named = {entry.field for entry in draft.missing}
    required = [
        name for name, limits in judge.fields.items() if limits.required or set(limits.required_in) & set(judge.groups)
    ]
    return faults + [
        f"{where}: {name} is neither filled nor missing"
        for name in required
        if not draft.fields.get(name) and name not in named
    ]


def test_some_products_in_every_channel_and_language_are_without_fault() -> None:
    some = [facts_by(product_id) for product_id in ("AQ-P-012", "AQ-C-004")]
    drafts = [(facts, write_listing(facts, market, locale, DAY))
              for facts in some for market in marketplaces().values() for locale in LOCALES]  # fmt: skip
    assert [fault for facts, draft in drafts for fault in faults_of(facts, draft)] == []
    assert len(drafts) == 2 * 14 * 9


@pytest.mark.prove
@pytest.mark.timeout(900)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_product_in_every_channel_is_without_fault(locale: str) -> None:
    faults = [
        fault for facts in demo() for market in marketplaces().values()
        for fault in faults_of(facts, write_listing(facts, market, locale, DAY))
    ]  # fmt: skip
    assert faults == []


def alike(one: list[str], other: list[str]) -> float:
    """How much of two texts is the same in the same order, 0 to 1."""
    forth, back = SequenceMatcher(None, one, other, False), SequenceMatcher(None, other, one, False)
    return max(forth.ratio(), back.ratio()) if forth.quick_ratio() > 0.55 else 0.0


def descriptions(locale: str, channel: str = "amazon") -> list[str]:
    held = []
    for facts in demo():
        writer = Writer(facts, marketplace(channel), locale, DAY)
        held.append(str(writer.fill({"description": writer.limits["description"]}).fields["description"]))
    return held


def most_alike(locale: str, channel: str = "amazon") -> float:
    """The two most alike descriptions of the demo shop: by words, by characters, by what three letters they share."""
    pairs = list(itertools.combinations(descriptions(locale, channel), 2))
    near = [pair for pair in pairs if fuzz.ratio(*pair) > 57]  # by characters no pair is more alike than by this
    return max(
        *(alike(one.split(), other.split()) for one, other in pairs),
        *(alike(list(one), list(other)) for one, other in near),
        *(len(_threes(one) & _threes(other)) / len(_threes(one) | _threes(other)) for one, other in pairs),
    )


@cache
def _threes(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 3].lower() for place in range(len(text) - 2))


def test_no_two_descriptions_are_more_than_sixty_percent_alike() -> None:
    assert most_alike("ja-JP") <= 0.6


@pytest.mark.prove
@pytest.mark.parametrize("channel", ["amazon", "walmart"])
@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_descriptions_in_any_language_are_more_than_sixty_percent_alike(locale: str, channel: str) -> None:
    assert most_alike(locale, channel) <= 0.6


def test_a_limit_is_met_by_leaving_phrases_out_never_by_cutting_a_word() -> None:
    facts = facts_by("AQ-P-001")
    for most in (40, 55, 75):
        market = marketplace("amazon")
        narrow = market.model_copy(update={"entries": tuple(
            entry.model_copy(update={"max": most}) if entry.name == "title" else entry for entry in market.entries
        )})  # fmt: skip
        draft = write_listing(facts, narrow, "de-DE", DAY)
        title = str(draft.fields["title"])
        assert len(title) <= most
        assert title in ", ".join(claim.text for claim in draft.claims if claim.field == "title")


def test_values_without_a_translation_are_left_out() -> None:
    draft = write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "de-DE", DAY)
    told = " ".join(str(value) for name, value in draft.fields.items() if name != "brand")
    assert not re.search(r"\b(?:steel|bowl|wash|housing|feeder)\b", told, re.I)
    english = write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "en-US", DAY)
    assert "stainless steel 304 bowl" in str(english.fields["description"])


def test_what_has_no_words_in_the_language_is_told() -> None:
    told = {f.field for f in write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "de-DE", DAY).advice
            if f.rule == "facts.untranslated"}  # fmt: skip
    assert told == {"care"}
    assert "USB-C-Kabel 1,5 m" in str(
        write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "de-DE", DAY).fields["description"]
    )


def test_a_first_sentence_that_may_not_stand_leaves_the_name_in_its_place() -> None:
    told = str(write_listing(facts_by("AQ-H-008"), marketplace("ebay"), "de-DE", DAY).fields["description"])
    assert told.startswith("Amberquay Pebblesong Bluetooth-Lautsprecher. Er wird über USB-C geladen.")


def test_what_the_summary_says_is_not_said_again() -> None:
    told = str(write_listing(facts_by("AQ-P-001"), marketplace("ebay"), "de-DE", DAY).fields["description"])
    assert "3,7 Litern" in told
    assert "Fassungsvermögen" not in told


def test_search_terms_are_whole_words_where_words_run_together() -> None:
    for locale in ("ja-JP", "zh-CN", "ar-SA"):
        terms = str(write_listing(facts_by("AQ-P-001"), marketplace("amazon"), locale, DAY).fields["search_terms"])
        assert all(len(term) <= 4 or not re.match("[\u4e00-\u9fff]", term) for term in terms.split()), terms
        assert "يتحم" not in terms


def test_american_english_is_in_inches_and_pounds_and_they_are_traced() -> None:
    draft = write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "en-US", DAY)
    assert "7.5 x 7.5 x 12.4 in" in str(draft.fields)
    assert "3.2 lb" in str(draft.fields)
    assert "19 x 19 x 31.5 cm" in str(write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "en-GB", DAY).fields)


def test_versions_differ_as_they_say() -> None:
    draft = write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "en-US", DAY)
    one, other = draft.versions
    assert one.fields["title"] == draft.fields["title"] != other.fields["title"]
    assert "lb" in str(other.fields["title"])
    assert "lb" not in str(one.fields["title"])
    listing = Listing({**draft.fields, **other.fields})
    assert [
        f
        for f in Checker(marketplace("amazon"), "en-US", DAY).check(listing, facts_by("AQ-P-001"))
        if f.severity == "block"
    ] == []


def test_an_expired_certificate_takes_its_sentence_out() -> None:
    held = {
        "product_id": "S1", "name": "Loud Speaker", "brand": "Norvo", "category": "Bluetooth speakers", "weight_g": 400,
        "summary": "A speaker for the garden. It is IP67 tested. It plays from any phone with Bluetooth.",
    }  # fmt: skip
    certificate = {"name": "IP67 test report", "number": "TR-9", "valid_until": "2026-05-05"}
    late = facts_of_record({**held, "certificates": [certificate]}, "test", DAY)
    early = facts_of_record({**held, "certificates": [{**certificate, "valid_until": "2027-05-05"}]}, "test", DAY)
    market = marketplace("ebay")
    assert "IP67" not in str(write_listing(late, market, "en-US", DAY).fields)
    assert "IP67" in str(write_listing(early, market, "en-US", DAY).fields)


def test_words_the_brand_never_uses_are_not_written() -> None:
    plain = write_listing(facts_by("AQ-P-001"), marketplace("ebay"), "en-US", DAY)
    without = write_listing(facts_by("AQ-P-001"), marketplace("ebay"), "en-US", DAY, banned=["buttons"])
    assert "buttons" in str(plain.fields)
    assert "buttons" not in str(without.fields)


def test_a_language_nobody_wrote_words_for_is_refused_by_name() -> None:
    with pytest.raises(LanguageUnworded, match="'sv-SE'.*pt-BR"):
        write_listing(facts_by("AQ-P-001"), marketplace("amazon"), "sv-SE", DAY)
