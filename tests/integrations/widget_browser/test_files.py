"""Files of a conversation as they are shown: what the server holds of them, drawn under the strictest policy."""

from __future__ import annotations

import zlib
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.integrations.widget_browser.stage import Stage, custom, text
from tests.integrations.widget_browser.states import set_up, take_over
from tests.integrations.widget_browser.visits import ask, chunk, inside, open_chat, reopen, settled, write

KEPT = {"attachment_id": "a1", "name": "lamp.png", "media_type": "image/png", "bytes": 70}
RED, BLUE = [250, 10, 20], [10, 20, 250]


def picture(colour: list[int]) -> bytes:
    """A picture of one colour."""
    rows = zlib.compress((b"\0" + bytes(colour) * 8) * 8)
    head = (8).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def colour_of(canvas: Locator) -> Any:
    """What is drawn in the middle."""
    expect(canvas).to_have_attribute("data-drawn", "")
    return canvas.evaluate("e => [...e.getContext('2d').getImageData(160, 160, 1, 1).data].slice(0, 3)")


def pick(page: Page, stage: Stage) -> None:
    """Attach a blue picture, of which the server makes a red one."""
    stage.replies["/v1/attachments"] = (201, KEPT)
    stage.files["a1"] = picture(RED)
    picked = {"name": "lamp.png", "mimeType": "image/png", "buffer": picture(BLUE)}
    inside(page, "input[type=file]").set_input_files(picked)
    expect(inside(page, ".tray button")).to_be_visible()


def test_a_photo_is_shown_as_the_server_made_it_and_saved_from_there(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address, csp="nonce")
    pick(page, stage)
    write(page, "It is broken")
    settled(page)
    shown = inside(page, ".mine .file")
    expect(shown).to_have_text("lamp.png")
    assert colour_of(shown.locator("canvas")) == RED
    with page.expect_download() as saved:
        shown.click()
    assert saved.value.suggested_filename == "lamp.png"
    assert saved.value.path().read_bytes() == stage.files["a1"]
    assert [path for path, _ in stage.calls].count("/v1/attachments/a1") == 1


def test_a_photo_alone_is_not_named_twice(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address)
    pick(page, stage)
    inside(page, ".composer .send").last.click()
    settled(page)
    expect(inside(page, ".mine")).to_have_text("You: lamp.png")


def test_a_persons_file_is_shown_now_and_after_a_reload_and_goes_when_it_is_taken_back(
    page: Page, stage: Stage
) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "hello")
    inside(page, "button.person").click()
    expect(inside(page, ".waiting")).to_be_visible()
    take_over(stage)
    stage.files["b1"] = picture(BLUE)
    files = [{**KEPT, "attachment_id": "b1"}, {**KEPT, "attachment_id": "b2", "name": "label.pdf", "media_type": "application/pdf"}]  # fmt: skip
    told: dict[str, Any] = {"name": "Mara", "text": "Like this", "at": "2026-11-30T09:11:00Z", "id": "7"}
    stage.last.tell(custom("person_message", **told, attachments=files))
    shown = inside(page, ".human").last
    expect(shown.locator(".file")).to_have_text(["lamp.png", "label.pdf"])
    assert colour_of(shown.locator("canvas")) == BLUE
    stage.handoff = {"reference": "H-1A2B", "status": "claimed", "name": "Mara"}
    stage.person_messages = [{**told, "speaker": "person", "attachments": files}]
    page.reload()
    reopen(page)
    expect(inside(page, ".human .file")).to_have_text(["lamp.png", "label.pdf"])
    assert colour_of(inside(page, ".human canvas")) == BLUE
    stage.last.tell(custom("person_message", name="Mara", text="", at=told["at"], id="7", edited=True))
    expect(inside(page, ".human")).to_have_count(0)


def test_a_file_that_cannot_be_had_keeps_its_name(rough_page: Page, stage: Stage) -> None:
    stage.answer = lambda _: text("I see.")
    open_chat(rough_page, stage.address)
    pick(rough_page, stage)
    stage.files["a1"] = b"no picture"
    ask(rough_page, "It is broken")
    expect(inside(rough_page, ".mine canvas")).to_have_count(0)
    expect(inside(rough_page, ".mine .file")).to_have_text("lamp.png")
