"""Saved pages: their content is kept whole, what stands around it is left out."""

from __future__ import annotations

import time

import pytest

from knowledge.converters.convert import Converted, convert

SHOPIFY = """<!doctype html><html class="js" lang="en"><head><meta charset="utf-8">
<title>Refund policy &ndash; Kite &amp; Co</title><link rel="canonical"
href="https://kite.example/policies/refund-policy">
<meta property="og:site_name" content="Kite &amp; Co"><meta property="og:title" content="Refund policy">
<script>window.Shopify = {};</script><style>.a{}</style></head>
<body class="gradient"><a class="skip-to-content-link button" href="#MainContent">Skip to content</a>
<div id="shopify-section-header"
class="shopify-section"><header><nav><ul><li><a href="/">Home</a></li></ul></nav></header></div>
<main id="MainContent" role="main"><div class="shopify-policy__container"><div class="shopify-policy__title">
<h1>Refund policy</h1></div><div class="shopify-policy__body"><div class="rte">
<p>We have a <strong>30-day</strong> return policy.<br>It starts the day you get it.</p>
<p>To start a return, write to <a href="mailto:returns@kite.example">our team</a> or see
<a href="https://kite.example/pages/returns?a=1&amp;b=(2)">how it works</a>, not <a href="javascript:go()">here</a>
nor <a href="/pages/x">there</a>.</p>
<h2>Damages and issues</h2><p>Please inspect your&nbsp;order.</p>
<ul><li>Photos</li><li>Order number<ul><li>on the label</li></ul></li></ul>
<ol><li><p>Pack it.</p></li><li><p>Send it.</p></li></ol>
<h2>Exceptions</h2><p>Gift cards cannot be returned.</p>
</div></div></div></main>
<div id="shopify-pc__banner" class="shopify-pc__banner"><h2>Cookie consent</h2><p>We use cookies.</p></div>
<footer><p>© 2026, Kite &amp; Co</p></footer></body></html>"""

ZENDESK = """<!DOCTYPE html><html dir="rtl" lang="ar"><head><meta charset="utf-8">
<title>الإرجاع – متجر كايت</title></head><body>
<div id="onetrust-consent-sdk"><p>نستخدم ملفات تعريف الارتباط</p></div>
<header class="header"><a href="/hc/ar">متجر كايت</a></header>
<main role="main"><div class="container"><nav class="sub-nav"><ol class="breadcrumbs"><li>الدعم</li></ol></nav>
<article class="article"><header class="article-header">
<h1 title="الإرجاع" class="article-title">الإرجاع</h1></header>
<section class="article-info"><div class="article-content"><div class="article-body">
<p>يمكنك إرجاع المنتج خلال <b>30 يومًا</b>.</p><h3>كم يستغرق رد المبلغ؟</h3><p>خمسة أيام عمل.</p>
<table><tbody><tr><td>الدولة</td><td>المدة</td></tr><tr><td>الإمارات</td><td>3 أيام</td></tr></tbody></table>
</div></div></section><footer><div class="article-footer">
<div class="article-share"><ul><li>Facebook</li></ul></div></div>
<div class="article-votes"><span>هل كان هذا مفيدا؟</span><button>نعم</button></div></footer>
<section class="article-relatives"><h3>مقالات ذات صلة</h3></section></article></div></main>
<footer class="footer"><p>متجر كايت</p></footer></body></html>"""

WORDPRESS = """<!DOCTYPE html><html lang="ja"><head><meta charset="Shift_JIS">
<title>返品について | カイト商店</title></head>
<body class="page cookies-not-set">
<header id="masthead" class="site-header"><h1 class="site-title">カイト商店</h1></header>
<div id="content"><p>全品
送料無料です。</p><article class="page">
<header class="entry-header"><h1>返品について</h1></header>
<div class="entry-content"><p>商品到着後、<strong>30日以内</strong>に
ご連絡ください。</p><details><summary>送料は誰が払いますか？</summary><p>当店が負担します。</p></details>
<dl><dt>返金</dt><dd>5営業日</dd></dl></div><div class="sharedaddy sd-sharing-enabled"><h3>共有:</h3></div></article>
<article><h2>交換</h2><p>サイズ交換は一度だけです。</p></article></div>
<aside class="widget-area"><h2>最近の投稿</h2></aside><footer class="site-footer">&copy; カイト商店</footer>
<div class="cookie-notice-container"><p>クッキー</p></div></body></html>"""


def page(html: str | bytes) -> Converted:
    (found,) = convert("a.html", html if isinstance(html, bytes) else html.encode())
    return found


def body(html: str) -> str:
    return page(html).body


def test_a_policy_page_of_shopify_is_its_policy() -> None:
    found = page(SHOPIFY)
    address = "https://kite.example/policies/refund-policy"
    assert found.header == {"title": "Refund policy", "locale": "en", "url": address}
    assert found.body == (
        "# Refund policy\n\n"
        "We have a **30-day** return policy.\nIt starts the day you get it.\n\n"
        "To start a return, write to our team (returns@kite.example) or see "
        "[how it works](https://kite.example/pages/returns?a=1&b=%282%29), not here nor there.\n\n"
        "## Damages and issues\n\nPlease inspect your order.\n\n"
        "- Photos\n- Order number\n  - on the label\n\n1. Pack it.\n2. Send it.\n\n"
        "## Exceptions\n\nGift cards cannot be returned."
    )


def test_an_article_of_zendesk_in_arabic_is_its_article() -> None:
    found = page(ZENDESK)
    assert found.header == {"title": "الإرجاع", "locale": "ar"}
    assert found.body == (
        "# الإرجاع\n\nيمكنك إرجاع المنتج خلال **30 يومًا**.\n\n### كم يستغرق رد المبلغ؟\n\nخمسة أيام عمل.\n\n"
        "| الدولة | المدة |\n| --- | --- |\n| الإمارات | 3 أيام |"
    )


def test_a_page_of_wordpress_in_japanese_without_a_main_part_loses_no_section() -> None:
    found = page(WORDPRESS.encode("cp932"))
    assert found.header == {"title": "返品について", "locale": "ja"}
    assert found.body == (
        "全品送料無料です。\n\n# 返品について\n\n商品到着後、**30日以内**にご連絡ください。\n\n"
        "## 送料は誰が払いますか？\n\n当店が負担します。\n\n**返金**: 5営業日\n\n## 交換\n\nサイズ交換は一度だけです。"
    )


@pytest.mark.parametrize(
    ("folded", "written"),
    [
        (
            "<h2>FAQ</h2><details><summary>How long?</summary>Ten days.</details>"
            "<details><summary>Where?</summary>Here.</details>",
            "## FAQ\n\n### How long?\n\nTen days.\n\n### Where?\n\nHere.",
        ),
        (
            "<h3><button aria-expanded='false' aria-controls='p'>Who pays?</button></h3>"
            "<div id='p' hidden>We do.</div>",
            "### Who pays?\n\nWe do.",
        ),
        (
            "<button aria-expanded='false' aria-controls='p'>Who pays?</button>"
            "<div id='p' aria-hidden='true'>We do.</div>",
            "## Who pays?\n\nWe do.",
        ),
        (
            "<ul><li><h3>Who pays?</h3><div class='accordion-body' style='display: none'>We do.</div></li></ul>",
            "### Who pays?\n\nWe do.",
        ),
        ("<p>Seen</p><p hidden>a</p><p style='display:none'>b</p><p aria-hidden=true>c</p>", "Seen"),
    ],
)
def test_what_is_folded_is_content_and_what_is_hidden_is_not(folded: str, written: str) -> None:
    assert body(f"<main>{folded}</main>") == written


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<tr><th rowspan=2>Country<th colspan=2>Days<tr><th>Std<th>Fast"
            "<tr><td rowspan=2>DE<td>3<td>1|2<tr><td colspan=2>none",
            ["| Country | Days Std | Days Fast |", "| --- | --- | --- |", "| DE | 3 | 1\\|2 |", "| DE | none | none |"],
        ),
        ("<tr><th>Cost<td>free<tr><th>Days<td>3", ["|  |  |", "| --- | --- |", "| Cost | free |", "| Days | 3 |"]),
        (
            "<tr><td>A<td>B<tr><td><ul><li>x<li>y</ul><td><p>one<p>two",
            ["| A | B |", "| --- | --- |", "| x; y | one two |"],
        ),
        (
            "<caption>Times</caption><tfoot><tr><td>all<td>4</tfoot><tr><th>A<th>B<tr><td colspan=999999>1",
            None,
        ),
    ],
)
def test_every_row_of_a_table_is_whole(table: str, rows: list[str] | None) -> None:
    found = body(f"<main><table>{table}</table></main>")
    if rows is None:
        assert found.startswith("Times\n\n| A | B |")
        assert found.splitlines()[-1].startswith("| all | 4 |")
    else:
        assert found == "\n".join(rows)


INNER = "<table><tr><td>Express<td>3 Tage<tr><td>Normal<td>5 Tage<tr><td>Sperrgut<td>9 Tage<td>+20 €</table>"


@pytest.mark.parametrize(
    ("table", "header"),
    [
        (f"<tr><th>Teil<th>Lieferung<tr><td>Dichtung<td>6 Tage<tr><td>Ventil<td>{INNER}", "| Teil | Lieferung |"),
        (f"<tr><td>部品<td>色<td>納期<tr><td>弁<td>赤<td>{INNER}<tr><td>管<td>青<td>6日", "| 部品 | 色 | 納期 |"),
    ],
)
def test_a_table_in_a_cell_is_said_within_its_row(table: str, header: str) -> None:
    found = body(f"<main><table>{table}</table></main>").splitlines()
    assert found[0] == header
    assert [len(row.split(" | ")) for row in found[2:]] == [header.count("|") - 1] * 2
    assert "| Express: 3 Tage; Normal: 5 Tage; Sperrgut, 9 Tage, +20 € |" in "\n".join(found)


@pytest.mark.parametrize(
    "layout",
    [
        f"<tr><td>Menu<td>{INNER}",
        f"<thead><tr><td>Kite</thead><tr><td>{INNER}<td>Menu",
        f"<tr><td>{INNER}<td>{INNER}<td>{INNER}<tr><td>{INNER}<td>{INNER}<td>{INNER}",
        f"<tr><td>a<td>b<td>c<tr><td>Menu<td>{'Thirty days. ' * 50}<td>{INNER}",
    ],
)
def test_a_table_within_the_layout_of_a_page_is_a_table(layout: str) -> None:
    table = INNER.replace("<tr><td>Sperrgut<td>9 Tage<td>+20 €", "")
    assert "\n\n| Express | 3 Tage |\n| --- | --- |\n| Normal | 5 Tage |" in "\n\n" + body(
        f"<main><table>{layout.replace(INNER, table)}</table></main>"
    )


def test_tables_within_tables_without_end_are_read_in_time() -> None:
    deep = "<table><tr><th>A<th>B<tr><td>a<td>" * 90 + "last"
    began = time.process_time()
    assert "last" in body(f"<main>{deep}</main>")
    assert time.process_time() - began < 2


def test_a_table_of_layout_is_not_a_table() -> None:
    layout = "<table><tr><td><h2>Returns</h2><p>Thirty days.</p></td><td><h2>Cost</h2><p>None.</p></td></tr></table>"
    assert body(layout) == "## Returns\n\nThirty days.\n\n## Cost\n\nNone."


@pytest.mark.parametrize(
    ("head", "header"),
    [
        ("<title>Returns | Kite</title>", {"title": "Returns"}),
        ("<title>Returns - Help - Kite</title>", {"title": "Returns - Help"}),
        ("<title>x</title><meta property=og:title content='Our returns'>", {"title": "Our returns"}),
        ("<meta property=og:locale content=pt_BR>", {"locale": "pt-BR"}),
        ("<meta http-equiv=Content-Language content=fr>", {"locale": "fr"}),
        ("<meta property=og:url content='https://k.example/a'>", {"url": "https://k.example/a"}),
        ("<link rel=canonical href='javascript:x'><link rel=canonical href=/a>", {}),
    ],
)
def test_the_header_is_what_the_page_states(head: str, header: dict[str, str]) -> None:
    assert page(f"<html><head>{head}</head><body><p>Text.</p></body></html>").header == header


def test_the_title_of_the_page_and_not_the_sign_of_the_shop() -> None:
    html = "<title>Returns | Kite</title><body><header><h1>Kite</h1></header><p>Thirty days.</p>"
    assert page(html) == Converted({"title": "Returns"}, "Thirty days.")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Größe".encode("utf-16"), "Größe"),
        (b"<meta charset=windows-1252><p>Gr\xf6\xdfe \x80 5", "Größe € 5"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=euc-jp'><p>" + "返品".encode("euc-jp"), "返品"),
        ("<p>Größe".encode(), "Größe"),
        (b"<meta charset=unicode_escape><p>a\\u0041", "a\\u0041"),
        (("<p>" + "Возврат товара в течение тридцати дней. " * 5).encode("cp1251"), "Возврат товара"),
        ("<p>Quel délai ? Trente jours".encode("cp1252"), "Quel délai ?"),
        ("<p>Przesyłka kosztuje 15 złotych".encode("cp1250"), "Przesyłka kosztuje"),
        ("<p>送料は500円です".encode("cp932"), "送料は500円です"),
        ("<p>Größe zählt für uns".encode() * 20 + b"\xff", "Größe zählt für uns"),
    ],
)
def test_the_letters_are_those_meant(data: bytes, text: str) -> None:
    assert text in page(data).body


def test_a_page_that_is_one_form_is_read_and_a_newsletter_is_not() -> None:
    html = "<form action=x><div><h1>Returns</h1><p>Thirty days.</p></div></form><form><p>Subscribe!</p><input></form>"
    assert body(html) == "# Returns\n\nThirty days."


def test_a_section_about_cookies_is_not_a_banner() -> None:
    html = "<main><section class='cookie-policy' id='cookies'><h2>Cookies</h2><p>We set two.</p></section></main>"
    assert body(html) == "## Cookies\n\nWe set two."


def test_prose_that_looks_like_markdown_stays_prose() -> None:
    assert body("<p># 5 in the list</p><p>---</p><p>``` x</p>") == "\\# 5 in the list\n\n\\---\n\n\\``` x"


def test_a_page_in_xhtml_keeps_what_follows_an_empty_script() -> None:
    html = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de"><body>'
    html += '<script src="a.js"/><p>Dreißig&nbsp;Tage</p></body></html>'
    (found,) = convert("a.xhtml", html.encode())
    assert found == Converted({"locale": "de"}, "Dreißig Tage")


@pytest.mark.parametrize("tag", ["div", "em", "ul><li", "table><tr><td", "blockquote"])
@pytest.mark.parametrize("depth", [150, 5_000])
def test_what_is_nested_deep_is_read_or_refused_in_words(tag: str, depth: int) -> None:
    html = f"<p>First</p>{f'<{tag}>' * depth}deep"
    try:
        found = body(html)
    except ValueError as error:
        found = str(error)
    assert "nested" in found or (found.startswith("First\n\n") and found.endswith("deep"))


def test_a_card_that_is_a_link_keeps_its_blocks() -> None:
    assert body("<a href='https://a.example'><h3>Returns</h3><p>Thirty days.</p></a>") == "### Returns\n\nThirty days."


def test_the_anchor_of_a_heading_is_no_part_of_it() -> None:
    assert body("<h2>Returns <a href='#returns'>¶</a></h2><p>Free.</p>") == "## Returns\n\nFree."
