"""What spares the gate most of its work says the same as the work itself, on every sentence of the gate's sets."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from langchain_core.messages import AIMessageChunk

from assistant import events
from assistant.guardrails import attributes, claims
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.letters import Letters, marks_of
from assistant.guardrails.links import without_foreign_links
from assistant.guardrails.phrases import FOUND, folded, phrases_of
from assistant.guardrails.screen import Instructions, ScreenedGate
from assistant.telling import Talk, tell
from knowledge.figures import plain
from knowledge.locales import served_locales
from knowledge.measures import has_number
from tools.context import Session

SETS = sorted(Path(__file__).parents[2].glob("evals/gate*/*.toml"))
LANGUAGES = list(served_locales())


def sentences(language: str) -> list[str]:
    """What the gate's sets hold in a language, true and false."""
    held = [entry for path in SETS if path.stem == language
            for entry in tomllib.loads(path.read_text("utf-8"))["about"]]  # fmt: skip
    return [text for entry in held for name in ("borne", "unborne") for _, text in entry.get(name, [])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_a_section_are_found_in_one_go_wherever_one_of_them_stands(language: str) -> None:
    phrases, texts = phrases_of(language), [folded(text) for text in sentences(language)]
    assert len(texts) > 60
    for section in FOUND:
        patterns = phrases.sections[section].values()
        said = [any(pattern.search(text) for pattern in patterns) for text in texts]
        assert [phrases.any_of[section].search(text) is not None for text in texts] == said
        assert [bool(phrases.find(section, text)) for text in texts] == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_attribute_is_found_in_one_go_wherever_one_is_named(language: str) -> None:
    texts = [folded(text) for text in sentences(language)]
    named = [any(one.search(text) for one in attributes._patterns(language).values()) for text in texts]
    assert any(named)
    assert [any(attributes.attributes_in(text, language)) for text in texts] == named


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_number_is_said_none_is_found(language: str) -> None:
    numberless = [text for text in map(plain, sentences(language)) if not has_number(text, language)]
    assert len(numberless) > 15
    for text in numberless:
        read = [one.kind for found in claims._NUMBERED[1:] for one in found(text, language)]
        assert [kind for kind in read if kind != "duration"] == []  # "a fortnight" is found either way


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_the_marks_of_a_sentence_are_those_of_its_words(language: str) -> None:
    texts = sentences(language)
    known = np.unique(np.concatenate([marks_of(text, language) for text in texts[::2]]))
    letters = Letters(("any",), known, np.ones((len(known), 1), np.int8), 1.0)
    for text in texts:
        own = marks_of(text, language)
        assert known[letters._places_in(text, language)].tolist() == own[np.isin(own, known)].tolist()


@pytest.mark.parametrize(("text", "shown"), [
    ("See evil.example/pay now.", None), ("See WWW.evil.example now.", None), ("A <b>bold word.", "A bold word."),
    ("See ![it](x) here.", "See it here."), ("Nothing leads anywhere.", "Nothing leads anywhere."),
])  # fmt: skip
def test_what_leads_somewhere_is_seen(text: str, shown: str | None) -> None:
    assert without_foreign_links(text, ()) == shown


def test_sentences_that_may_be_shown_together_are_one_event() -> None:
    evidence = Evidence()
    talk = Talk(Session(id="s"), evidence, ScreenedGate(evidence, Instructions((), ())))
    part = AIMessageChunk("Thank you. We are glad. And", id="a")
    assert tell(part, talk) == [events.Sentence("Thank you. We are glad.")]
