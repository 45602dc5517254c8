"""Campaign copy: every claim borne, every limit kept, nothing promised that nobody gave."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from knowledge.facts import Facts
from knowledge.facts.reading import facts_of_record
from knowledge.locales import locales, served_locales
from knowledge.phrasing import LanguageUnworded
from tests.tools.test_listing_writing import DAY, LOCALES, demo, facts_by
from tools.attesting.proposals import ModelSilent
from tools.copywriting.author import CopyAuthor
from tools.copywriting.catalogue import CopyUnknown, campaign_words, kinds
from tools.copywriting.fills import FILLS
from tools.copywriting.judging import Judge, texts_of
from tools.copywriting.scripts import seconds_of
from tools.copywriting.write import Copy, Writing


def write_copy(kind: str, facts: Facts, locale: str, channel: str = "", *, on: date) -> Copy:
    return Writing(kind, facts, locale, channel, on).copy()


EVERY = [(kind.id, channel) for kind in kinds().values() for channel in kind.channels]


def faults_of(facts: Facts, copy: Copy) -> list[str]:
    """What may not be in a piece of copy."""
    draft, known = copy.draft, set(facts.ids())
    where = f"{draft.product_id} {copy.kind} {copy.channel} {draft.locale}"
    faults = [f"{where} {f.field} {f.rule} {f.text!r}" for f in draft.findings if f.severity == "block"]
    faults += [f"{where} {c.field}: no fact for {c.text!r}" for c in draft.claims if not set(c.facts) & known]
    faults += [f"{where}: {missing.field} is missing" for missing in draft.missing]
    return faults + [f"{where}: no claim bears {text!r}" for text in untied(facts, copy)]


def untied(facts: Facts, copy: Copy) -> list[str]:
    """Texts with a figure or a word of the facts, that no claim of their field covers."""
    told: dict[str, str] = {}
    for claim in copy.draft.claims:
        told[claim.field] = told.get(claim.field, "") + "\n" + claim.text
    loose = [(name, text) for name, held in copy.draft.fields.items() for _, text in texts_of(held)
             if re.search(r"\d", text) and name not in ("run_of_show",)]  # fmt: skip
    return [text for name, text in loose if not _covered(text, told.get(name, ""), facts)]


def _covered(text: str, told: str, facts: Facts) -> bool:
    if text in told:
        return True
    bare = re.sub(r"[\d.,]+", "", text)
    return all(figure in told or figure in str([f.value for f in facts.attested])
               for figure in re.findall(r"\d[\d.,]*\d|\d", text)) or not bare.strip()  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "product_id"), [("de-DE", "AQ-P-001"), ("ja-JP", "AQ-F-014"), ("ar-SA", "AQ-C-004")]
)
def test_a_product_in_every_kind_and_channel_is_without_fault(locale: str, product_id: str) -> None:
    some = [facts_by(product_id)]
    assert [fault for facts in some for kind, channel in EVERY
            for fault in faults_of(facts, write_copy(kind, facts, locale, channel, on=DAY))] == []  # fmt: skip


@pytest.mark.prove
@pytest.mark.timeout(600)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_product_in_every_kind_and_channel_is_without_fault(locale: str) -> None:
    faults = [fault for facts in demo() for kind, channel in EVERY
              for fault in faults_of(facts, write_copy(kind, facts, locale, channel, on=DAY))]  # fmt: skip
    assert faults == []


def test_every_kind_is_filled_in_a_way_there_is_and_says_where_its_limits_come_from() -> None:
    fields = [field for kind in kinds().values() for channel in kind.channels.values() for field in channel.fields]
    assert {field.fill for field in fields} == set(FILLS)
    assert {"search_ad", "social_ad", "video_script", "livestream", "email", "brand_story", "post_series"} == set(
        kinds()
    )
    flows = set(kinds()["email"].channels)
    assert flows == {"welcome", "abandoned_cart", "post_purchase", "win_back"}
    assert all(set(campaign_words(language)) >= {*flows, "pace"} for language in served_locales())


def test_the_words_of_every_language_are_the_same_ones() -> None:
    english = campaign_words("en")
    shape = {name: len(held) if isinstance(held, list) else 0 for name, held in english.items()}
    slots = {name: _slots(held) for name, held in english.items()}
    for language in served_locales():
        own = campaign_words(language)
        assert {name: len(held) if isinstance(held, list) else 0 for name, held in own.items()} == shape, language
        assert {name: _slots(held) for name, held in own.items()} == slots, language


def _slots(held: Any) -> list[str]:
    return sorted(set(re.findall(r"\{\w+\}", json.dumps(held))))


@pytest.mark.parametrize(
    ("text", "locale", "rule"),
    [
        ("Free shipping on all orders", "en-US", "copy.promise"),
        ("Jetzt 20 % Rabatt", "de-DE", "copy.promise"),
        ("Versandkostenfrei nach Hause", "de-DE", "copy.promise"),
        ("Livraison gratuite", "fr-FR", "copy.promise"),
        ("Envío gratis a casa", "es-ES", "copy.promise"),
        ("Frete grátis para todo o país", "pt-BR", "copy.promise"),
        ("送料無料でお届け", "ja-JP", "copy.promise"),
        ("全场包邮", "zh-CN", "copy.promise"),
        ("شحن مجاني لكل الطلبات", "ar-SA", "copy.promise"),
        ("Gratis ongkir hari ini", "id-ID", "copy.promise"),
        ("Pay later with no worries", "en-US", "copy.promise"),
        ("Last chance to see it", "en-US", "copy.haste"),
        ("Nur noch 3 Stück", "de-DE", "copy.haste"),
        ("本日限り", "ja-JP", "copy.haste"),
        ("限时抢购", "zh-CN", "copy.haste"),
        ("Buruan, selama persediaan ada", "id-ID", "copy.haste"),
        ("It holds 9.5 litres", "en-US", "facts.unsupported_number"),
        ("Better than PetSafe", "en-US", "facts.other_brand"),
        ("Ein klimaneutraler Automat", "de-DE", "de.klimaneutral"),
    ],
)
def test_what_nobody_gave_is_not_promised(text: str, locale: str, rule: str) -> None:
    judge = Judge(facts_by("AQ-P-001"), locale, locale[:2] if locale[:2] not in ("pt", "zh") else locale, "meta", DAY)
    assert rule in {finding.rule for finding in judge.text("text", -1, text)}
    assert not judge.passes(text)


def test_a_promise_that_a_fact_holds_may_be_said() -> None:
    held = {"product_id": "S1", "name": "Shelf", "brand": "Norvo", "offer": "Free shipping in Germany until 2027"}
    with_fact = Judge(facts_of_record(held, "test", DAY), "en-GB", "en", "meta", DAY)
    without = Judge(facts_of_record({**held, "offer": ""}, "test", DAY), "en-GB", "en", "meta", DAY)
    assert with_fact.passes("Free shipping in Germany")
    assert not without.passes("Free shipping in Germany")


@pytest.mark.parametrize("locale", ["en-US", "ja-JP", "zh-CN"])
def test_a_script_is_spoken_within_its_seconds(locale: str) -> None:
    for facts in demo()[::8]:
        shots = write_copy("video_script", facts, locale, on=DAY).draft.fields["shots"]
        assert sum(shot["seconds"] for shot in shots) <= 30
        assert shots[0]["time"].startswith("0–")
        ends = [shot["time"].split("–")[1].removesuffix(" s") for shot in shots]
        assert [shot["time"].split("–")[0] for shot in shots[1:]] == ends[:-1]
        assert all(shot["voice_over"] and shot["shot"] for shot in shots)


def test_wide_letters_count_twice_where_the_channel_says_so() -> None:
    held = write_copy("search_ad", facts_by("AQ-P-001"), "ja-JP", on=DAY).draft.fields["headlines"]
    assert all(len(text.encode("shift_jis", "replace")) <= 30 for text in held)
    assert len(held) >= 8


def test_what_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(CopyUnknown, match="no copy 'poem'.*search_ad"):
        write_copy("poem", facts_by("AQ-P-001"), "en-US", on=DAY)
    with pytest.raises(CopyUnknown, match="no channel 'bing'.*google"):
        write_copy("search_ad", facts_by("AQ-P-001"), "en-US", "bing", on=DAY)
    with pytest.raises(LanguageUnworded, match="'sv-SE'"):
        write_copy("search_ad", facts_by("AQ-P-001"), "sv-SE", on=DAY)


def test_what_the_facts_do_not_fill_is_named() -> None:
    bare = facts_of_record({"product_id": "S1", "name": "Shelf"}, "test", date(2026, 11, 30))
    copy = write_copy("search_ad", bare, "en-US", on=DAY)
    assert [f for f in copy.draft.findings if f.severity == "block"] == []
    assert copy.draft.fields["headlines"][0] == "Shelf"
    videos = write_copy("video_script", bare, "en-US", on=DAY)
    assert [missing.field for missing in videos.draft.missing] == ["shots"]


class Told:
    """Answers of a model, one after another; what it was asked is kept."""

    def __init__(self, *answers: Mapping[str, Any] | str) -> None:
        self.answers, self.tasks = list(answers), list[str]()

    async def __call__(self, instructions: str, task: str, schema: Mapping[str, Any]) -> tuple[str, str]:
        self.tasks.append(task)
        assert "facts" in json.dumps(schema)
        assert instructions.startswith("You write campaign copy")
        if not self.answers:
            raise ModelSilent("nobody answers")
        answer = self.answers.pop(0)
        return answer if isinstance(answer, str) else json.dumps(answer), "test-model"


def writing() -> Writing:
    return Writing("social_ad", facts_by("AQ-P-001"), "en-US", "line", DAY)


def piece(text: str, *facts: str) -> dict[str, Any]:
    return {"text": text, "facts": [f"AQ-P-001#{fact}" for fact in facts]}


GOOD = {"title": [piece("Tidbit Feeder", "name")], "text": [piece("It weighs 3.2 lb.", "weight_g")]}


async def test_a_models_text_that_passes_stands_with_its_facts() -> None:
    author = Told(GOOD)
    copy = await CopyAuthor(author, _fence).write(writing())
    assert copy.draft.fields == {"title": "Tidbit Feeder", "text": "It weighs 3.2 lb."}
    assert copy.draft.written_by == "test-model"
    assert set(copy.draft.by_model) == {"title", "text"}
    assert [claim.facts for claim in copy.draft.claims] == [("AQ-P-001#name",), ("AQ-P-001#weight_g",)]
    assert len(author.tasks) == 1
    assert "<facts>" in author.tasks[0]


async def test_a_model_is_told_how_a_platforms_public_is_spoken_to() -> None:
    author = Told(GOOD)
    await CopyAuthor(author, _fence).write(Writing("social_ad", facts_by("AQ-P-001"), "ja-JP", "line", DAY))
    assert "stickers" in author.tasks[0]
    assert locales()["ja-JP"].culture.imagery in json.loads(author.tasks[0].partition("\n\n")[0])["mind"]


async def test_what_fails_is_sent_back_at_most_twice_then_the_templates_stand() -> None:
    wrong = {**GOOD, "text": [piece("Free shipping, only today!", "name")]}
    author = Told(wrong, wrong, wrong, GOOD)
    copy = await CopyAuthor(author, _fence).write(writing())
    assert len(author.tasks) == 3
    assert "It promises something of payment" in author.tasks[1]
    assert copy.draft.fields["title"] == "Tidbit Feeder"
    assert "shipping" not in str(copy.draft.fields["text"])
    assert copy.draft.by_model == ("title",)


async def test_a_piece_without_a_fact_and_a_figure_of_its_own_are_sent_back_and_mended() -> None:
    author = Told({"title": [piece("Tidbit Feeder")], "text": [piece("It weighs 9.9 lb.", "weight_g")]}, GOOD)
    copy = await CopyAuthor(author, _fence).write(writing())
    assert "No fact is named" in author.tasks[1]
    assert "9.9 lb" in author.tasks[1]
    assert copy.draft.fields["text"] == "It weighs 3.2 lb."


@pytest.mark.parametrize("answer", ["I would rather not.", "[1, 2]", '{"title": 3}', ""])
async def test_a_model_that_answers_nothing_useful_leaves_the_templates(answer: str) -> None:
    copy = await CopyAuthor(Told(answer, answer, answer), _fence).write(writing())
    assert copy == writing().copy()


def _fence(text: str, name: str) -> str:
    return f"<{name}>{text}</{name}>"


def test_how_long_a_text_is_spoken_depends_on_the_language() -> None:
    class Work:
        words = campaign_words("ja")

    assert seconds_of(Work(), "あ" * 21) == 3  # type: ignore[arg-type]
