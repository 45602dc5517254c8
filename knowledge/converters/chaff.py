"""What stands around the content of a page taken away: menus, banners, forms, what is hidden; what is folded stays."""

from __future__ import annotations

import re
from typing import Any

_NEVER = (
    "script", "style", "noscript", "template", "nav", "aside", "iframe", "object", "embed", "svg", "canvas", "audio",
    "video", "math", "input", "select", "textarea", "datalist", "dialog", "progress", "meter", "map", "frameset",
)  # fmt: skip
_ROLES = {"navigation", "search", "dialog", "alertdialog", "complementary", "menu", "menubar", "toolbar"}
_EDGES = (
    "//*[self::header or self::footer or @role='banner' or @role='contentinfo']"
    "[not(ancestor::main or ancestor::article or ancestor::section or ancestor::*[@role='main'])]"
)
_HIDDEN = re.compile(r"(?i)(display\s*:\s*none|visibility\s*:\s*hidden)")
_FOLDED = re.compile(r"(?i)accord|collaps|faq|toggle|panel|answer|tab-?(content|pane)|expand|disclos")
_TITLED = "ancestor::h1|ancestor::h2|ancestor::h3|ancestor::h4|ancestor::h5|ancestor::h6|ancestor::summary|ancestor::dt"
_CHAFF = re.compile(
    r"(.*[-_])?breadcrumbs?([-_].*)?"
    r"|(.*[-_])?(cookie|cookies|consent|gdpr|ccpa)([-_].*)?[-_](banner|bar|notice|popup|modal|overlay|dialog|message"
    r"|box|wall|manager|root|container|wrapper|widget|preferences|settings)([-_].*)?"
    r"|(cookie|consent|gdpr)(banner|bar|notice|popup|modal|consent|wall)|cookie[-_]law[-_]info.*|cookie-?consent.*"
    r"|onetrust-.*|cybotcookiebot.*|cmplz-.*|cky-.*|usercentrics.*|didomi-.*|iubenda-cs-.*|shopify-pc__.*|klaro|qc-cmp.*"
    r"|(article|post|entry|social|page|blog)[-_]{1,2}(share|sharing)([-_].*)?|sharedaddy|sd-sharing.*|addtoany.*|a2a_kit"
    r"|share([-_]{1,2}(buttons?|links?|bar|icons?|widgets?|tools|list))|addthis.*|social-?(links|icons|media|buttons)"
    r"|(article|post|entry)-(votes|relatives|comments|return-to-top|subscribe|vote-controls)|jp-relatedposts"
    r"|recent-articles|related-articles|comments-area|skip-(to-content|link|nav).*|screen-reader-shortcut|site-(header"
    r"|footer|navigation)|back-to-top"
)


def content_of(document: Any) -> list[Any]:
    """The elements that hold the content of a page, cleaned in place: main, else the one article, else the body."""
    _drop_tags(document)
    _unfold(document)
    _drop_hidden(document)
    _drop_classes(document)
    _drop_buttons(document)
    mains = [each for each in document.xpath("//main|//*[@role='main']") if not _inside(each, "main")]
    mains = [each for each in mains if each.text_content().strip()]
    if mains:
        return mains
    for edge in document.xpath(_EDGES):
        _drop(edge)
    bodies = document.xpath("/html/body") or [document]
    articles = [each for each in document.xpath("//article") if not _inside(each, "article")]
    if len(articles) == 1 and 2 * _size(articles[0]) > _size(bodies[0]):
        return articles
    return bodies


def _inside(element: Any, tag: str) -> bool:
    return any(above.tag == tag or above.get("role") == tag for above in element.iterancestors())


def _size(element: Any) -> int:
    return len("".join(element.text_content().split()))


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _holds_page(element: Any) -> bool:
    """Whether an element is more than chaff: the page itself, or around its main part or its title."""
    if element.tag in ("html", "body", "main", "article", "h1") or element.get("role") == "main":
        return True
    return element.find(".//main") is not None or element.find(".//article") is not None or _titled_inside(element)


def _titled_inside(element: Any) -> bool:
    return element.find(".//h1") is not None or element.find(".//*[@role='main']") is not None


def _drop_tags(document: Any) -> None:
    for element in list(document.iter(*_NEVER)):
        _drop(element)
    for element in document.xpath("//*[@role]"):
        if element.get("role").lower() in _ROLES and not _holds_page(element):
            _drop(element)
    half = _size(document) // 2
    for form in list(document.iter("form")):
        # some shop systems put the whole page into a form
        if not _holds_page(form) and _size(form) <= half:
            _drop(form)


def _controls(element: Any) -> list[str]:
    said = [element.get(name, "") for name in ("aria-controls", "data-bs-target", "data-target")]
    if element.get("data-toggle") or element.get("data-bs-toggle") or element.get("role") == "tab":
        said.append(element.get("href", ""))
    return [name.lstrip("#") for value in said for name in value.split()]


def _unfold(document: Any) -> None:
    """Panels that a visible control opens are content; a control outside any heading is the heading of its panel."""
    places = {element.get("id"): element for element in document.xpath("//*[@id]")}
    for control in document.xpath("//*[@aria-controls or @data-bs-target or @data-target or @href]"):
        panels = [places[name] for name in _controls(control) if name in places]
        for panel in panels:
            panel.set("data-unfolded", "yes")
        if panels and control.get("aria-expanded") and not control.xpath(_TITLED + "|.//h2|.//h3|.//h4|.//h5"):
            _name_panel(control)


def _name_panel(control: Any) -> None:
    text = control.text_content()
    for child in list(control):
        control.remove(child)
    control.text, control.tag = None, "details"
    summary = control.makeelement("summary")
    summary.text = text
    control.append(summary)


def _drop_hidden(document: Any) -> None:
    for element in document.xpath("//*[@hidden or @aria-hidden='true' or @style]"):
        found = f"{element.get('class', '')} {element.get('id', '')}"
        styled = _HIDDEN.search(element.get("style", ""))
        hidden = styled or element.get("hidden", "until-found") != "until-found" or element.get("aria-hidden") == "true"
        opens = element.get("data-unfolded") or element.get("role") in ("tabpanel", "region") or _FOLDED.search(found)
        if hidden and not opens and element.tag not in ("html", "body"):
            _drop(element)


def _drop_classes(document: Any) -> None:
    for element in document.xpath("//*[@class or @id]"):
        tokens = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
        if any(_CHAFF.fullmatch(token) for token in tokens) and not _holds_page(element):
            _drop(element)


def _drop_buttons(document: Any) -> None:
    for button in list(document.iter("button")):
        if button.xpath(_TITLED) or button.xpath(".//h2|.//h3|.//h4|.//h5"):
            button.drop_tag()
        else:
            _drop(button)
