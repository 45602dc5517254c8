"""Reading what a shopper wants done: which action, why, which items, until when, paid how, sent where."""

from __future__ import annotations

import unicodedata
from typing import Any

from assistant.embedded.addresses import leads_to_street
from assistant.embedded.piece_counts import divided, pieces_in
from assistant.embedded.slots import Lexicon, lexicon
from tools.product_names import words_of

CHANGE = frozenset({"order_change"})
BACK = frozenset({"order_change", "return_request"})
ANY = frozenset({"order_change", "return_request", "order_status", "refund_status"})

VERBS: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...] = (
    ("pause_subscription", CHANGE, ("subscription", "pause")),
    ("skip_delivery", CHANGE, ("subscription", "skip")),
    ("skip_delivery", CHANGE, ("delivery", "skip")),
    ("cancel_subscription", CHANGE, ("subscription", "end")),
    ("cancel_subscription", CHANGE, ("subscription", "cancel")),
    ("withdraw", BACK, ("withdraw",)),
    ("resend_parcel", ANY, ("lost", "resend")),
    ("refund_order", ANY, ("lost", "refund")),
    ("cancel_order", CHANGE, ("cancel",)),
    ("exchange_items", BACK, ("exchange",)),
    ("change_order_address", CHANGE, ("address",)),
    ("change_order_address", CHANGE, ("place",)),
    ("change_payment_method", CHANGE, ("payment",)),
    ("change_order_items", CHANGE, ("items",)),
    ("return_items", frozenset({"return_request"}), ("return",)),
)
"""The first whose words a message all names, where its intent is one of those, is what the shopper wants done."""

DECLARED = frozenset(
    {"cancel_order", "change_order_address", "pause_subscription", "skip_delivery", "cancel_subscription"}
)
"""Changes whose words leave no doubt, so that a message is about them whatever it is likened to."""


def plain(text: str) -> str:
    """A text as the lexicon's entries are written."""
    return unicodedata.normalize("NFKC", text).casefold()


def wanted_action(intent: str, text: str, language: str) -> str:
    """The action a message asks for, or ''. Part of an order is not cancelled: that changes its items; and an e-mail
    address is not where goods go.
    """
    words = lexicon(language)
    lower = words.without(plain(text), "actions", "mail")
    if _names(words, lower, "refused"):
        return ""
    for action, intents, verbs in VERBS:
        moves = verbs == ("place",) and leads_to_street(text, language)
        if intent in intents and (moves or all(_names(words, lower, verb) for verb in verbs)):
            partial = action == "cancel_order" and _names(words, lower, "partly")
            return "change_order_items" if partial else action
    return ""


def declared_action(text: str, language: str) -> str:
    """The change of an order that a message's words leave no doubt about, or ''. One that names no address but a place
    or postcode may as well ask where a parcel is.
    """
    wanted, words = wanted_action("order_change", text, language), lexicon(language)
    lower = words.without(plain(text), "actions", "mail")
    told = _names(words, lower, "address") or leads_to_street(text, language)
    vague = wanted == "change_order_address" and not told
    return wanted if wanted in DECLARED and not vague else ""


def _names(words: Lexicon, lower: str, key: str) -> bool:
    return words.find(lower, "actions", key) >= 0


def only_asks(text: str, language: str) -> bool:
    """Whether a message asks if or how something may be done, rather than for it to be done."""
    return lexicon(language).find(plain(text), "asking", "may") >= 0


def reason_in(text: str, language: str) -> str:
    """The reason a message gives, as the lexicon names it, or ''."""
    named = lexicon(language).named(plain(text), "reasons")
    return named[0] if named else ""


def items_in(text: str, language: str, items: list[dict[str, Any]], names: dict[str, str]) -> list[str]:
    """The pieces of an order that a message names, by item id, as many of each as it tells, without those that
    stay with the shopper; [] where it names none of several. Where it says only what stays, the rest goes. `names`
    are the items' names in the shopper's language, by item id.
    """
    lower = plain(text)
    own = {item["sku"]: _item_words(item, names) for item in items}
    whole = frozenset(word for words in own.values() for word in words if not word.isdigit())
    goes, stays = divided(lower, language, whole) if len(items) > 1 else (lower, "")
    held = _named(items, stays, names)
    counts = {i["sku"]: pieces_in(lower, language, own[i["sku"]], i["quantity"], False) for i in items}
    parted = [item for item in held if counts[item["sku"]] < item["quantity"]]
    meant = _named(items, goes, names) or (items if held and not parted else [])
    everything = len(items) == 1 or lexicon(language).find(goes, "asking", "all") >= 0
    chosen = [i for i in items if i in parted or ((everything or i in meant) and i not in held)]
    if len(chosen) == 1:  # then a number without the item's name counts, too
        only = chosen[0]
        counts[only["sku"]] = pieces_in(lower, language, own[only["sku"]], only["quantity"], True)
    return [item["sku"] for item in chosen for _ in range(counts[item["sku"]])]


def _named(items: list[dict[str, Any]], lower: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """The items a text names by a word no other item has."""
    found = []
    for item in items:
        others = {word for other in items if other is not item for word in _item_words(other, names)}
        if any(_stands(word, lower) for word in _item_words(item, names) - others if not word.isdigit()):
            found.append(item)
    return found


def _item_words(item: dict[str, Any], names: dict[str, str]) -> set[str]:
    """The telling words of an item's names, and the digits in them: '2 pairs'."""
    words = words_of(f"{item['name']} {names.get(item['sku'], '')}")
    return {word for word in words if len(word) > 2 or word > "\u2e7f" or word.isdigit()}


def _stands(word: str, lower: str) -> bool:
    """A word of a name in a message; a long one also inside another word, and without its plural."""
    return (
        word in words_of(lower) or (len(word) >= 5 and word.rstrip("s") in lower) or (word > "\u2e7f" and word in lower)
    )


def method_in(text: str, language: str, methods: list[dict[str, Any]]) -> str:
    """The payment method a message names, of those the order was not paid by: its id, or '' where that is not one."""
    lower = plain(text)
    others = [method for method in methods if not method["used"]]
    kinds = set(lexicon(language).named(lower, "payments"))
    named = [method for method in others if method["kind"] in kinds or method["kind"].replace("_", " ") in lower]
    return str(named[0]["id"]) if len(named) == 1 else ""
