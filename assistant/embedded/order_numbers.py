"""The order numbers a message names. Every shop makes its own: `AQ-10095`, `#1001`, `CB-501`, `BF2026/17`."""

from __future__ import annotations

import re

_ORDER = (
    r"(?:orders?|bestell(?:ung|nummer|nr)|auftrag(?:s?nummer|s?nr)?|commande|pedido|encomenda|orden|ordem|pesanan"
    r"|注文番号|ご?注文|订单号?|訂單號?|(?:ال)?طلب(?:ي|ية|يتي)?)"
)
_NUMBER = (
    r"(?:\s*(?:(?:number|no|nr|nummer|num[eé]ro|n[úu]m|n[º°]|nomor|id|is|ist|est|es|é|رقم)(?!\w)\.?|番号|号|は|是))*"
)
_BEHIND = re.compile(rf"(?<![^\W_]){_ORDER}{_NUMBER}[\s:：#.（(]*", re.IGNORECASE)
"""The words an order's number stands behind, in nine languages: 'order no.', 'Bestellung', '注文番号は'."""

_WORD = re.compile(rf"(?<![^\W_]){_ORDER}|注文|订单|訂單", re.IGNORECASE)

_SHAPED = re.compile(
    r"#[A-Za-z]{0,3}-?\d{3,}\b|\b[A-Za-z]{1,4}-\d{4,}\b|\b\d{3}-\d{7}-\d{7}\b|\b\d{2}-\d{5}-\d{5}\b"
    r"|\b[A-Za-z]\d{6,9}\b|(?<![\d.,€$£¥])\b\d{17,19}\b",
    re.ASCII,
)
"""What is an order's number wherever it stands."""

_CODE = re.compile(r"(?=[A-Za-z\d/_-]*\d\d)(?=[A-Za-z\d/_-]*[A-Za-z/_-])[A-Za-z\d]+(?:[/_-][A-Za-z\d]+)*", re.ASCII)
_LOOSE = re.compile(r"(?<![\w/-])[A-Za-z]{1,5}[/_-]?\d{3,}(?:[/_-][A-Za-z\d]+)*(?![\w/-])", re.ASCII)
_PLAIN = re.compile(r"(?<![\w.,@-])\d{4,12}(?![\w@%€-])")
_SHORT = re.compile(r"\d{1,12}(?![\w.,@%€-]*\d|\s*[\w€$£%])|\d{3}(?![\w.,@%€-])", re.ASCII)


def speaks_of_order(text: str) -> bool:
    """Whether a text has a word for an order."""
    return bool(_WORD.search(text))


def order_numbers(text: str, proved: bool = False) -> tuple[str, ...]:
    """The numbers that are an order's by their shape; codes of any shape behind a word for an order, and where the
    message brings its proof and no other number.
    """
    found = {match.start(): match.group() for match in _SHAPED.finditer(text)}
    for behind in _BEHIND.finditer(text):
        code = _CODE.match(text, behind.end())
        if code and not any(at < code.end() and code.start() < at + len(known) for at, known in found.items()):
            found[code.start()] = code.group()
    if proved and not found and not plain_numbers(text):
        found = {match.start(): match.group() for match in _LOOSE.finditer(text)}
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def plain_numbers(text: str) -> list[str]:
    """Bare digits that may be an order's number or a postcode, in a message about an order; short ones count behind a
    word for it ('order 743').
    """
    short = [match.group() for behind in _BEHIND.finditer(text) if (match := _SHORT.match(text, behind.end()))]
    return list(dict.fromkeys([*short, *(match.group() for match in _PLAIN.finditer(text))]))
