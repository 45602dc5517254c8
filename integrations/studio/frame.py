"""What surrounds every page of the studio. No script or style stands in a page."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from integrations.markup import Html, Part, tag, together
from integrations.studio.reader import COOKIE, Reader
from knowledge.locales import served_locales

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store", "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip
A_YEAR = 31_536_000
HTMX = '{"includeIndicatorCSS":false,"history":false,"transitions":false,"defaultSettleDelay":0}'

ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%2323302f'/%3E%3Cpath d='M8 22V10h5a6 6 0 0 1 0 12zM20 10h4M20 16h4M20 22h4' fill='none' stroke='%23eda85a' stroke-width='2.6' stroke-linecap='round'/%3E%3C/svg%3E"  # noqa: E501


def page(reader: Reader, title: str, *body: Part, status: int = 200, kind: str = "") -> HTMLResponse:
    """A whole page. `kind` is its class, for what fills the window."""
    whole = tag("html", _head(reader, title), tag(
        "body", tag("a", reader.say("skip"), href="#content", class_="skip"), _header(reader),
        tag("main", *body, id="content", class_=kind or None, tabindex="-1"),
        tag("p", "", role="status", id="said", class_="toast", hidden=True),
    ), lang=reader.language, dir=reader.direction)  # fmt: skip
    reply = HTMLResponse(f"<!doctype html>{whole}", status, headers=HEADERS)
    if reader.chosen:
        reply.set_cookie(COOKIE, reader.language, max_age=A_YEAR, samesite="strict", path="/studio", httponly=True)
    return reply


def part(*body: Part, status: int = 200) -> HTMLResponse:
    """A part of a page, for htmx."""
    return HTMLResponse(together(body), status, headers=HEADERS)


def replacing(target: str, *body: Part) -> Html:
    """Something that takes the place of an element, whatever else an answer is for."""
    return tag("template", *body, hx=True, type="partial", hx_target=f"#{target}", hx_swap="outerHTML")


def _head(reader: Reader, title: str) -> Html:
    return tag(
        "head", tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"), tag("meta", name="htmx-config", content=HTMX),
        tag("title", f"{title} – {reader.say('studio')}"),
        tag("link", rel="icon", href=ICON), tag("link", rel="stylesheet", href="/studio/static/studio.css"),
        tag("script", src="/studio/static/htmx.min.js", defer=True),
        tag("script", type="module", src="/studio/static/studio.js"),
    )  # fmt: skip


def _header(reader: Reader) -> Html:
    out = tag("form", tag("span", reader.name, class_="who", dir="auto"),
              tag("button", reader.say("sign_out"), class_="plain", type="submit"),
              method="post", action="/studio/sign-out") if reader.name else None  # fmt: skip
    brand = tag("a", tag("img", src=ICON, alt="", width=28, height=28), reader.say("studio"), href="/studio",
                class_="brand")  # fmt: skip
    return tag("header", brand, tag("div", _languages(reader), out, class_="tools"), class_="top")


def _languages(reader: Reader) -> Html:
    choices = [
        tag("a", other.name, href=f"?locale={other.locale}", lang=other.language, hreflang=other.language,
            dir=other.direction, aria_current="true" if other.language == reader.language else None)
        for other in served_locales().values()
    ]  # fmt: skip
    shown = served_locales()[reader.language].name
    summary = tag("summary", tag("span", reader.say("language"), class_="unseen"), shown)
    return tag("details", summary, tag("div", choices, class_="choices"), class_="menu", data_menu=True)


def chip(kind: str, *words: Part, title: str | None = None) -> Html:
    """A word with a mark that says at a glance what kind of news it is: good, warn, block, info, idle."""
    return tag("span", tag("i", MARKS[kind], aria_hidden="true"), *words, class_=f"chip {kind}", title=title)


MARKS = {"good": "✓", "warn": "!", "block": "✕", "info": "i", "idle": "○"}
