"""Files that shoppers send: told by their content, made anew, kept for one conversation, seen by nobody else."""

from __future__ import annotations

import asyncio
import io
import json
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from httpx import AsyncClient, Response
from PIL import Image
from reportlab.pdfgen import canvas

from integrations.database.attachments import AttachmentStore
from integrations.database.engine import Sessions
from integrations.widget.attached import MOST_FILE_BYTES, file_name, media_type_of
from tests.command_line import command
from tests.integrations.front_door import LENA, Shop, ask, begin, identity, session_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **saved: object) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(held, kind, **saved)  # type: ignore[arg-type]
    return held.getvalue()


def photo_with_secrets() -> bytes:
    """A photo as a phone takes it: where, with what, and lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretCam", 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"secret comment")


def document(**more: str) -> bytes:
    held = io.BytesIO()
    drawn = canvas.Canvas(held)
    drawn.setAuthor("Secret Author")
    drawn.setTitle("Secret Title")
    drawn.drawString(100, 700, more.get("text", "Invoice 7"))
    drawn.save()
    return held.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A whole black and white PNG of so many pixels squared, in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * ((side + 7) // 8 + 1) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("evil.html", "<script>alert(1)</script>")
    return held.getvalue()


async def send(
    client: AsyncClient, headers: dict[str, str], content: bytes, said: str = "image/jpeg", name: str = "photo.jpg"
) -> Response:
    return await client.post(
        "/v1/attachments", params={"name": name}, content=content, headers={**headers, "content-type": said}
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_is_kept_and_seen_again_by_its_conversation(client: AsyncClient, kind: str) -> None:
    headers = await begin(client)
    reply = await send(client, headers, picture(kind), name="../../My photo.exe")
    told = reply.json()
    assert (reply.status_code, told["media_type"]) == (201, f"image/{kind.lower()}")
    assert told["name"] == {"JPEG": "My photo.jpg", "PNG": "My photo.png", "WEBP": "My photo.webp"}[kind]
    shown = await client.get(f"/v1/attachments/{told['attachment_id']}", headers=headers)
    assert (shown.status_code, len(shown.content)) == (200, told["bytes"])
    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert Image.open(io.BytesIO(shown.content)).format == kind


async def test_what_a_photo_says_of_its_owner_is_taken_out_and_it_stands_upright(client: AsyncClient) -> None:
    headers, sent = await begin(client), photo_with_secrets()
    assert b"SecretCam" in sent
    told = (await send(client, headers, sent)).json()
    kept = (await client.get(f"/v1/attachments/{told['attachment_id']}", headers=headers)).content
    opened = Image.open(io.BytesIO(kept))
    assert opened.size == (40, 60)
    assert not opened.getexif()
    assert b"Secret" not in kept
    assert b"secret" not in kept


async def test_a_pdf_keeps_its_pages_and_loses_its_author(client: AsyncClient) -> None:
    headers = await begin(client)
    told = (await send(client, headers, document(), "application/pdf", "invoice.pdf")).json()
    assert (told["name"], told["media_type"]) == ("invoice.pdf", "application/pdf")
    kept = (await client.get(f"/v1/attachments/{told['attachment_id']}", headers=headers)).content
    import pypdfium2

    with pypdfium2.PdfDocument(kept) as opened:
        assert "Invoice 7" in opened[0].get_textpage().get_text_bounded()
        assert not any("Secret" in value for value in opened.get_metadata_dict().values())
    assert b"Secret" not in kept


async def test_a_large_photo_is_made_smaller(client: AsyncClient) -> None:
    headers = await begin(client)
    told = (await send(client, headers, picture(size=(6000, 4000)))).json()
    kept = (await client.get(f"/v1/attachments/{told['attachment_id']}", headers=headers)).content
    assert max(Image.open(io.BytesIO(kept)).size) <= 2560


@pytest.mark.parametrize("sent", [
    b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html><script>alert(1)</script>",
    b"GIF89a" + b"\0" * 50, archive(), b"MZ" + b"\0" * 100, b"\x7fELF" + b"\0" * 100, b" %PDF-1.7 not at the start",
    b"<?xml version='1.0'?><svg/>", b"BM" + b"\0" * 60, b"#!/bin/sh\nrm -rf /",
])  # fmt: skip
async def test_what_is_no_photo_and_no_pdf_is_refused_whatever_it_is_called(client: AsyncClient, sent: bytes) -> None:
    reply = await send(client, await begin(client), sent)
    assert (reply.status_code, reply.json()["error"]["code"]) == (415, "media_type")


@pytest.mark.parametrize(("sent", "said"), [
    (picture() + archive(), "image/jpeg"), (picture("PNG") + archive(), "image/png"),
    (picture() + b"<script>alert(1)</script>", "image/jpeg"), (picture("PNG") + b"<html>", "image/png"),
    (picture(comment=b"<script>alert(1)</script>"), "image/jpeg"), (picture(comment=b"%PDF-1.7"), "image/jpeg"),
    (document() + archive(), "application/pdf"), (document() + b"<script>alert(1)</script>", "application/pdf"),
    (b"%PDF-1.4<html><script>" + document(), "application/pdf"), (bomb(), "image/png"), (bomb(8_500), "image/png"),
    (picture()[:300], "image/jpeg"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
    (document()[:400], "application/pdf"), (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    (document().replace(b"/Type /Page\n", b"/Type /Page /AA << /O << /S /JavaScript /JS (app.alert(1)) >> >>\n"),
     "application/pdf"),
])  # fmt: skip
async def test_bombs_ruins_and_files_of_two_kinds_are_refused(client: AsyncClient, sent: bytes, said: str) -> None:
    reply = await send(client, await begin(client), sent, said)
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "file_refused")


async def test_a_file_that_is_too_large_or_of_another_type_is_refused(client: AsyncClient) -> None:
    headers = await begin(client)
    reply = await send(client, headers, picture() + b"\0" * MOST_FILE_BYTES)
    assert reply.status_code == 413
    assert (await send(client, headers, picture(), "text/html")).status_code == 415
    assert (await send(client, headers, picture(), "image/svg+xml")).status_code == 415
    assert (await send(client, {}, picture())).status_code == 401


async def test_a_large_file_fits_where_a_large_message_does_not(client: AsyncClient) -> None:
    headers, noisy = await begin(client), os.urandom(3 * 400 * 400)
    held = io.BytesIO()
    Image.frombytes("RGB", (400, 400), noisy).save(held, "PNG")
    assert len(held.getvalue()) > 400_000
    assert (await send(client, headers, held.getvalue(), "image/png")).status_code == 201


async def test_the_same_file_sent_twice_is_kept_once(client: AsyncClient, shop: Shop) -> None:
    headers, sent = await begin(client), picture(size=(33, 33))
    replies = await asyncio.gather(*(send(client, headers, sent) for _ in range(4)))
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.json()["attachment_id"] for reply in replies}) == 1
    session = await session_of(shop.dragoman, headers)
    assert len(await shop.dragoman.sessions.attachments.of(session.id)) == 1


async def test_no_other_conversation_sees_a_file(client: AsyncClient) -> None:
    """Neither a stranger's, nor another of the same customer, nor by sending the same bytes."""
    owner = await begin(client, identity_token=identity(LENA))
    name = (await send(client, owner, picture(size=(21, 21)))).json()["attachment_id"]
    for headers in (await begin(client), await begin(client, identity_token=identity(LENA))):
        assert (await client.get(f"/v1/attachments/{name}", headers=headers)).status_code == 404
        reply = await client.post("/v1/chat", headers=headers, json={"message": "see", "attachments": [name]})
        assert (reply.status_code, reply.json()["error"]["code"]) == (422, "unknown_attachment")
        assert (await send(client, headers, picture(size=(21, 21)))).json()["attachment_id"] != name
    assert (await client.get(f"/v1/attachments/{name}")).status_code == 401
    assert (await client.get("/v1/attachments/../../etc/passwd", headers=owner)).status_code == 404


async def test_a_file_belongs_to_its_message_and_the_person_can_save_it(
    client: AsyncClient, shop: Shop, tmp_path: Path
) -> None:
    headers = await begin(client)
    told = (await send(client, headers, picture(size=(31, 17)), name="broken bowl.jpg")).json()
    await ask(client, headers, "My bowl arrived broken, see the photo", turn="t1", attachments=[told["attachment_id"]])
    [turn] = (await client.get("/v1/history", headers=headers)).json()["turns"]
    assert turn["attachments"] == [told]
    reference = (await client.post("/v1/handoff", headers=headers, json={})).json()["reference"]

    def at_desk(*words: str) -> tuple[int, str]:
        done = command(shop.house.settings.home, "handoff", *words)
        return done.returncode, done.stdout + done.stderr

    code, shown = await asyncio.to_thread(at_desk, "show", reference)
    assert (code, told["attachment_id"] in shown, "broken bowl.jpg" in shown) == (0, True, True)
    code, saved = await asyncio.to_thread(
        at_desk, "save", reference, told["attachment_id"], "--to", str(tmp_path), "--json"
    )
    assert code == 0
    with Image.open(json.loads(saved)["path"]) as opened:
        assert opened.size == (31, 17)


async def test_a_message_of_files_only_is_a_message(client: AsyncClient) -> None:
    headers = await begin(client)
    told = (await send(client, headers, picture(size=(19, 19)), name="damage.jpg")).json()
    frames = await ask(client, headers, "", attachments=[told["attachment_id"]])
    assert frames[-1]["type"] == "RUN_FINISHED"


async def test_a_conversation_holds_only_so_many_files(client: AsyncClient, shop: Shop) -> None:
    headers = await begin(client)
    session = await session_of(shop.dragoman, headers)
    for number in range(20):
        await shop.dragoman.sessions.attachments.keep(session.id, "a.jpg", "image/jpeg", bytes([number]), b"x")
    reply = await send(client, headers, picture())
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "too_many_files")


@pytest.mark.asyncio(loop_scope="function")
async def test_files_are_kept_on_every_database(sessions: Sessions) -> None:
    store = AttachmentStore(sessions)
    first = await store.keep("s1", "a.jpg", "image/jpeg", b"sent", b"\0\xffkept")
    assert await store.keep("s1", "b.jpg", "image/jpeg", b"sent", b"\0\xffkept") == first
    assert (await store.keep("s2", "a.jpg", "image/jpeg", b"sent", b"\0\xffkept")).id != first.id
    assert await store.find(first.id, "s1") == (first, b"\0\xffkept")
    assert await store.find(first.id, "s2") is None
    assert await store.total("s1") == (1, 6)
    await store.belong("s1", [first.id], "t1")
    await store.belong("s1", [first.id], "t2")
    await store.belong("s2", [first.id], "t3")
    assert [entry.turn for entry in await store.of("s1")] == ["t1"]


@pytest.mark.parametrize(("name", "shown"), [
    ("photo.JPG", "photo.jpg"), ("", "file.jpg"), ("../../etc/passwd", "passwd.jpg"), ("C:\\x\\y.png", "y.jpg"),
    ("a\r\nSet-Cookie: b.jpg", "aSet-Cookie b.jpg"), ("<script>.jpg", "script.jpg"), ("\u202egnp.exe", "gnp.jpg"),
    ("صورة.png", "صورة.jpg"), ("x" * 300, "x" * 80 + ".jpg"), ("...", "file.jpg"),
])  # fmt: skip
async def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    assert file_name(name, "image/jpeg") == shown


async def test_what_a_file_is_its_first_bytes_say() -> None:
    assert [media_type_of(sent) for sent in (picture(), picture("PNG"), picture("WEBP"), document(), b"x")] == [
        "image/jpeg", "image/png", "image/webp", "application/pdf", "",
    ]  # fmt: skip
