"""The demo storefront: a page of products with the widget on it, product and policy pages for citations to open."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import HTMLResponse, Response
from markdown_it import MarkdownIt

from assistant.embedded.wording import Words
from integrations.widget.pictures import draw_product
from knowledge.locales import match_language, served_locales
from knowledge.markets import currency_of
from knowledge.product_passages import fact_label

if TYPE_CHECKING:
    from integrations.widget.house import House
    from knowledge.commerce import Product

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content security of our own pages: the widget must work under it."""


def add_pages(api: FastAPI, house: House) -> None:  # noqa: C901  (a list of routes, each short)
    """Add the storefront's pages and the widget's file."""

    @api.get("/storefront.css", include_in_schema=False)
    async def style() -> Response:
        return Response(_static("storefront.css"), media_type="text/css")

    @api.get("/", include_in_schema=False)
    async def storefront(locale: str = "", accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
        language = _language(locale, accept_language)
        products = await house.shop.products()
        cards = "".join(_card(product, language) for product in products[:200])
        return _page(house, language, house.shop.name, f'<div class="grid">{cards}</div>')

    @api.get("/products/{product_id}", include_in_schema=False)
    async def product_page(
        product_id: str, locale: str = "", accept_language: Annotated[str, Header()] = ""
    ) -> HTMLResponse:
        product = await house.shop.product(product_id)
        if product is None:
            raise HTTPException(404, {"code": "not_found", "message": "There is no such product."})
        language = _language(locale, accept_language)
        return _page(house, language, product.name_in(language), _product(product, language))

    @api.get("/policies/{document}", include_in_schema=False)
    async def policy_page(
        document: str, locale: str = "", accept_language: Annotated[str, Header()] = ""
    ) -> HTMLResponse:
        language = _language(locale, accept_language)
        passages = house.retriever.document(document, language)
        shown = [passage for passage in passages if passage.audience == "shopper" and passage.kind == "policy"]
        if not shown:
            raise HTTPException(404, {"code": "not_found", "message": "There is no such page."})
        text = "\n\n".join(f"## {' – '.join(p.heading)}\n\n{p.text}" for p in shown)
        body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
        return _page(house, language, shown[0].title, f'<article class="policy">{body}</article>')

    @api.get("/images/{name}.svg", include_in_schema=False)
    async def picture(name: str) -> Response:
        product = await house.shop.product(name)
        if product is None:
            raise HTTPException(404, {"code": "not_found", "message": "There is no such picture."})
        drawn = draw_product(product)
        return Response(drawn, media_type="image/svg+xml", headers={"Content-Security-Policy": "default-src 'none'"})


def _static(name: str) -> str:
    return (files("integrations.widget") / "static" / name).read_text("utf-8")


def _language(locale: str, accepted: str) -> str:
    return match_language(locale or accepted.split(",")[0].split(";")[0].strip() or "en") or "en"


def _page(house: House, language: str, title: str, body: str) -> HTMLResponse:
    locale = served_locales()[language]
    choices = " ".join(
        f'<a href="/?locale={other.locale}" lang="{other.language}">{escape(other.name)}</a>'
        for other in served_locales().values()
    )
    page = Template(_static("storefront.html")).substitute(
        language=language, direction=locale.direction, locale=locale.locale, title=escape(title),
        shop=escape(house.shop.name), body=body, choices=choices,
    )  # fmt: skip
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"})


def _price(product: Product, language: str) -> str:
    currency = currency_of(served_locales()[language].market)
    prices = [price for variant in product.variants if (price := variant.price_in(currency, "EUR"))]
    return Words(language).money(*min(prices)) if prices else ""


def _card(product: Product, language: str) -> str:
    link = f"/products/{escape(product.product_id)}?locale={served_locales()[language].locale}"
    return (
        f'<a class="card" href="{link}"><img src="/images/{escape(product.product_id)}.svg" alt="" loading="lazy"'
        f' width="240" height="180"><b>{escape(product.name_in(language))}</b>'
        f"<span>{escape(_price(product, language))}</span></a>"
    )


def _product(product: Product, language: str) -> str:
    words = Words(language)
    facts = "".join(
        f"<tr><th>{escape(words.label(name))}</th><td>{escape(words.value(name, value))}</td></tr>"
        for name, value in product.facts.items() if fact_label(name)[0]
    )  # fmt: skip
    questions = "".join(f"<dt>{escape(entry.q)}</dt><dd>{escape(entry.a)}</dd>" for entry in product.faq)
    return (
        f'<article class="product"><img src="/images/{escape(product.product_id)}.svg" alt="" width="320" height="240">'
        f"<div><p class=price>{escape(_price(product, language))}</p><p>{escape(product.summary_in(language))}</p>"
        f"<table>{facts}</table><dl>{questions}</dl></div></article>"
    )
