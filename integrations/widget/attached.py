"""What a shopper may attach, and what is kept of it: pixels and pages, made anew, nothing that hides beside them."""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from typing import TYPE_CHECKING

from integrations.widget.errors import refuse

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FILE_BYTES = 8_000_000
"""Largest file; a phone's photo is smaller."""

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PDF = "application/pdf"
MEDIA_TYPES = (*PICTURES, PDF)
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", PDF: ".pdf"}

MOST_PIXELS = 64_000_000
"""Most pixels of a picture. More in eight megabytes is no photo: it is made to fill the memory."""

LONGEST_SIDE = 2560
"""Pixels of the longer side of what is kept."""

MOST_PAGES = 30

SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"), (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"), (re.compile(rb"%PDF-\d"), PDF),
)  # fmt: skip

MARKUP = re.compile(rb"<(?:script|html|\?php|!doctype|svg[\s>])", re.IGNORECASE)
ARCHIVE_END = b"PK\x05\x06"
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/SubmitForm")
"""What makes a PDF more than paper."""


_ALONE = threading.Lock()
"""One file at a time: a picture takes much memory while it is open, and PDFium is made for one thread."""


def media_type_of(sent: bytes) -> str:
    """What a file is by its first bytes, whatever it is called; '' for what may not be attached."""
    return next((name for signature, name in SIGNATURES if signature.match(sent)), "")


def cleaned(sent: bytes) -> tuple[str, bytes]:
    """What a file is, and what is kept of it. Raises what refuses it."""
    with _ALONE:
        return _cleaned(sent)


def _cleaned(sent: bytes) -> tuple[str, bytes]:
    media_type = media_type_of(sent)
    if not media_type:
        raise refuse(415, "media_type", "Only photos (JPEG, PNG, WebP) and PDF files can be attached.")
    if _is_two_things(sent, media_type):
        raise refuse(422, "file_refused", "The file is more than it says it is.")
    return media_type, _pages(sent) if media_type == PDF else _picture(sent, PICTURES[media_type])


def _is_two_things(sent: bytes, media_type: str) -> bool:
    """Whether something else is in the file that another program would open: a page, an archive, a document."""
    as_document = media_type != PDF and b"%PDF-" in sent[:1024]
    as_page = media_type != PDF and MARKUP.search(sent) is not None
    return as_document or as_page or ARCHIVE_END in sent[-66_000:] or (media_type == PDF and _is_page(sent))


def _is_page(sent: bytes) -> bool:
    """Whether markup stands before or after all that a PDF is made of."""
    return MARKUP.search(sent[:1024]) is not None or MARKUP.search(sent[sent.rfind(b"%%EOF") :]) is not None


def _picture(sent: bytes, kind: str) -> bytes:
    """A picture made anew of its pixels: upright, no larger than needed, without place, device or anything else."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(sent), formats=[kind]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise refuse(422, "file_refused", "The picture has too many pixels.")
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(upright, kind)
    except (OSError, SyntaxError, ValueError, MemoryError, Image.DecompressionBombError, Warning) as error:
        raise refuse(422, "file_refused", "The picture is damaged.") from error


def _written(picture: Image, kind: str) -> bytes:
    from PIL import Image

    see_through = kind != "JPEG" and ("A" in picture.mode or "transparency" in picture.info)
    plain = Image.new("RGBA" if see_through else "RGB", picture.size)
    plain.paste(picture.convert(plain.mode))
    held = io.BytesIO()
    plain.save(held, kind, **({} if kind == "PNG" else {"quality": 85}))
    return held.getvalue()


def _pages(sent: bytes) -> bytes:
    """A document made anew of its pages: what it says of its author, and what it would do or carry, stays behind."""
    import pypdfium2

    if b"%%EOF" not in sent[-1024:]:
        raise refuse(422, "file_refused", "The PDF is damaged or cut short.")
    try:
        with pypdfium2.PdfDocument(sent) as opened, pypdfium2.PdfDocument.new() as fresh:
            if not 0 < len(opened) <= MOST_PAGES:
                raise refuse(422, "file_refused", f"The PDF must have 1 to {MOST_PAGES} pages.")
            fresh.import_pages(opened)
            held = io.BytesIO()
            fresh.save(held)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise refuse(422, "file_refused", "The PDF is damaged or locked.") from error
    if any(word in held.getvalue() for word in ACTIVE) or held.tell() > 4 * MOST_FILE_BYTES:
        raise refuse(422, "file_refused", "The PDF carries programs or other files.")
    return held.getvalue()


def file_name(name: str, media_type: str) -> str:
    """What a file is called for people: the last part of what it was called, with the ending of what it is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in "<>:\"|?*&'")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", " ".join(shown.split())).strip(". ")
    return (stem[:80] or "file") + SUFFIXES[media_type]
