"""The router reads a text once, however often a turn asks for its intents."""

from __future__ import annotations

import numpy as np

from assistant.embedded.router import Example, Matrix, Router, train

EXAMPLES = [Example("a", "greeting", "en"), Example("b", "returns", "en"), Example("b", "returns", "de")]


def encode(text: str) -> Matrix:
    return np.array([text.count("a"), text.count("b"), 1], np.float32)


def test_a_text_is_encoded_once_for_each_language_it_is_read_in() -> None:
    read: list[str] = []

    def counted(text: str) -> Matrix:
        read.append(text)
        return encode(text)

    router = Router(counted, train(EXAMPLES, np.stack([encode(example.text) for example in EXAMPLES])))
    asked = [("aa", "en"), ("bb", "en"), ("aa", "en"), ("aa", "de"), ("bb", "en")]
    assert [router.route(*one).best for one in asked[:2]] == ["greeting", "returns"]
    first = [router.route(*one) for one in asked]
    assert first == [router.route(*one) for one in asked]
    assert sorted(read) == ["aa", "aa", "bb"]
