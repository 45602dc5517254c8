"""Bytes to text: by their mark, by what they declare, as UTF-8, as they are spelled, else by a guess."""

from __future__ import annotations

import codecs
import re

from knowledge.converters.readings import charset_of

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks, the longer before the one it begins with."""

# What browsers read under these names, because pages say them and mean more
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "gb2312": "gb18030",
          "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
          "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254", "tis-620": "cp874", "windows-31j": "cp932"}  # fmt: skip
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_BINARY = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP or Office file", b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\x1f\x8b": "a packed file",
    b"{\\rtf": "an RTF file",
}  # fmt: skip
_NOT_PAGES = ("utf-16", "utf-32", "utf-7", "unicode", "raw", "idna", "punycode", "undefined", "mbcs", "oem")
_SAMPLE = 50_000


def decode_page(data: bytes, declared: str = "") -> str:
    """The text of a page. `declared` is the character set of its envelope, if it came in one.

    Never refuses: bytes that no character set explains become replacement characters.
    """
    marked = by_mark(data)
    if marked is not None:
        return marked
    for name in (declared, _said(_META, data), _said(_XML, data), "utf-8"):
        text = _decoded(data, name)
        if text is not None:
            return text
    damaged = data.decode("utf-8", "replace")
    if damaged.count("\ufffd") * 50 < sum(byte > 127 for byte in data):  # a few broken bytes do not make it another set
        return damaged
    return data.decode(_guess(data), "replace")


def decode_text(data: bytes) -> str:
    """The text of bytes without a mark: as UTF-8, else as the one reading that is sure. Raises UnicodeError."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        charset = charset_of(data)
        if not charset:
            raise
        return data.decode(charset)


def by_mark(data: bytes) -> str | None:
    """The text of bytes that begin with a byte order mark; None where there is no mark."""
    for mark, name in MARKS.items():
        if data.startswith(mark):
            return data.decode(name, "replace")
    return None


def _said(pattern: re.Pattern[bytes], data: bytes) -> str:
    found = pattern.search(data[:4096])
    return found.group(1).decode("ascii", "replace") if found else ""


def _decoded(data: bytes, name: str) -> str | None:
    name = _MEANT.get(name.lower(), name.lower())
    if not name or name.startswith(_NOT_PAGES):  # could not hold a declaration in ASCII, or are no character sets
        return None
    try:
        return data.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    outside = re.sub(rb"<[^>]*>", b" ", data[: 4 * _SAMPLE])[:_SAMPLE]  # tags are ASCII and tell nothing
    sure = charset_of(outside)
    best = None if sure else from_bytes(outside).best()
    return _MEANT.get(best.encoding, best.encoding) if best else sure or "cp1252"


def refuse_binary(data: bytes, kind: str) -> None:
    """Raises ValueError where bytes hold nothing, or a file that is no text; `kind` names what is wanted."""
    if not data.strip():
        raise ValueError("is empty")
    other = next((name for mark, name in _BINARY.items() if data.startswith(mark)), "")
    sample = data[:100_000]
    control = sum(sample.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    if other or (by_mark(data[:4]) is None and control * 20 > len(sample)):
        raise ValueError(f"is not {kind} but {other or 'binary data'}: give it the suffix of what it is")
