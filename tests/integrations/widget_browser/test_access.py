"""For everyone: no violation axe can find in any state, and what axe cannot see: what is said, where the focus goes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integrations.widget_browser.stage import Stage, custom, text
from tests.integrations.widget_browser.states import choose, set_up, show_everything, take_over
from tests.integrations.widget_browser.visits import PATIENCE_MS, PNG, ask, focused, inside, open_chat, settled, write

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1100, "height": 800}


def violations(page: Page) -> list[str]:
    """What axe finds, of any impact."""
    found: list[dict[str, Any]] = page.evaluate(
        "async rules => (await axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'],"
        " rules: { 'target-size': { enabled: true } } })).violations",
        RULES,
    )
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:160]} {rule['nodes'][0]['failureSummary'][:300]}" for rule in found
    ]


def looked_at(browser: Browser, stage: Stage, scheme: str, colours: str, language: str, size: dict[str, int]) -> Iterator[tuple[str, list[str]]]:  # fmt: skip
    """Every state in turn, with what axe finds in it."""
    visitor = browser.new_context(
        viewport=size,
        color_scheme=scheme,
        forced_colors=colours,
        reduced_motion="reduce",  # type: ignore[arg-type]
    )
    page = visitor.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(AXE)
    set_up(stage)
    query = {"lang": language, "greet": "Need a hand?", "greet-after": "0.1", "consent": "needed"}
    page.goto(f"{stage.address}/?{'&'.join(f'{name}={value}' for name, value in query.items())}")
    yield from first_states(page)
    yield from later_states(page, stage)
    visitor.close()


def first_states(page: Page) -> Iterator[tuple[str, list[str]]]:
    """As a visitor meets it."""
    yield "closed", violations(page)
    expect(inside(page, ".hail")).to_be_visible()
    yield "greeted", violations(page)
    inside(page, ".hail button").first.click()
    expect(inside(page, ".chip").first).to_be_visible()
    yield "open, before the first message", violations(page)
    ask(page, "hello")
    yield "open, asking for consent", violations(page)
    inside(page, ".consent button").first.click()
    inside(page, ".menu-place > button").click()
    yield "menu", violations(page)
    inside(page, ".menu-place > button").click()
    inside(page, "input[type=file]").set_input_files({"name": "lamp.png", "mimeType": "image/png", "buffer": PNG})
    expect(inside(page, ".tray button")).to_be_visible()
    yield "attached", violations(page)


def later_states(page: Page, stage: Stage) -> Iterator[tuple[str, list[str]]]:
    """With everything in the conversation, a person in it, and at last no network."""
    show_everything(page, stage)
    yield "everything in the log", violations(page)
    inside(page, ".cite").first.click()
    inside(page, ".action .main").click()
    expect(inside(page, ".action.done")).to_be_visible()
    yield "source and outcome", violations(page)
    take_over(stage)
    expect(inside(page, ".human").last).to_be_visible()
    sent = [{"attachment_id": "a1", "name": "label.png", "media_type": "image/png", "bytes": 70}]
    stage.last.tell(custom("person_message", name="Mara", text="Like this", at="", id="9", attachments=sent))
    stage.last.tell(custom("notice", code="typing", text="Mara is writing."))
    expect(inside(page, ".human .file")).to_be_visible()
    yield "person, who sent a file and is writing", violations(page)
    stage.pause = 0.01
    write(page, "slow")
    expect(inside(page, ".answer").last).to_contain_text("and so on")
    page.context.set_offline(True)
    expect(inside(page, ".lost")).to_be_visible()
    yield "streaming, connection lost", violations(page)
    write(page, "and this?")
    expect(inside(page, ".fate.queued")).to_be_visible()
    yield "offline, a message waits", violations(page)
    page.context.set_offline(False)
    expect(inside(page, ".lost")).to_have_count(0)
    choose(page, 4)
    inside(page, "form .danger").last.click()
    expect(inside(page, ".note-line").last).to_contain_text("Records of orders stay.")
    yield "everything deleted", violations(page)


@pytest.mark.parametrize(
    ("scheme", "colours", "language", "size"), [("light", "none", "en", DESK), ("dark", "none", "ar", PHONE)]
)
def test_axe_finds_nothing_in_any_state(
    browser: Browser, stage: Stage, scheme: str, colours: str, language: str, size: dict[str, int]
) -> None:
    found = dict(looked_at(browser, stage, scheme, colours, language, size))
    assert found == dict.fromkeys(found, [])
    assert len(found) == 12


@pytest.mark.prove
@pytest.mark.parametrize(
    ("look", "language", "size"),
    list(itertools.product([("light", "none"), ("dark", "none"), ("light", "active")], ["en", "ar"], [DESK, PHONE])),
)
def test_axe_finds_nothing_in_any_state_and_any_look(
    browser: Browser, stage: Stage, look: tuple[str, str], language: str, size: dict[str, int]
) -> None:
    found = dict(looked_at(browser, stage, *look, language, size))
    assert found == dict.fromkeys(found, [])


def test_an_answer_is_said_in_whole_blocks_at_most_once_a_second(page: Page, stage: Stage) -> None:
    blocks = [f"This is block {n} of the answer." for n in range(8)]
    stage.answer = lambda _: text(*(piece for block in blocks for piece in (block[:9], block[9:], "\n\n")))
    stage.pause = 0.05
    open_chat(page, stage.address)
    page.locator("dragoman-chat").evaluate(
        "e => { window.heard = []; const s = e.shadowRoot.querySelector('[role=status].vh');"
        " new MutationObserver(() => heard.push([performance.now(), s.textContent])).observe(s, { childList: true, characterData: true, subtree: true }) }"
    )
    ask(page, "Talk")
    page.wait_for_timeout(1400)
    heard = page.evaluate("() => window.heard")
    times = [at for at, _ in heard]
    assert all(b - a >= 950 for a, b in itertools.pairwise(times))
    said = "\n".join(words for _, words in heard)
    assert [block for block in blocks if said.count(block) == 1] == blocks
    log = inside(page, "[role=log]")
    expect(log).to_have_attribute("aria-live", "off")
    expect(log).to_have_attribute("aria-label", "Conversation")


def test_the_keyboard_does_everything(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    inside(page, ".launcher").focus()
    page.keyboard.press("Enter")
    expect(inside(page, ".chip").first).to_be_visible()
    assert focused(page) == "TEXTAREA"
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Escape")
    expect(inside(page, ".panel")).to_be_hidden()
    assert focused(page) == "launcher"
    page.keyboard.press("Space")
    inside(page, ".menu-place > button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "BUTTON"
    page.keyboard.press("Escape")
    expect(inside(page, ".menu")).to_be_hidden()
    expect(inside(page, ".panel")).to_be_visible()
    assert focused(page) == "tool"


def test_opened_by_the_mouse_the_focus_is_where_one_writes_and_the_page_stays_in_reach(
    page: Page, stage: Stage
) -> None:
    open_chat(page, stage.address)
    assert focused(page) == "TEXTAREA"
    dialog = inside(page, "[role=dialog]")
    assert dialog.get_attribute("aria-modal") is None
    assert page.locator("main").evaluate("e => e.inert") is False
    expect(inside(page, ".launcher")).to_have_attribute("aria-expanded", "true")


def test_on_a_phone_the_chat_is_the_whole_screen_and_the_page_waits_behind(browser: Browser, stage: Stage) -> None:
    visitor = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = visitor.new_page()
    open_chat(page, stage.address)
    expect(inside(page, "[role=dialog]")).to_have_attribute("aria-modal", "true")
    assert inside(page, ".panel").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    assert page.locator("main").evaluate("e => e.inert") is True
    small = inside(page, "button:visible, textarea:visible, .panel a:visible").evaluate_all(
        "all => all.filter(e => { const b = e.getBoundingClientRect(); return Math.min(b.width, b.height) < 43.9 }).map(e => e.outerHTML)"
    )
    assert small == []
    page.keyboard.press("Escape")
    expect(inside(page, ".panel")).to_be_hidden()
    assert page.locator("main").evaluate("e => e.inert") is False
    assert page.evaluate("document.documentElement.style.overflow") == ""
    visitor.close()


def test_above_the_keyboard_of_a_phone(browser: Browser, stage: Stage) -> None:
    """What can be seen shrinks: the panel keeps to it, its composer at its end."""
    visitor = browser.new_context(
        viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True, reduced_motion="reduce"
    )
    page = visitor.new_page()
    open_chat(page, stage.address)
    page.evaluate(
        "() => { const v = visualViewport; Object.defineProperty(v, 'height', { get: () => 460 }); v.dispatchEvent(new Event('resize')) }"
    )
    box = inside(page, ".composer").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 460
    visitor.close()


def test_from_right_to_left_all_is_mirrored(page: Page, stage: Stage) -> None:
    set_up(stage)
    for language in ("ar", "he", "fa", "ur"):
        assert_mirrored(page, stage, language)


def test_each_part_of_an_answer_runs_as_its_words_do_and_a_line_below_a_list_is_no_part_of_it(
    page: Page, stage: Stage
) -> None:
    parts = (
        "وجدت هذه المعلومة بلغة أخرى:",
        "Amberquay charges in riyals.\n• Standard: SAR 29\n  to Riyadh\nNo express.",
    )
    stage.answer = lambda _: text(*"\n\n".join([*parts, "Amberquay تشحن إلى السعودية خلال 5 أيام."]))
    open_chat(page, stage.address, lang="ar")
    ask(page, "Talk")
    said = inside(page, ".answer .text").last
    assert said.evaluate("e => [...e.children].map(c => [c.tagName, getComputedStyle(c).direction])") == [
        ["P", "rtl"], ["P", "ltr"], ["UL", "ltr"], ["P", "ltr"], ["P", "rtl"]
    ]  # fmt: skip
    expect(said.locator("li")).to_have_text("Standard: SAR 29to Riyadh")


def assert_mirrored(page: Page, stage: Stage, language: str) -> None:
    page.goto("about:blank")
    stage.conversations.clear()
    page.goto(f"{stage.address}/?lang={language}")
    box = inside(page, ".launcher").bounding_box()
    assert box is not None
    assert box["x"] < 100
    inside(page, ".launcher").click()
    expect(inside(page, ".chip").first).to_be_visible()
    ask(page, "order")
    root = inside(page, ".r")
    assert root.get_attribute("dir") == "rtl"
    assert root.get_attribute("lang") == language
    mark, close = inside(page, ".mark").bounding_box(), inside(page, ".close").bounding_box()
    assert mark is not None
    assert close is not None
    assert mark["x"] > close["x"]
    assert inside(page, ".order h3 bdi").get_attribute("dir") == "ltr"
    assert inside(page, ".composer textarea").evaluate("e => getComputedStyle(e).direction") == "rtl"
    turned = inside(page, ".send .icon").last.evaluate("e => getComputedStyle(e).transform")
    assert turned.startswith("matrix(-1")


def test_with_less_motion_nothing_moves(browser: Browser, stage: Stage) -> None:
    visitor = browser.new_context(reduced_motion="reduce")
    page = visitor.new_page()
    stage.answer = lambda _: text(*("word " for _ in range(40)))
    stage.pause = 0.02
    open_chat(page, stage.address)
    write(page, "Talk")
    for _ in range(4):
        assert (
            page.locator("dragoman-chat").evaluate(
                "e => e.shadowRoot.getAnimations().filter(a => a.playState === 'running').length"
            )
            == 0
        )
        page.wait_for_timeout(60)
    visitor.close()


@pytest.mark.parametrize("size", [{"width": 320, "height": 568}, {"width": 640, "height": 400}])
def test_zoomed_in_nothing_is_lost(browser: Browser, stage: Stage, size: dict[str, int]) -> None:
    """320 px is what 1280 are at four times; 640 by 400 what 1280 by 800 are at twice."""
    visitor = browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = visitor.new_page()
    set_up(stage)
    open_chat(page, stage.address)
    for name in ("long", "cards", "order", "identify", "quote"):
        ask(page, name)
    wide = page.locator("dragoman-chat").evaluate(
        "e => [...e.shadowRoot.querySelectorAll('.panel *')].filter(n => !n.closest('.cards ul, .table, pre, .vh') && n.getBoundingClientRect().right > innerWidth + 1).map(n => n.className)"
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = inside(page, ".composer textarea").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size["height"]
    visitor.close()


def test_scrolled_up_it_does_not_jump_and_offers_the_newest(page: Page, stage: Stage) -> None:
    stage.answer = lambda _: text(*(f"line {n}\n\n" for n in range(40)))
    open_chat(page, stage.address)
    ask(page, "one")
    stage.pause = 0.03
    write(page, "two")
    expect(inside(page, ".answer")).to_have_count(2)
    log = inside(page, ".log")
    log.evaluate("e => { e.scrollTop = 40 }")
    expect(inside(page, ".pill")).to_be_visible()
    page.wait_for_timeout(300)
    assert log.evaluate("e => e.scrollTop") == 40
    inside(page, ".pill").click()
    expect(inside(page, ".pill")).to_be_hidden()
    settled(page)
    assert log.evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight < 60")


def test_the_menu_and_the_forms_name_their_parts(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "order")
    expect(inside(page, ".timeline li[aria-current=step]")).to_contain_text("On its way (now)")
    expect(inside(page, ".timeline li").first).to_contain_text("Ordered (done)")
    choose(page, 3)
    expect(page.get_by_role("radio", name="4: Good")).to_be_attached()
    expect(page.get_by_role("group", name="How did it go?")).to_be_attached()
