"""Web archives, as browsers save them."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from knowledge.converters.convert import Converted, convert

CHROME = """From: <Saved by Blink>
Snapshot-Content-Location: https://kite.example/help/returns
Subject: =?utf-8?Q?R=C3=BCckgabe?=
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--x----"


------MultipartBoundary--x----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://kite.example/help/returns

<html lang=3D"de"><head><meta charset=3D"utf-8"><title>R=C3=BCckgabe | Kite</title></head>
<body><main><h1>R=C3=BCckgabe</h1><p>Drei=C3=9Fig Tage, ohne einen Grund zu nen=
nen.</p></main></body></html>
------MultipartBoundary--x----
Content-Type: text/html
Content-Location: https://ads.example/frame

<p>An advertisement</p>
------MultipartBoundary--x----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: file:///etc/passwd

iVBORw0KGgo=
------MultipartBoundary--x------
"""


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "A.MHT"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_page_of_an_archive_is_its_main_part(name: str, end: str) -> None:
    url = "https://kite.example/help/returns"
    assert convert(name, CHROME.replace("\n", end).encode()) == [
        Converted(
            {"title": "Rückgabe", "locale": "de", "url": url}, "# Rückgabe\n\nDreißig Tage, ohne einen Grund zu nennen."
        )
    ]


def test_the_part_that_the_archive_starts_with_is_its_page() -> None:
    text = CHROME.replace('type="text/html";', 'type="text/html"; start="<b>";')
    text = text.replace("Content-Location: https://ads", "Content-ID: <b>\nContent-Location: https://ads")
    assert convert("a.mht", text.encode())[0].body == "An advertisement"


def test_the_charset_of_the_part_is_used() -> None:
    message = EmailMessage()
    message.set_content("<p>返品は三十日以内</p>", subtype="html", charset="euc-jp", cte="base64")
    assert convert("a.mht", message.as_bytes())[0].body == "返品は三十日以内"


@pytest.mark.parametrize("data", [b"Subject: x\n\nJust a mail", CHROME.encode()[:300], b"\n\n\n<p>x", b"\x00\x01" * 90])
def test_what_holds_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="archive|holds no text"):
        convert("a.mhtml", data)
