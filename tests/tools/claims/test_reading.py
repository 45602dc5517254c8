"""How a text is read for claims: in which languages, over which distances, with which denials, by which evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.claims.rules import claim_rules, entries, word_lists
from knowledge.claims.tongues import tongues
from tools.claims import check_claims

DAY = date(2026, 11, 30)


def rules(text: str, jurisdiction: str, locale: str, **given: Any) -> set[str]:
    return {finding.rule for finding in check_claims(text, jurisdiction, locale, on=DAY, **given)}


def test_every_word_of_an_exception_is_of_a_language_there_is() -> None:
    named = {language for rule in claim_rules().values() for unless in rule.unless for language, _ in unless.words}
    named |= {language for held in word_lists().values() for language in held}
    assert named - {"any"} <= set(tongues())


def test_a_list_holds_for_a_language_its_own_words_alone() -> None:
    assert "Schmerzen" in entries("@pains", "de")
    assert "Schmerzen" not in entries("@pains", "en")
    assert set(entries("@pains", "de")) <= set(entries("@ailments", "de"))


@pytest.mark.parametrize(
    ("text", "locale", "found"),
    [
        ("Vasetto di resina che cura", "it-IT", set()),  # resin, in Italian
        ("Ogni Harz cura", "it-IT", {"eu.ucpd.cure"}),  # resin in German excuses nothing in Italian
        ("Medical grade acero handle", "en-IE", {"eu.mdr.device_claim"}),
    ],
)
def test_an_exception_counts_in_its_own_language(text: str, locale: str, found: set[str]) -> None:
    assert rules(text, "EU", locale) == found


def test_an_exception_in_the_wrong_language_does_not_soften() -> None:
    severity = [one.severity for one in check_claims("Medical grade acero handle", "EU", "en-IE", on=DAY)]
    softened = [one.severity for one in check_claims("Medical grade steel handle", "EU", "en-IE", on=DAY)]
    assert (severity, softened) == (["block"], ["warn"])


@pytest.mark.parametrize(
    ("text", "jurisdiction", "locale", "rule"),
    [
        ("Cette tasse est vraiment respectueuse de l'environnement", "DE", "de-DE", "eu.ecgt.generic_env"),
        ("Diese Tasse ist umweltfreundlich und sie hält lange", "FR", "fr-FR", "eu.ecgt.generic_env"),
        ("Dieses Armband aus Kupfer heilt Arthrose und Rheuma", "IE", "en-IE", "eu.ucpd.cure"),
    ],
)
def test_a_text_is_read_in_the_language_it_is_written_in(text: str, jurisdiction: str, locale: str, rule: str) -> None:
    assert rule in rules(text, jurisdiction, locale)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The footprint of every bag we sell is cancelled out", True),
        ("The footprint is small. Orders may be cancelled", False),
        ("The footprint of every bag, of course, is cancelled out", True),
        ("The footprint of every bag: small. Many were cancelled", False),
    ],
)
def test_a_phrase_reaches_over_other_words_and_a_comma_but_over_no_end(text: str, found: bool) -> None:
    assert bool(rules(text, "EU", "en-IE")) == found


def test_a_promise_is_for_a_year_to_come() -> None:
    assert "eu.ecgt.future_claim" in rules("Schon 2031 klimaneutral", "DE", "de-DE")
    assert "eu.ecgt.future_claim" not in rules("Seit 2019 klimaneutral", "DE", "de-DE")


@pytest.mark.parametrize(
    ("said", "locale"),
    [("20 % goedkoper", "nl-NL"), ("20 procent goedkoper", "nl-NL"), ("20 por ciento de rebaja", "es-ES")],
)
def test_a_share_counts_in_words_too(said: str, locale: str) -> None:
    assert rules(said, "EU", locale) == {"eu.pid.price_reduction"}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It does not treat, cure or prevent diabetes", True),
        ("It does not fray, cures diabetes", False),
        ("You have never seen it: it cures diabetes", False),
        ("There has never been a cup that cures diabetes", False),
    ],
)
def test_things_are_denied_together_and_a_boast_is_no_denial(text: str, denied: bool) -> None:
    assert ("us.fda.disease_claim" not in rules(text, "US", "en-US")) == denied


def test_evidence_counts_by_the_name_its_rule_gives_it() -> None:
    held = "independent market study with date, scope and source"
    assert rules("Europe's best-selling kettle", "EU", "en-IE", evidence=[held]) == set()
    assert rules("低频治疗仪", "CN", "zh-CN", evidence=["device registration"]) == set()
    assert rules("低频治疗仪", "CN", "zh-CN", evidence=["device"]) == {"cn.adlaw.medical"}


def test_evidence_for_a_word_counts_for_a_phrase_with_it() -> None:
    text, held = "Keripik bersertifikat halal", "sertifikat halal BPJPH ID31110000123456"
    assert rules(text, "ID", "id-ID", category="food", evidence=[held]) == set()
    assert rules(text, "ID", "id-ID", category="food") == {"id.health_halal"}


def test_a_countrys_rule_stands_beside_the_unions() -> None:
    assert rules("This serum treats acne", "UK", "en-GB", category="cosmetics") == {
        "eu.cosmetics.medicinal", "uk.medicinal",
    }  # fmt: skip
    assert rules("This serum treats acne", "US", "en-US", category="cosmetics") == {"us.fda.cosmetic_drug"}
