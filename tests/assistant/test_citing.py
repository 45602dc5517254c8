"""A statement that its model did not cite gets the source that clearly bears it; order data has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant import events
from assistant.guardrails.bearing import Encoded
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.outgoing import SentenceGate, sift
from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from integrations.shipped import open_natures
from knowledge.embeddings import Pair
from tests.assistant.openai_server import Delta, Script, call, say, serving, told
from tests.assistant.talking import answer, cited
from tools.context import Session

QUESTION = "How long may I return an order?"
ABOUT = {"kind": "policy", "locale": "en", "url": "", "heading": ""}
RETURNS = {**ABOUT, "cite": "returns#0", "document": "returns", "title": "Returns",
           "text": "You can return an order within 30 days of delivery. The goods must be unused and in the original "
           "packaging."}  # fmt: skip
REFUNDS = {**ABOUT, "cite": "refunds#1", "document": "refunds", "title": "Refunds",
           "text": "We refund the original payment method. Banks need another 3 to 5 days for cards."}  # fmt: skip
ORDER = {"status": "ok", "order": {"order_id": "AQ-10076", "status": "shipped", "currency": "EUR", "total": "47.20",
                                   "items": [], "parcels": []}}  # fmt: skip


@pytest.fixture(scope="module")
def natures(tmp_path_factory: pytest.TempPathFactory) -> Encoded:
    """What ships, over the encoder that ships."""
    return open_natures(tmp_path_factory.mktemp("home"), Pair())


def evidence(natures: Encoded, language: str = "en", *results: dict[str, Any]) -> Evidence:
    found = Evidence(language, date(2026, 11, 30), natures=natures)
    for result in results or ({"status": "ok", "passages": [RETURNS, REFUNDS]},):
        found.add_told(result)
    return found


@pytest.mark.parametrize(("language", "text", "source"), [
    ("en", "Please send it back unused and in its original packaging.", "returns#0"),
    ("de", "Sie haben dafür nach der Lieferung 30 Tage Zeit.", "returns#0"),
    ("fr", "Vous êtes remboursé sur le moyen de paiement utilisé à l'achat.", "refunds#1"),
    ("ja", "カードの場合、銀行でさらに3～5日かかります。", "refunds#1"),
    ("en", "Gladly! I hope that helps.", ""), ("en", "Would you like to return something?", ""),
    ("en", "Here is what our rules say:", ""),
])  # fmt: skip
def test_the_passage_that_bears_a_statement_is_its_source(
    language: str, text: str, source: str, natures: Encoded
) -> None:
    found = sift(text, evidence(natures, language))
    assert (found.kept, found.failed) == (f"{text} [{source}]" if source else text, ())


@pytest.mark.parametrize("text", ["Your order AQ-10076 is on its way.", "The order came to €47.20 in total."])
def test_what_an_order_bears_has_no_source(text: str, natures: Encoded) -> None:
    whole = evidence(natures, "en", ORDER, {"status": "ok", "passages": [RETURNS, REFUNDS]})
    assert sift(text, whole).kept == text


def test_a_citation_of_the_models_own_stays_and_is_not_doubled(natures: Encoded) -> None:
    text = "You can return an order within 30 days [returns#0]."
    assert sift(text, evidence(natures)).kept == text


@pytest.mark.parametrize("wrong", ["refunds#1", "secret#9"])
def test_a_wrong_citation_gives_way_to_the_right_one(wrong: str, natures: Encoded) -> None:
    found = sift(f"You may send it back for 30 days after delivery [{wrong}].", evidence(natures))
    assert "returns#0" in found.kept
    assert wrong not in found.kept


def test_what_the_embedded_model_words_keeps_its_own_citations(natures: Encoded) -> None:
    worded = evidence(natures)
    worded.worded = True
    assert sift("You have 30 days to return it.", worded).kept == "You have 30 days to return it."


def test_each_sentence_is_shown_with_its_source_as_soon_as_it_is_whole(natures: Encoded) -> None:
    gate = SentenceGate(evidence(natures))
    first = list(gate.feed("You can return it within 30 days of delivery. It must be"))
    assert first == ["You can return it within 30 days of delivery. [1]"]
    assert (
        "".join(gate.feed(" unused.\nMoney goes back to the original payment method.")) == " It must be unused. [1]\n"
    )
    assert list(gate.finish()) == ["Money goes back to the original payment method. [2]"]
    assert [entry.document for entry in gate.citations] == ["returns", "refunds"]


def searching(text: str) -> Script:
    """A model that looks the question up and says `text`, whatever it found."""

    def script(body: dict[str, Any]) -> list[Delta]:
        return call("search_policies", question=QUESTION) if told(body) is None else say(text)

    return script


async def asked(home: Path, script: Script) -> tuple[list[events.Event], list[str], int]:
    """The events of one turn, what the conversation keeps, and how often the model was asked."""
    with serving(script) as (address, seen):
        settings = Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key="sk")
        async with open_dragoman(settings) as dragoman:
            assistant = await dragoman.assistant()
            speaker = Session(id="s", language="en", market="DE")
            said = [event async for event in assistant.reply(QUESTION, speaker)]
            state = await dragoman.agent("shopper").aget_state({"configurable": {"thread_id": "s"}})
    kept = [message.text for message in state.values["messages"] if message.type == "ai" and message.text]
    return said, kept, len(seen)


async def test_a_model_that_answers_rightly_and_cites_nothing_gets_its_sources_shown(home: Path) -> None:
    said, kept, calls = await asked(home, searching("Gladly! You can return it within 30 days of delivery."))
    assert answer(said) == "Gladly! You can return it within 30 days of delivery. [1]"
    assert cited(said) & {"returns", "eu-withdrawal"}
    assert kept[-1].startswith("Gladly! You can return it within 30 days of delivery. [")
    assert calls == 2


async def test_a_model_that_cites_wrongly_does_not_get_away_with_it(home: Path) -> None:
    said, kept, _ = await asked(home, searching("You can return it within 30 days of delivery [payments#3]."))
    assert "payments" not in cited(said) | {*kept[-1].split()}
    assert "payments#3" not in kept[-1]
    assert cited(said) & {"returns", "eu-withdrawal"}
