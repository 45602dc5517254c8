"""Files that are broken, mislabelled or hostile: every one is read or refused in words, and nothing else happens."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.converters.convert import CONVERTERS, MOST_BYTES, convert

RANDOM = random.Random(7)
BROKEN = {
    "empty": b"",
    "blank": b" \r\n\t\n",
    "a letter": b"a",
    "a mark alone": b"\xef\xbb\xbf",
    "random bytes": RANDOM.randbytes(20_000),
    "zeros": bytes(10_000),
    "ones": b"\xff" * 10_000,
    "half of a mark": b"\xff\xfe\x00",
    "a PDF of nothing": b"%PDF-1.7\n%%EOF",
    "a PDF of itself": b"%PDF-1.7\n1 0 obj\n1 0 R\nendobj\ntrailer\n<< /Root 1 0 R /Prev 0 >>\nstartxref\n0\n%%EOF",
    "an empty archive": b"PK\x05\x06" + bytes(18),
    "a picture": b"\x89PNG\r\n\x1a\n" + RANDOM.randbytes(500),
    "open tags": b"<div" * 5_000,
    "open comments": b"<!--" * 5_000,
    "references": b"&#x0;&#30;&#xD800;&#x110000;&amp;&nosuch;" * 100,
    "attributes": b"<p " + b"a=b " * 20_000 + b">",
    "quotes": b'"' * 9_999,
    "delimiters": b",;\t|" * 5_000,
    "mail": b"Content-Type: multipart/mixed; boundary=a\n\n"
    + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 2_000,
    "NULs in text": b"<p>te\x00xt</p>,\x00\n",
    "entities": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p>',
}


def outcome(name: str, data: bytes) -> str:
    """What a conversion gives or says; fails on any other exception."""
    try:
        found = convert(name, data)
    except ValueError as error:
        return f"refused: {error}"
    assert found
    assert all(document.body.strip() == document.body != "" for document in found)
    assert not any("\x00" in document.body for document in found)
    return repr(found)


@pytest.mark.parametrize("suffix", sorted(CONVERTERS))
@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_read_or_refused_in_words_the_same_each_time(kind: str, suffix: str) -> None:
    began = time.process_time()
    assert outcome(f"a{suffix}", BROKEN[kind]) == outcome(f"a{suffix}", BROKEN[kind])
    assert time.process_time() - began < 10


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CONVERTERS)), st.binary(max_size=600))
def test_any_bytes_are_read_or_refused_in_words(suffix: str, data: bytes) -> None:
    outcome(f"a{suffix}", data)


@settings(max_examples=60, deadline=None)
@given(st.text("<>/=\"' !-&;#abdhlptruis,\n|1", max_size=400))
def test_any_markup_is_read_or_refused_in_words(text: str) -> None:
    outcome("a.html", text.encode())
    outcome("a.csv", text.encode())


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".docx", ".csv", ".mhtml"])
def test_what_is_larger_than_a_source_may_be_is_refused_unread(suffix: str) -> None:
    with pytest.raises(ValueError, match="larger than 25,000,000 bytes"):
        convert(f"a{suffix}", b"a" * (MOST_BYTES + 1))


@pytest.mark.parametrize("name", ["a.exe", "a", "a.doc", "", ".pdf", "../../etc/passwd"])
def test_other_kinds_are_refused_with_the_kinds_we_read(name: str) -> None:
    with pytest.raises(ValueError, match="not a kind of source we read"):
        convert(name, b"text")


def test_the_name_is_never_opened() -> None:
    assert convert("/no/such/place/A.HTML", b"<p>Text</p>")[0].body == "Text"
    assert not os.path.exists("/no/such/place")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "a.html",
            b"<main>" + b"<h2>Returns</h2><p>Thirty <b>days</b>, <a href='https://a.example'>see</a>.</p>" * 60_000,
        ),
        ("a.html", b"<table>" + b"<tr><td>Germany</td><td>3 days</td><td>free of charge</td></tr>" * 70_000),
        ("a.csv", b"question,answer\n" + b"How long?,Thirty days from the day on which it reached you\n" * 80_000),
        ("a.csv", b"a;b\n" + b"Germany;Thirty days from the day on which it reached you\n" * 80_000),
    ],
)
def test_five_megabytes_take_seconds(name: str, data: bytes) -> None:
    assert 4_000_000 < len(data) < 6_000_000
    began = time.process_time()
    convert(name, data)
    assert time.process_time() - began < 15
