"""The ways a shop puts the widget on its pages, each tried: a tag, an element, a tag manager, a strict policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from integrations.widget.assets import assets
from tests.integrations.widget_browser.stage import NONCE, Stage
from tests.integrations.widget_browser.visits import ask, inside, open_chat, reopen

LANGUAGES = Path(__file__).resolve().parents[3] / "integrations" / "widget" / "client" / "languages"
WIDGET_KB = 1024


def test_a_plain_page_under_the_strictest_policy(page: Page, stage: Stage) -> None:
    """A nonce on the one tag is enough for all it loads; the page fixture fails on any complaint."""
    open_chat(page, stage.address, csp="nonce")
    ask(page, "hello")
    expect(inside(page, ".answer").last).to_contain_text("You said: hello")


def test_the_element_placed_by_hand(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.address}/?bare=1")
    page.evaluate(
        "async address => { const chat = document.createElement('dragoman-chat'); chat.setAttribute('server', address);"
        " chat.setAttribute('locale', 'de-DE'); document.body.append(chat); await import(address + '/widget.js') }",
        stage.address,
    )
    reopen(page)
    expect(inside(page, ".note")).to_contain_text("KI-Assistenten")
    assert page.locator("dragoman-chat").count() == 1


@pytest.mark.parametrize("how", ["dataset", "address"])
def test_a_tag_manager_puts_the_tag_in_later_and_twice(page: Page, stage: Stage, how: str) -> None:
    """Once by what a tag manager keeps of a tag: some keep its data, all keep its address. Twice makes one chat."""
    page.goto(f"{stage.address}/?bare=1")
    for _ in range(2):
        page.evaluate(
            "([address, how, nonce]) => new Promise(done => { const tag = document.createElement('script'); tag.type = 'module'; tag.async = true;"
            " tag.src = address + '/widget.js' + (how === 'address' ? '?shop=lumen&locale=fr-FR&position=start' : '');"
            " if (how === 'dataset') { tag.dataset.shop = 'lumen'; tag.dataset.locale = 'fr-FR'; tag.dataset.position = 'start' }"
            " tag.onload = done; document.head.append(tag) })",
            [stage.address, how, NONCE],
        )
    chat = page.locator("dragoman-chat")
    assert chat.count() == 1
    assert [chat.get_attribute(name) for name in ("shop", "locale", "position")] == ["lumen", "fr-FR", "start"]
    reopen(page)
    expect(inside(page, ".note")).to_contain_text("assistant IA")


@pytest.mark.parametrize("sound", [True, False], ids=["ours", "another"])
def test_a_tag_with_the_loaders_hash_runs_it_and_nothing_else(rough_page: Page, stage: Stage, sound: bool) -> None:
    digest = hashlib.sha384(assets()["widget.js"].plain if sound else b"another").digest()
    rough_page.goto(f"{stage.address}/?bare=1")
    ran = rough_page.evaluate(
        "([address, hash, nonce]) => new Promise(done => { const tag = document.createElement('script'); tag.type = 'module';"
        " tag.integrity = hash; tag.nonce = nonce; tag.src = address + '/widget.js'; tag.onload = () => done(true);"
        " tag.onerror = () => done(false); document.head.append(tag) })",
        [stage.address, f"sha384-{base64.b64encode(digest).decode()}", NONCE],
    )
    assert ran is sound
    assert rough_page.locator("dragoman-chat").count() == int(sound)


def test_another_sites_page_loads_it_from_here(page: Page, stage: Stage) -> None:
    """As Shopify and WooCommerce pages do: the files come from another origin, with what that needs."""
    page.goto(f"{stage.address}/?bare=1")
    names = [path for path in assets() if path.startswith("widget/panel")]
    reply = page.evaluate(
        "async url => { const r = await fetch(url); return [r.status, r.headers.get('content-type')] }",
        f"{stage.address}/{names[0]}",
    )
    assert reply == [200, "text/javascript; charset=utf-8"]


def test_the_files_are_as_small_as_they_must_be() -> None:
    """Compressed: the loader at most 5 KB; it, the panel and any one language at most 30."""
    held = assets()
    loader = len(held["widget.js"].packed)
    panel = next(len(asset.packed) for path, asset in held.items() if path.startswith("widget/panel"))
    languages = [len(asset.packed) for path, asset in held.items() if path.endswith(".json")]
    assert loader <= 5 * WIDGET_KB
    assert loader + panel + max(languages) <= 30 * WIDGET_KB


def test_every_language_has_every_text_with_its_places() -> None:
    english = json.loads((LANGUAGES / "en.json").read_text("utf-8"))
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in LANGUAGES.glob("*.json")}
    assert len(found) >= 24
    assert {"ar", "he", "fa", "ur", "en", "de", "ja", "th", "zh-CN"} <= set(found)
    for language, texts in found.items():
        assert set(texts) == set(english), language
        for key, text in texts.items():
            assert text.strip(), (language, key)
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english[key])), (language, key)


def test_the_built_files_hold_every_language() -> None:
    names = {path.removeprefix("widget/").split(".")[0] for path in assets() if path.endswith(".json")}
    assert names == {path.stem for path in LANGUAGES.glob("*.json")}
    english = json.loads((LANGUAGES / "en.json").read_text("utf-8"))
    for path, asset in assets().items():
        if path.endswith(".json"):
            assert len(json.loads(asset.plain)) == len(english)


def test_a_locale_gets_the_language_nearest_to_it(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    nearest = {
        "zh-TW": "zh-TW", "zh-Hant-HK": "zh-TW", "zh": "zh-CN", "pt-PT": "pt-BR", "no": "nb", "iw": "he", "en_GB": "en", "xx": "en",
        "DE-at": "de", "": "en",
    }  # fmt: skip
    for locale, language in nearest.items():
        page.locator("dragoman-chat").evaluate("(e, locale) => e.setAttribute('locale', locale)", locale)
        expect(inside(page, ".r")).to_have_attribute("lang", language)


@pytest.mark.prove
@pytest.mark.parametrize("language", sorted(path.stem for path in LANGUAGES.glob("*.json")))
def test_every_language_opens_and_never_shows_a_key(page: Page, stage: Stage, language: str) -> None:
    open_chat(page, stage.address, lang=language)
    texts = json.loads((LANGUAGES / f"{language}.json").read_text("utf-8"))
    expect(inside(page, ".note")).to_contain_text(texts["notice"])
    ask(page, "hello")
    words = set(
        re.findall(
            r"\b[a-z]+_[a-z_]+\b",
            page.locator("dragoman-chat").evaluate("e => e.shadowRoot.querySelector('.panel').innerText"),
        )
    )
    assert words == set()
