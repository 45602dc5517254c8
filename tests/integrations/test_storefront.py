"""The demo storefront: its pages in every language, signing in, and what hostile texts of a shop come to on them."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jwt
import pytest
import pytest_asyncio
from httpx import AsyncClient

from integrations.database.shop import ShopData
from integrations.markup import Html, tag
from integrations.widget.shop_front import identity_key
from integrations.widget.storefront.account import COOKIE, PEOPLE
from integrations.widget.storefront.pictures import draw_product
from knowledge.commerce import Customer, Order, Product
from knowledge.locales import served_locales
from tests.integrations.front_door import LENA, SECRET, Shop, begin, open_shop
from tests.integrations.pages_read import Read
from tests.integrations.xss_vectors import VECTORS

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAGES = ("/", "/?family=pet", "/products/AQ-F-002", "/cart", "/account", "/policies/returns")
OWN_SCRIPTS = {"/widget.js", "/storefront/shop.js", "/storefront/cart_page.js"}
ALLOWED = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "img", "span", "nav", "div",
    "details", "summary", "main", "section", "h1", "h2", "b", "p", "footer", "ul", "li", "svg", "circle",
    "article", "form", "input", "label", "button", "fieldset", "legend", "table", "tr", "th", "td", "thead",
    "tbody", "pre", "code", "em", "strong", "ol", "h3", "blockquote", "hr", "br",
}  # fmt: skip


def assert_harmless(page: str) -> Read:
    """Nothing on a page is there that its makers did not put there."""
    read = Read(page)
    assert {name for name, _ in read.tags} <= ALLOWED
    assert set(read.all("script", "src")) <= OWN_SCRIPTS
    assert not re.search(r"<script[^>]*>[^<]", page)
    for name, held in read.tags:
        assert not [key for key in held if key.startswith("on") or key in ("style", "srcdoc", "formaction", "ping")]
        for key in ("href", "src", "action"):
            address = held.get(key)
            elsewhere = r"|//|https?://|mailto:" if name == "a" else ""
            assert address is None or re.match(rf"/(?!/)|#{elsewhere}", address), (name, address)
    return read


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_whole_in_every_language_and_carries_no_script_of_its_own(
    client: AsyncClient, path: str
) -> None:
    for language, locale in served_locales().items():
        reply = await client.get(path, params={"locale": locale.locale} if "?" not in path else None)
        read = assert_harmless(reply.text)
        policy = reply.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "//" not in policy
        if "?" not in path:
            assert (read.all("html", "lang"), read.all("html", "dir")) == ([language], [locale.direction])
            assert f'data-locale="{locale.locale}"' in reply.text
        assert not re.search(r"\{\w+\}", read.text)
        assert len(read.all("h1", "class")) == 1


async def test_every_link_of_a_page_leads_somewhere(client: AsyncClient) -> None:
    seen: set[str] = set()
    for path in PAGES:
        read = Read((await client.get(path)).text)
        links = {*read.all("a", "href"), *read.all("img", "src"), *read.all("link", "href"), *read.all("script", "src")}
        seen |= {link.partition("#")[0] for link in links if link and link.startswith("/")}
    assert len(seen) > 100
    tried = [link for n, link in enumerate(sorted(seen)) if n % 4 == 0 or not link.startswith(("/products", "/images"))]
    assert [link for link in tried if (await client.get(link)).status_code != 200] == []


async def test_prices_are_in_the_currency_of_the_reader(client: AsyncClient) -> None:
    for locale, price in (
        ("en-GB", "£69.00"),
        ("en-US", "$"),
        ("de-DE", "79,00\xa0€"),
        ("ja-JP", "￥"),
        ("pt-BR", "R$"),
    ):
        assert price in Read((await client.get(f"/products/AQ-F-002?locale={locale}")).text).text


async def test_a_product_tells_scripts_what_the_shop_states(client: AsyncClient, shop: Shop) -> None:
    product = await shop.dragoman.shop.product("AQ-F-002")
    assert product is not None
    [told] = [
        v for v in Read((await client.get("/products/AQ-F-002?locale=en-GB")).text).all("form", "data-variants") if v
    ]
    variants = json.loads(told)
    assert [entry["variant_id"] for entry in variants] == [variant.sku for variant in product.variants]
    for entry, variant in zip(variants, product.variants, strict=True):
        assert (entry["price"], entry["currency"]) == (str(variant.prices["GBP"]), "GBP")
        assert entry["available"] is (variant.available and variant.stock != 0)
    catalogue = (await client.get("/storefront/catalogue.json?locale=en-GB")).json()
    assert catalogue["AQF002-PIN-XS"]["price"] == "69.00"
    assert len(catalogue) == len({v.sku for p in await shop.dragoman.shop.products() for v in p.variants})


async def test_signing_in_shows_ones_own_orders_and_tells_the_assistant_who_one_is(shop: Shop) -> None:
    async with shop.visit() as client:
        form = {"origin": "http://shop.test"}
        assert Read((await client.get("/account")).text).all("script", "data-identity-token") == [None, None]
        reply = await client.post("/account/sign-in", data={"customer": LENA}, headers=form)
        assert reply.status_code == 303
        assert re.search(r"httponly; .*samesite=lax", reply.headers["set-cookie"].lower())
        page = await client.get("/account?locale=de-DE")
        assert page.headers["cache-control"] == "private, no-store"
        own = [order.order_id for order in await shop.dragoman.shop.orders_of(LENA)]
        assert [order for order in own if order in page.text] == own
        [token] = [held for held in Read((await client.get("/")).text).all("script", "data-identity-token") if held]
        headers = await begin(client, identity_token=token)
        listed = (await client.get("/v1/orders", headers=headers)).json()["orders"]
        assert {order["order_id"] for order in listed} == set(own)
        await client.post("/account/sign-out", headers=form)
        assert "data-identity-token" not in (await client.get("/")).text


async def test_the_cookie_is_no_identity_and_an_identity_no_cookie(shop: Shop) -> None:
    async with shop.visit() as client:
        await client.post("/account/sign-in", data={"customer": LENA}, headers={"origin": "http://shop.test"})
        cookie = client.cookies[COOKIE]
        assert (await client.post("/v1/sessions", json={"identity_token": cookie})).status_code == 401
        [token] = [held for held in Read((await client.get("/")).text).all("script", "data-identity-token") if held]
    for wrong in (token, "x", jwt.encode({"sub": LENA, "aud": "storefront"}, SECRET), cookie[:-3]):
        async with shop.visit() as client:
            client.cookies.set(COOKIE, wrong)
            assert "data-identity-token" not in (await client.get("/")).text


@pytest.mark.parametrize(("headers", "customer", "status"), [
    ({"origin": "https://evil.example"}, LENA, 403), ({}, LENA, 403), ({"origin": "null"}, LENA, 403),
    ({"origin": "http://shop.test", "sec-fetch-site": "cross-site"}, LENA, 403),
    ({"origin": "http://shop.test"}, "nobody", 422), ({"origin": "http://shop.test"}, "yuki_tanaka_0001", 422),
    ({"origin": "http://shop.test"}, "", 422),
])  # fmt: skip
async def test_only_our_own_form_signs_in_and_only_as_somebody_shown(
    client: AsyncClient, headers: dict[str, str], customer: str, status: int
) -> None:
    reply = await client.post("/account/sign-in", data={"customer": customer}, headers=headers)
    assert reply.status_code == status
    assert "set-cookie" not in reply.headers


async def test_nobody_signs_in_like_this_outside_the_demo(shop: Shop) -> None:
    async with shop.visit(environment="production") as client:
        assert (await client.get("/account")).status_code == 404
        reply = await client.post("/account/sign-in", data={"customer": LENA}, headers={"origin": "http://shop.test"})
        assert reply.status_code == 404
        assert "/account" not in (await client.get("/")).text


async def test_the_demo_signs_with_a_key_of_its_own_where_none_is_set(shop: Shop) -> None:
    from pydantic import SecretStr

    async with shop.visit(identity_secret=SecretStr("")) as client:
        await client.post("/account/sign-in", data={"customer": LENA}, headers={"origin": "http://shop.test"})
        [token] = [held for held in Read((await client.get("/")).text).all("script", "data-identity-token") if held]
        assert (await client.post("/v1/sessions", json={"identity_token": token})).json()["identified"] is True
    assert identity_key(shop.house).get_secret_value() == SECRET


async def test_every_product_is_drawn_in_the_colour_of_its_variant(client: AsyncClient, shop: Shop) -> None:
    from xml.etree import ElementTree

    products = await shop.dragoman.shop.products()
    drawn = {product.product_id: draw_product(product) for product in products}
    for picture in drawn.values():
        assert ElementTree.fromstring(picture).tag.endswith("svg")
    assert len({picture.partition("</title>")[2] for picture in drawn.values()}) > 60
    hoodie = next(product for product in products if product.product_id == "AQ-F-002")
    pine = (await client.get("/images/AQ-F-002.svg?variant=AQF002-PIN-XS")).text
    assert "#3f6353" in pine
    assert "#3f6353" not in draw_product(hoodie)
    assert (await client.get("/images/AQ-F-002.svg?variant=<script>")).status_code == 200


async def test_all_languages_say_the_same_things() -> None:
    folder = Path(__file__).parents[2] / "integrations" / "widget" / "storefront" / "words"
    held = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    assert set(held) == set(served_locales())
    for words in held.values():
        assert words.keys() == held["en"].keys()
        for key, text in words.items():
            assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", held["en"][key])


async def test_text_becomes_no_markup_and_only_elements_do() -> None:
    assert tag("p", "<b>", tag("i", "&"), None, ["x"]) == "<p>&lt;b&gt;<i>&amp;</i>x</p>"
    assert (
        tag("a", href='"><script>', data_x=None, hidden=True, disabled=False)
        == '<a href="&quot;&gt;&lt;script&gt;" hidden></a>'
    )
    assert isinstance(tag("p"), Html)


def hostile(vector: str, number: int) -> tuple[Product, Customer, Order]:
    """A product, a customer and an order that are made of one text wherever text may be."""
    product = Product(
        product_id=f"X{number}", name=f"N{number} {vector}", family="home" if number % 2 else vector, category=vector,
        summary=vector, image_hint=vector, facts={"material": vector, "fit": [vector], vector: vector},
        warnings=[vector], in_the_box=[vector], faq=[{"q": vector, "a": vector}],  # type: ignore[list-item]
        variants=[{"sku": f"{vector}-{number}", "options": {"color": vector, vector: "x"}, "price": "5"}],  # type: ignore[list-item]
    )  # fmt: skip
    customer = Customer.model_validate(
        {"user_id": PEOPLE[number % len(PEOPLE)], "email": "x@example.org", "locale": vector, "market": vector,
         "name": {"first_name": vector, "last_name": vector}}
    )  # fmt: skip
    order = Order.model_validate(
        {"order_id": f"{vector} {number}", "user_id": customer.customer_id, "status": vector, "currency": "EUR",
         "items": [{"name": vector, "product_id": f"X{number}", "item_id": vector, "options": {"color": vector}}]}
    )  # fmt: skip
    return product, customer, order


def _line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Policies whose titles, headings and texts are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    for number in range(4):
        told = [vector.replace("\x00", "") for vector in VECTORS[number::4]]  # a text with NUL is no document
        groups = [told[place : place + 5] for place in range(0, len(told), 5)]
        parts = [f"## H {_line(group[0])}\n\n" + "\n\n".join(f"P {vector}" for vector in group) for group in groups]
        table = f"\n\n| a | b |\n|---|---|\n| {_line(told[1])} | x |\n"
        head = f"---\nid: hostile-{number}\ntitle: {json.dumps(told[2])}\nlocale: en\naudience: shopper\n---\n"
        (folder / f"hostile-{number}.md").write_text(head + "\n\n".join(parts) + table, "utf-8")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hostile_shop(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory, documents: Path
) -> AsyncIterator[Shop]:
    """A demo in which all there is was written by somebody who means harm."""
    home = tmp_path_factory.mktemp("hostile-shop") / "home"
    shutil.copytree(demo_home, home)
    made = [hostile(vector, number) for number, vector in enumerate(VECTORS)]
    products, _, orders = ([part[place] for part in made] for place in range(3))
    customers = {customer.customer_id: customer for _, customer, _ in made}
    async with open_shop(home) as opened:
        facts = {**opened.dragoman.shop.facts, "name": VECTORS[5], "documents": str(documents)}
        facts["about"] = {"privacy_url": "javascript:alert(1)", "logo": "javascript:alert(1)"}
        await opened.dragoman.shop.replace(ShopData([], [], [], facts))
        await opened.dragoman.library.sync()
        await opened.dragoman.shop.replace(ShopData(products, [*customers.values()], orders, facts))
        yield opened


async def test_hostile_texts_are_texts_on_every_page(hostile_shop: Shop) -> None:
    """Each of the vectors, in each place where a page shows what the shop, its documents or its customers say."""
    assert len(VECTORS) >= 60
    async with hostile_shop.visit() as client:
        front = assert_harmless((await client.get("/")).text)
        for number, vector in enumerate(VECTORS):
            shown = vector.replace("\x00", "\ufffd")
            assert f"N{number} {shown}" in front.text
            page = assert_harmless((await client.get(f"/products/X{number}?locale=en-US")).text)
            assert page.text.count(shown) >= 8
            picture = await client.get(f"/images/X{number}.svg", params={"variant": vector})
            assert set(re.findall(r"<([a-z]+)", picture.text)) <= {
                "svg",
                "title",
                "rect",
                "circle",
                "ellipse",
                "path",
                "g",
                "text",
            }
            assert picture.headers["content-security-policy"] == "default-src 'none'"


async def test_hostile_documents_are_texts(hostile_shop: Shop) -> None:
    async with hostile_shop.visit() as client:
        for number in range(4):
            reply = await client.get(f"/policies/hostile-{number}")
            assert reply.status_code == 200
            page = assert_harmless(reply.text)
            assert not [address for address in page.all("img", "src") if address != "/images/logo.svg"]
            told = [vector for vector in VECTORS[number::4] if "<" in vector and "`" not in vector]
            shown = [vector for vector in told if vector in page.text]
            assert len(shown) > len(told) / 2


async def test_hostile_names_and_orders_are_texts_in_an_account(hostile_shop: Shop) -> None:
    async with hostile_shop.visit() as client:
        people = assert_harmless((await client.get("/account")).text)
        assert VECTORS[-1].replace("\x00", "\ufffd").splitlines()[0] in people.text
        shown = 0
        for person in PEOPLE:
            await client.post("/account/sign-in", data={"customer": person}, headers={"origin": "http://shop.test"})
            page = assert_harmless((await client.get("/account")).text)
            shown += sum(f"{vector} {n}".replace("\x00", "\ufffd") in page.text for n, vector in enumerate(VECTORS))
        assert shown == len(VECTORS)


async def test_hostile_parameters_are_texts(client: AsyncClient) -> None:
    paths = ("/", "/cart", "/account", "/products/AQ-P-001", "/policies/returns")
    for number, vector in enumerate(VECTORS):
        reply = await client.get(paths[number % len(paths)], params={"locale": vector, "family": vector})
        assert_harmless(reply.text)
        for path in ("/products/", "/policies/", "/images/", "/storefront/"):
            reply = await client.get(path + quote(vector, safe=""))
            assert reply.status_code in (404, 405)
            assert reply.headers["content-type"] == "application/json"


async def test_what_the_api_says_of_a_hostile_shop_opens_nothing(hostile_shop: Shop) -> None:
    async with hostile_shop.visit() as client:
        told: dict[str, Any] = (await client.post("/v1/sessions", json={})).json()
    assert told["shop"]["name"] == VECTORS[5]
    assert "javascript" not in told["shop"]["privacy_url"] + told["shop"]["logo"]


async def test_a_product_of_ones_own_is_shown_by_its_letter() -> None:
    drawn = draw_product(Product.model_validate({"product_id": "B", "name": "bule & co", "category": "Cerâmica"}))
    assert ">B</text>" in drawn
    assert drawn.endswith("</svg>")
