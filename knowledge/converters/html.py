"""Saved pages: their content as Markdown, their title, language and address as the header."""

from __future__ import annotations

import re
from typing import Any

from knowledge.converters.chaff import content_of
from knowledge.converters.charsets import decode_page, refuse_binary
from knowledge.converters.converted import Converted, clean, joined, language_tag, sensible_title, stated
from knowledge.converters.markup import page_blocks
from knowledge.converters.phrases import web_address

_SHOP = re.compile(r"\s+[|–—·•«»:]{1,2}\s+|\s+-\s+")
_CLOSED = re.compile(
    r"<(script|style|iframe|textarea|title|noscript|template|div|span|a|p|td|th|li)(\s[^<>]*)?/>", re.I
)
_WRAPPERS = re.compile(r"</?(div|section|article|blockquote|center|ul|ol|li|table|tbody|tr|td)\b[^>]*>", re.I)
_STYLING = re.compile(r"</?(span|font|b|i|u|em|strong|small|big|a)\b[^>]*>", re.I)


def convert_html(data: bytes) -> list[Converted]:
    """A page as one document. Raises ValueError where it is no page, has no text, or is nested without end."""
    refuse_binary(data, "a page")
    return [convert_page(decode_page(data))]


def convert_page(text: str, url: str = "") -> Converted:
    """A page's text as a document; `url` is where it was saved from, if that is known better than by the page."""
    document = _parsed(clean(text))
    stated_title, shop = _titles(document)
    outside = [_text(heading) for heading in document.iter("h1")]
    header = {"locale": _locale(document), "url": url or _address(document)}
    roots = content_of(document)
    inside = [_text(heading) for root in roots for heading in root.iter("h1")]
    named = [title for title in outside if title in stated_title and title != shop]
    title = next((each for each in [*inside, *named, stated_title, *outside] if sensible_title(each)), "")
    body = clean(joined(page_blocks(roots)))
    if not body.strip():
        raise ValueError("holds no text: a page that a script fills must be saved from the browser")
    return Converted(stated(title=sensible_title(title), **header), body)


def _parsed(text: str) -> Any:
    if re.match(r"\s*(<\?xml|<!DOCTYPE[^>]*XHTML)", text[:500]) or "xmlns=" in text[:2000]:
        text = _CLOSED.sub(r"<\1\2></\1>", text)
    document, whole = _tree(text)
    if not whole:  # the parser leaves out what is nested deeper than it dares
        document, whole = _tree(_STYLING.sub("", _WRAPPERS.sub("<p>", text)))
    if not whole:
        raise ValueError("is nested more than 2,000 elements deep: save it again, as a simpler page")
    return document


def _tree(text: str) -> tuple[Any, bool]:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        document = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise ValueError("holds no text: the page is empty") from error
    return document, not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _text(element: Any) -> str:
    return clean(" ".join(element.text_content().split()))


def _meta(document: Any, name: str) -> str:
    for element in document.iter("meta"):
        said = element.get("property") or element.get("name") or element.get("http-equiv") or ""
        if said.lower() == name and element.get("content", "").strip():
            return str(element.get("content").strip())
    return ""


def _titles(document: Any) -> tuple[str, str]:
    """The title a page states, without the shop's name, and that name."""
    titles = [
        _text(element)
        for element in document.xpath("/html/head/title") or document.xpath("//title[not(ancestor::svg)]")
    ]
    shop = _meta(document, "og:site_name")
    parts = _SHOP.split(titles[0]) if titles else [""]
    tail = parts[-1] if len(parts) > 1 else ""
    whole = titles[0][: -len(tail)].rstrip(" |–—·•«»:-") if tail else parts[0]
    return _meta(document, "og:title") or whole, shop or tail


def _locale(document: Any) -> str:
    root = document.getroottree().getroot()
    said = [root.get("lang"), root.get("xml:lang"), _meta(document, "og:locale"), _meta(document, "content-language")]
    return next((tag for tag in map(language_tag, said) if tag), "")


def _address(document: Any) -> str:
    links = [
        link.get("href") for link in document.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    ]
    return next((url for url in map(web_address, [*links, _meta(document, "og:url")]) if url), "")
