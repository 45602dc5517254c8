"""The storefront's routes: pages of the shop and its policies, pictures, and what its scripts need."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qs

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from markdown_it import MarkdownIt

from integrations.markup import Html, tag
from integrations.widget.errors import refuse
from integrations.widget.reception import reception_of
from integrations.widget.shop_front import is_demo
from integrations.widget.storefront.account import (
    COOKIE,
    LASTING,
    PEOPLE,
    account_page,
    cookie_of,
    is_own_form,
    sign_in_page,
    signed_in,
)
from integrations.widget.storefront.catalogue import front, product_page, variant_told
from integrations.widget.storefront.frame import page
from integrations.widget.storefront.pictures import draw_logo, draw_product, draw_quay
from integrations.widget.storefront.visitor import Visitor, visitor_of

if TYPE_CHECKING:
    from integrations.widget.house import House

SVG = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "public, max-age=3600"}
STATIC = {
    "shop.js": "text/javascript", "cart.js": "text/javascript", "cart_page.js": "text/javascript",
    "product.js": "text/javascript", "storefront.css": "text/css",
}  # fmt: skip


async def _visitor(
    request: Request, locale: str = "", accept_language: Annotated[str, Header()] = ""
) -> Visitor:  # fmt: skip
    reception = await reception_of(request)
    return visitor_of(locale, accept_language, await signed_in(reception.house, request))


Visiting = Annotated[Visitor, Depends(_visitor)]


def add_storefront(api: FastAPI, house: House) -> None:
    """Add the storefront's pages."""
    _add_catalogue(api, house)
    _add_account(api, house)
    _add_files(api, house)


def _add_catalogue(api: FastAPI, house: House) -> None:
    @api.get("/", include_in_schema=False)
    async def storefront(visitor: Visiting, family: str = "") -> HTMLResponse:
        family = family if family.isidentifier() else ""
        body = front(house, visitor, await house.shop.products(), family)
        return page(house, visitor, house.shop.name, f"/?family={family}" if family else "/", *body)

    @api.get("/products/{product_id}", include_in_schema=False)
    async def product(product_id: str, visitor: Visiting) -> HTMLResponse:
        found = await house.shop.product(product_id)
        if found is None:
            raise HTTPException(404, {"code": "not_found", "message": "There is no such product."})
        sisters = [one for one in await house.shop.products() if one.family == found.family]
        place = [one.product_id for one in sisters].index(found.product_id)
        others = [*sisters[place + 1 :], *sisters[:place]][:4]
        path = visitor.link(f"/products/{found.product_id}").partition("?")[0]
        return page(house, visitor, found.name_in(visitor.language), path, *product_page(found, visitor, others))

    @api.get("/policies/{document}", include_in_schema=False)
    async def policy(document: str, visitor: Visiting) -> HTMLResponse:
        passages = house.retriever.document(document, visitor.language)
        shown = [passage for passage in passages if passage.audience == "shopper" and passage.kind == "policy"]
        if not shown:
            raise HTTPException(404, {"code": "not_found", "message": "There is no such page."})
        text = "\n\n".join(f"## {' – '.join(p.heading)}\n\n{p.text}" for p in shown)
        body = Html(MarkdownIt("commonmark", {"html": False}).enable("table").disable("image").render(text))
        path = visitor.link(f"/policies/{document}").partition("?")[0]
        return page(
            house, visitor, shown[0].title, path, tag("article", tag("h1", shown[0].title), body, class_="policy")
        )

    @api.get("/cart", include_in_schema=False)
    async def cart(visitor: Visiting) -> HTMLResponse:
        told = {name: visitor.say(name) for name in ("empty", "total", "remove", "quantity", "checkout")}
        told |= {"note": visitor.say("no_checkout")}
        listed = tag(
            "div", data_cart=visitor.link("/storefront/catalogue.json"), data_language=visitor.language, class_="cart",
            **{f"data_{name}": text for name, text in told.items()},
        )  # fmt: skip
        script = tag("script", type="module", src="/storefront/cart_page.js")
        return page(house, visitor, visitor.say("cart"), "/cart", tag("h1", visitor.say("cart")), listed, script)


def _add_account(api: FastAPI, house: House) -> None:
    @api.get("/account", include_in_schema=False)
    async def account(visitor: Visiting) -> HTMLResponse:
        _in_demo(house)
        if visitor.customer is None:
            people = [person for name in PEOPLE if (person := await house.shop.customer(name))]
            return page(house, visitor, visitor.say("sign_in"), "/account", *sign_in_page(visitor, people))
        orders = await house.shop.orders_of(visitor.customer.customer_id)
        return page(house, visitor, visitor.say("account"), "/account", *account_page(visitor, orders))

    @api.post("/account/sign-in", include_in_schema=False)
    async def sign_in(request: Request, visitor: Visiting) -> Response:
        _own_form(house, request)
        customer = parse_qs((await request.body()).decode("utf-8", "replace")).get("customer", [""])[0]
        if customer not in PEOPLE or await house.shop.customer(customer) is None:
            raise refuse(422, "unknown_customer", "Choose one of the people shown.")
        back = RedirectResponse(visitor.link("/account"), 303)
        back.set_cookie(
            COOKIE, cookie_of(house, customer), max_age=int(LASTING.total_seconds()), httponly=True, samesite="lax",
            secure=request.url.scheme == "https", path="/",
        )  # fmt: skip
        return back

    @api.post("/account/sign-out", include_in_schema=False)
    async def sign_out(request: Request, visitor: Visiting) -> Response:
        _own_form(house, request)
        back = RedirectResponse(visitor.link("/account"), 303)
        back.delete_cookie(COOKIE, path="/")
        return back


def _in_demo(house: House) -> None:
    if not is_demo(house):
        raise HTTPException(404, {"code": "not_found", "message": "There is nothing here."})


def _own_form(house: House, request: Request) -> None:
    _in_demo(house)
    if not is_own_form(request):
        raise refuse(403, "origin_refused", "This form belongs to our own pages.")


def _add_files(api: FastAPI, house: House) -> None:
    @api.get("/storefront/catalogue.json", include_in_schema=False)
    async def catalogue(visitor: Visiting) -> JSONResponse:
        told: dict[str, Any] = {}
        for product in await house.shop.products():
            link, identity = visitor.link(f"/products/{product.product_id}"), product.product_id
            named = {"name": product.name_in(visitor.language), "link": link, "product_id": identity}
            told |= {v.sku: {**named, **variant_told(product, v, visitor)} for v in product.variants}
        return JSONResponse(told, headers={"Cache-Control": "private, no-cache"})

    @api.get("/storefront/{name}", include_in_schema=False)
    async def asset(name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404, {"code": "not_found", "message": "There is nothing here."})
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(_static(name), media_type=STATIC[name], headers=headers)

    @api.get("/images/{name}.svg", include_in_schema=False)
    async def picture(name: str, variant: str = "") -> Response:
        drawn = {"logo": draw_logo, "quay": draw_quay}.get(name)
        if drawn and is_demo(house):
            return Response(drawn(), media_type="image/svg+xml", headers=SVG)
        product = await house.shop.product(name)
        if product is None:
            raise HTTPException(404, {"code": "not_found", "message": "There is no such picture."})
        return Response(draw_product(product, variant), media_type="image/svg+xml", headers=SVG)


@cache
def _static(name: str) -> bytes:
    return (files("integrations.widget") / "static" / "storefront" / name).read_bytes()
