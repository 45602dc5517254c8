"""Which columns or keys of a file hold text to translate; codes, prices and addresses are left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CODES = re.compile(
    r"(^|[\s_.-])(id|ids|uuid|guid|key|sku|skus|mpn|ean|gtin|upc|isbn|asin|barcode|handle|slug|permalink|url|uri|link|href|src"
    r"|image|images|img|picture|photo|video|icon|file|path|price|prices|cost|amount|currency|tax|vat|discount|rate|qty"
    r"|quantity|stock|inventory|weight|grams|width|height|depth|date|time|created|updated|modified|timestamp|status|state"
    r"|published|visible|active|enabled|type_code|code|codes|hs|locale|lang|language|country|market|marketplace|channel|email"
    r"|mail|phone|position|sort|order|parent|version|hash|class|style|template|target|rel)([\s_.-]|$)",
    re.IGNORECASE,
)  # fmt: skip
_TEXTS = re.compile(
    r"(^|[\s_.-])(title|titel|name|names|description|desc|beschreibung|bullet|bullets|bulletpoint|feature|features|highlight"
    r"|highlights|text|texts|copy|body|content|subtitle|caption|captions|alt|seo|meta|tag|tags|keyword|keywords|label|category"
    r"|categories|material|color|colour|care|summary|message|subject|headline|cta|source|value|option|options|question|answer"
    r"|slogan|tagline|paragraph|heading|notice|instructions|ingredients|scent|finish|pattern)[s\d]*([\s_.-]|$)",
    re.IGNORECASE,
)  # fmt: skip
BRANDS = re.compile(r"^(brand|brands|vendor|manufacturer|maker|marke)([\s_-]?name)?$", re.IGNORECASE)
"""Columns whose values are names that are never translated."""

CONTEXTS = re.compile(r"^(context|note|notes|comment|comments|hint|translator[\s_-]?notes?)$", re.IGNORECASE)
"""Columns that tell translators something."""

LIMITS = re.compile(r"^(limit|max|max[\s_-]?(length|len|chars|characters)|character[\s_-]?limit)$", re.IGNORECASE)
"""Columns that say how many characters a text of the row may have."""

_NO_TEXT = re.compile(
    r"\s*(https?://\S+|www\.\S+|\S+@\S+\.\w+|[\w./\\-]+\.(png|jpe?g|webp|gif|svg|mp4|pdf|html?|css|js)"
    r"|#[0-9a-f]{3,8}|[0-9a-f]{8}-[0-9a-f-]{27}|true|false|null|none|yes|no|n/?a|[a-z]{2}[-_][A-Z]{2}"
    r"|[a-z0-9]+([_-][a-z0-9]+)+|[A-Z]{3}|[A-Z0-9]*\d[A-Z0-9]*([-_/.][A-Z0-9]+)*|[A-Z]{2,}([-_/][A-Z0-9]+)+)\s*",
)
_LETTERS = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORDS = re.compile(r"[^\W\d_]{2,}[^\w]+([^\W\d_]{2,}|\d)|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}|<\w+")


def holds_text(value: str) -> bool:
    """Whether a value has something to translate: words, and not a code, an address, a file or a colour."""
    return bool(_LETTERS.search(value)) and _NO_TEXT.fullmatch(value) is None


def is_text_key(name: str, value: str) -> bool:
    """Whether a key of JSON with a value holds text."""
    spaced = _spaced(name)
    if _TEXTS.search(spaced):
        return holds_text(value)
    return holds_text(value) and not _CODES.search(spaced) and not BRANDS.match(spaced)


def _spaced(name: str) -> str:
    """A name with its parts apart: 'imageUrl' as 'image_Url'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())


def is_text_column(name: str, values: Sequence[str]) -> bool:
    """Whether a column holds text: by its heading where that says, else by whether most of its values are phrases."""
    held = [value for value in values if value.strip()]
    spaced = _spaced(name)
    if not held or BRANDS.match(spaced) or CONTEXTS.match(spaced) or LIMITS.match(spaced):
        return False
    prose = sum(map(holds_text, held))
    if _CODES.search(spaced):
        return bool(_TEXTS.search(spaced)) and 2 * sum(bool(_WORDS.search(value)) for value in held) > len(held)
    if _TEXTS.search(spaced):
        return 2 * prose >= len(held)
    return 2 * sum(holds_text(value) and bool(_WORDS.search(value)) for value in held) >= len(held)
