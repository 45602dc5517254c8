"""What is looked for in a text by its shape: emoji, markup, contacts, links, prices; words too small to count."""

import re

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u23e9-\u23fa\u231a\u231b\ufe0f\u20e3]")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>|&(?:[a-z]{2,8}|#\d{2,6});")
BASIC = frozenset({"p", "ul", "ol", "li", "b", "strong", "em", "i", "br", "img"})
ACTIVE = frozenset(
    {"script", "style", "iframe", "frame", "form", "input", "button", "textarea", "object", "embed", "pre", "link"}
)
CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+|(?:https?://|www\.)\S+"
    r"|\b[\w-]+\.(?:com|net|org|shop|store|de|fr|es|co|id|cn|jp|br|io)\b(?:/\S*)?|(?:\+|\b00)\d[\d ()-]{7,}\d"
    r"|\b(?:tel|phone|call|whatsapp|telefon|teléfono|téléphone|電話|电话)\b[:. ]*\+?\d[\d ()-]{5,}\d",
    re.I,
)
LINK = re.compile(r"(?:https?://|www\.)\S+|<a\s", re.I)
PRICE = re.compile(
    r"[$€£¥₹]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[€£¥₹]|(?:EUR|USD|GBP|BRL|JPY|CNY|SAR|AED|IDR)\b)|\bR\$\s?\d[\d.,]*|\bRp\.?\s?\d[\d.,]*"
    r"|\d[\d.,]*\s?(?:euros?|dollars?|円|元|ريال)(?!\w)",
    re.I,
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
DOUBLED = re.compile(r"(?<![\w-])([^\W\d_]{4,})[\s,;]+\1(?![\w-])", re.I)
HIRAGANA = re.compile(r"[\u3040-\u309f]+")
RUN_TOGETHER = re.compile(r"([\u30a0-\u30ff\u3400-\u9fff]{3,}|[\u3400-\u9fff]{2,})[\s、，,]*\1")
"""A word that follows itself where words run together; doubled kana of two signs are words of their own (ふわふわ)."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u2060-\u206f\u202a-\u202e\ufeff\ufff9-\ufffb\ue000-\uf8ff\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]"
    "|(?<![\u0600-\u06ff\u0900-\u0dff\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])[\u200c\u200d]"
    "|(?<![\u0590-\u06ff\\W\\d])[\u200e\u200f](?![\u0590-\u06ff\\W\\d])"
)
_MIXED = re.compile(
    r"(?<![^\W\d_])(?=[^\W\d_]*[A-Za-zÀ-ɏ])[^\W\d_]*(?:(?![\u03a9\u03bc\u03b1-\u03b3])[\u0370-\u058f])[^\W\d_]*"
    r"|(?<![^\W\d_])(?!\w*[^\W\d_\u0370-\u058f])[АВЕЅКМНОРСТХаеоурсхіјѕԁһ]{4,}(?![^\W\d_])"
)
UNSEEN = (
    ("text.invisible", _INVISIBLE, "a character that nobody sees stands here", "Take it out."),
    ("text.mixed_script", _MIXED, "letters of two scripts stand in one word", "Write it in the letters it looks like."),
)
"""What a reader does not see: a rule, what it looks like, why, what to do."""

PLAIN = frozenset(
    {
        "title", "title_translated", "title_rakuten", "title_yahoo", "short_title", "seo_title", "subtitle",
        "item_highlights", "bullets", "key_features", "product_highlight", "search_terms", "tags", "seo_description",
    }
)  # fmt: skip
"""Fields that take no markup in any channel."""

GTIN = re.compile(r"\d{8}|\d{12,14}")

SMALL = frozenset(
    [
        "a",
        "al",
        "am",
        "an",
        "and",
        "ao",
        "aos",
        "as",
        "at",
        "atau",
        "au",
        "auf",
        "aus",
        "aux",
        "avec",
        "bei",
        "bis",
        "by",
        "com",
        "con",
        "d",
        "da",
        "dan",
        "dans",
        "dari",
        "das",
        "de",
        "del",
        "dem",
        "den",
        "dengan",
        "der",
        "des",
        "di",
        "die",
        "do",
        "dos",
        "du",
        "e",
        "een",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "el",
        "em",
        "en",
        "et",
        "for",
        "from",
        "für",
        "gli",
        "het",
        "il",
        "im",
        "in",
        "into",
        "is",
        "ist",
        "it",
        "ke",
        "l",
        "la",
        "las",
        "le",
        "les",
        "lo",
        "los",
        "met",
        "mit",
        "na",
        "nach",
        "nas",
        "no",
        "nos",
        "o",
        "oder",
        "of",
        "off",
        "ohne",
        "on",
        "or",
        "os",
        "ou",
        "pada",
        "par",
        "para",
        "per",
        "por",
        "pour",
        "sans",
        "sem",
        "sin",
        "sur",
        "tanpa",
        "the",
        "to",
        "um",
        "uma",
        "un",
        "una",
        "und",
        "une",
        "untuk",
        "up",
        "van",
        "vom",
        "von",
        "voor",
        "vor",
        "with",
        "y",
        "yang",
        "zu",
        "zum",
        "zur",
        "à",
        "أو",
        "إلى",
        "على",
        "في",
        "مع",
        "من",
        "و",
    ]
)
"""Articles, prepositions and conjunctions, which may stand as often as a language needs them."""
TWICE = frozenset({"nous", "vous"})
