"""What an outcome says to a person: in every language, for every rule and action; nothing is given away."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from knowledge.documents import Passage
from knowledge.locales import served_locales
from knowledge.ranking import Hit
from knowledge.service.all_rules import ORDER
from knowledge.service.policy import house_rules
from knowledge.service.requests import READS, WRITES
from knowledge.service.words import placeholders, sentences, sentences_of
from tools.actions import clerk, decisions
from tools.actions.books import Quote, QuoteLine, QuoteMethod
from tools.actions.clerk import IDENTITY
from tools.actions.outcome import Outcome
from tools.actions.speech import quote_told
from tools.actions.telling import Telling, tell_outcome

LANGUAGES = sorted(served_locales())
CHECKS = sorted(get_args(rule.model_fields["check"].annotation)[0] for rule in ORDER)
KEY = re.compile(r"[{}]|\b[a-z]+_[a-z_]+\b|\b(?:actions|done|status|denied|special|money|quote|methods)\.")
FIGURES: dict[str, Any] = {
    "status": "shipped", "allowed": ["too late"], "sources": ["gift_card"], "items": ["Lamp"],
    "amount": Decimal("9.50"), "currency": "EUR", "last_day": date(2026, 3, 10), "days": 14,
    "next_dispatch": date(2026, 4, 1),
}  # fmt: skip


def nowhere(_cite: str) -> None:
    """No document states anything."""


def somewhere(_cite: str) -> Hit:
    """A document states everything."""
    return Hit(passage(), 1.0, 1.0)


def passage() -> Passage:
    return Passage("returns", "Rückgabe", "30 Tage.", "de", ("Fristen",), number=2)


def denied(check: str, rule: str = "RULE", **more: Any) -> Outcome:
    return Outcome("denied", "op", rule, check, **more)


def told(outcome: Outcome, locale: str = "en-US", action: str = "cancel_order", **more: Any) -> Telling:
    return tell_outcome(outcome, action, locale, nowhere, {"order_id": "A-1", **more})


def quote(**changes: Any) -> dict[str, Any]:
    held: dict[str, Any] = {
        "lines": (
            QuoteLine("item", "2 × Lamp (red)", Decimal("40.00")), QuoteLine("discount", "discount", Decimal("-4.00")),
            QuoteLine("tax", "tax", Decimal("7.60")), QuoteLine("shipping", "shipping", Decimal("5.00")),
        ),
        "methods": (
            QuoteMethod("c1", Decimal("38.60"), "credit_card", "4242"),
            QuoteMethod("g1", Decimal("10.00"), "gift_card"),
        ),
        "days": (5, 7),
    }  # fmt: skip
    return Quote("cancel_order", "A-1", "EUR", **{**held, **changes}).told()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_placeholders(language: str) -> None:
    own, english = sentences_of(language), sentences_of("en")
    assert own.keys() == english.keys()
    assert {key: placeholders(text) for key, text in own.items()} == {
        key: placeholders(text) for key, text in english.items()
    }
    assert [key for key, text in own.items() if not text.strip()] == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_nothing_but_names_is_left_in_english(language: str) -> None:
    same = {key for key, text in sentences_of(language).items() if text == sentences_of("en")[key]}
    assert same <= {"quote.line", "quote.total", "quote.discount", "methods.paypal", "states.delivered"}


def test_every_check_every_action_and_every_special_rule_has_words() -> None:
    held = sentences("en")
    assert [check for check in CHECKS if check not in IDENTITY and f"denied.{check}" not in held] == []
    assert [name for name in {**WRITES, **READS} if f"done.{name}" not in held] == []
    assert [name for name in WRITES if f"actions.{name}" not in held] == []
    rules = [clerk.NOT_OFFERED, clerk.STATE_CHANGED, clerk.NOT_CARRIED_OUT, clerk.OPERATION_TAKEN,
             decisions.MAY_NOT_APPROVE, decisions.SELF_APPROVAL, decisions.DENIED_BY_PERSON,
             "CANCELLED", "EXPIRED"]  # fmt: skip
    assert [rule for rule in rules if f"special.{rule}" not in held] == []


def test_a_sentence_with_figures_has_a_plain_one_beside_it() -> None:
    held = sentences_of("en")
    filled = {key for key, text in held.items() if key.startswith("denied.") and placeholders(text)}
    assert {key.replace("denied.", "denied_plain.") for key in filled} == {key for key in held if "_plain" in key}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_of_any_rule_shows_a_key_or_an_open_placeholder(language: str) -> None:
    empty = dict.fromkeys(FIGURES)
    outcomes = [denied(check, figures=figures) for check in [*CHECKS, "unheard_of"] for figures in (FIGURES, empty, {})]
    outcomes += [denied("", rule) for rule in ("NOT_OFFERED", "EXPIRED", "UNHEARD_OF")] + [Outcome("invalid")]
    messages = [told(outcome, language).message for outcome in outcomes]
    assert [message for message in messages if KEY.search(message) or not message.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["done", "needs_confirmation", "needs_approval", "unknown"])
def test_no_message_of_any_action_shows_a_key_or_an_open_placeholder(language: str, status: Any) -> None:
    for action in WRITES:
        outcome = Outcome(status, "op", quote=quote(when="on_arrival"))
        message = told(outcome, language, action, until="2026-05-01", address1="1 Rue A", country="FR").message
        assert not KEY.search(message)
        assert "A-1" in message or action == "change_default_address"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_may_not_know_of_an_order_is_told_the_same_whether_it_exists(language: str) -> None:
    refusals = [
        tell_outcome(denied(check, check.upper(), passage="a#1", text=check, figures=figures), "cancel_order", language,
                     somewhere, {"order_id": "A-1"})
        for check in IDENTITY for figures in ({}, {"order_id": "A-1"})
    ]  # fmt: skip
    assert len({(refusal.message, refusal.text) for refusal in refusals}) == 1
    assert "A-1" not in refusals[0].text
    assert {refusal.hit for refusal in refusals} == {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_reads_like_a_limit_and_says_nothing_of_signals(language: str) -> None:
    limit, review = (Outcome("needs_approval", "op", rule, quote=quote()) for rule in ("APPROVAL_LIMIT", "REVIEW"))
    assert told(limit, language) == told(review, language)


def test_a_denial_says_the_rules_figures_and_cites_its_passage() -> None:
    outcome = denied("return_window", passage="returns#2", text="Returns: 30 days.", figures=FIGURES)
    said = tell_outcome(outcome, "return_items", "de-DE", somewhere)
    assert said.message.startswith("Die Frist für Rückgabe oder Umtausch endete am 10. März 2026.")
    assert said.passage is not None
    assert said.passage["cite"] == "returns#2"
    assert said.text == said.message + "\nDie Regel steht hier: Rückgabe – Fristen"
    assert "Returns: 30 days." not in said.text


def test_where_no_document_states_a_rule_its_own_text_stands() -> None:
    outcome = denied("status", passage="gone#1", text="Only pending orders.", figures={"status": "shipped"})
    said = told(outcome, "fr-FR")
    assert said.message.splitlines() == [
        "Ce n’est pas possible dans l’état actuel de la commande\u00a0: en cours d’acheminement.",
        "La règle de la boutique, telle qu’elle est rédigée\u00a0: «\u202fOnly pending orders.\u202f»",
    ]
    assert said.passage is None


def test_what_people_or_the_clock_decided_is_not_put_down_to_a_document() -> None:
    said = tell_outcome(Outcome("denied", "op", "EXPIRED", passage="limits#1"), "refund_order", "en", somewhere)
    assert said.passage is None
    assert said.text == "The time for this request has run out. Nothing was done; you may ask for it again."


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (FIGURES, "At most €9.50 can still be paid back for this order."),
        ({"amount": Decimal(0), "currency": "EUR"}, "There is nothing left to pay back for this order."),
        ({}, "This is not possible under the shop's rules."),
    ],
)
def test_a_figure_that_is_not_known_is_not_made_up(figures: dict[str, Any], said: str) -> None:
    assert told(denied("refundable", figures=figures)).message == said


def test_a_refusal_from_the_ledger_gives_no_more_away_than_the_first_time() -> None:
    rules = house_rules()
    kept = [Outcome("denied", "op", rule) for rule in ("ORDER_EXISTS", "ONE_USER_PER_CONVERSATION", "AUTH_REQUIRED")]
    assert len({told(outcome.explained(rules)).text for outcome in kept}) == 1
    assert Outcome("done", "op").explained(rules) == Outcome("done", "op")


def test_a_refusal_from_the_ledger_is_told_without_the_figures_of_then() -> None:
    kept = Outcome("denied", "op", "NOT_PAID").explained(house_rules())
    assert told(kept).message == "This order has not been paid, or the money has already been paid back."
    assert told(Outcome("denied", "op", "REFUND_WITHIN_PAID").explained(house_rules())).message == (
        "This is not possible under the shop's rules."
    )


def test_reasons_are_told_in_the_language_and_a_shops_own_as_it_writes_them() -> None:
    said = told(denied("reason", figures={"allowed": ["price drop", "too late"]}), "de").message
    assert said == "Das ist nur aus einem dieser Gründe möglich: Preissenkung oder too late."


def test_a_state_of_the_merchants_own_is_not_shown_in_a_foreign_language() -> None:
    said = told(denied("not_status", figures={"status": "pending (item modified)"}), "ja-JP").message
    assert said == "現在のご注文の状況では承ることができません。"


def test_a_quote_is_told_completely() -> None:
    assert quote_told(quote(), "en", "en-GB").splitlines() == [
        "• 2 × Lamp (red): €40.00", "• Discount: -€4.00", "• Tax: €7.60", "• Shipping: €5.00", "Total: €48.60",
        "You get back €38.60 via your credit card, ending in 4242.", "You get back €10.00 via your gift card.",
        "A gift card is credited at once.", "A refund then takes 5 to 7 business days.",
    ]  # fmt: skip


def test_a_quote_that_is_paid_out_later_says_so() -> None:
    later = quote(when="on_arrival", methods=(QuoteMethod("p", Decimal("48.60"), "paypal"),))
    assert quote_told(later, "de").splitlines()[-2:] == [
        "Sie erhalten 48,60\xa0€ zurück (PayPal), wenn die Ware bei uns eingetroffen ist.",
        "Eine Erstattung dauert dann 5 bis 7 Arbeitstage.",
    ]


def test_what_is_to_pay_is_told_with_its_method() -> None:
    lines = (QuoteLine("item", "Lamp (red)", Decimal(40)), QuoteLine("new_item", "Lamp (blue)", Decimal(-45)))
    swap = quote(lines=lines, methods=(QuoteMethod("k", Decimal(-5), "klarna"),), days=None)
    assert quote_told(swap, "en").splitlines() == [
        "• Lamp (red): €40.00", "• Lamp (blue) (new): -€45.00", "Total: -€5.00", "You pay €5.00 now via Klarna.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("-5", "The amount you still have to pay goes up by €5.00."),
        ("5", "The amount you still have to pay goes down by €5.00."), ("0", None),
    ],
)  # fmt: skip
def test_of_an_order_not_paid_yet_the_amount_due_changes(amount: str, said: str | None) -> None:
    due = quote(lines=(QuoteLine("item", "Lamp", Decimal(amount)),), methods=(), days=None)
    assert quote_told(due, "en").splitlines()[-1] == (said or "• Lamp")


def test_goods_sent_again_are_named_without_amounts() -> None:
    again = quote(lines=(QuoteLine("item", "3 × Lamp", Decimal(0)),), methods=(), days=None)
    assert quote_told(again, "en") == "• 3 × Lamp"


@pytest.mark.parametrize(
    ("days", "said"),
    [((0, 1), "A refund then takes up to one business day."), ((3, 3), "A refund then takes up to 3 business days."),
     (None, "You get back €1.00 via this payment method: cash_7."),
     ((0, 0), "A refund then arrives the same day.")],
)  # fmt: skip
def test_days_of_a_refund_are_told_as_the_shop_states_them(days: tuple[int, int] | None, said: str) -> None:
    refund = quote(lines=(), methods=(QuoteMethod("cash_7", Decimal(1)),), days=days)
    assert quote_told(refund, "en").splitlines()[-1] == said


def test_a_method_without_a_name_is_the_one_that_paid() -> None:
    refund = quote(lines=(), methods=(QuoteMethod("", Decimal(1)),), days=None)
    assert quote_told(refund, "de") == "Sie erhalten 1,00\xa0€ zurück (ursprüngliche Zahlungsart)."


def test_who_is_asked_again_is_told_that_something_differs() -> None:
    first, again = (told(Outcome("needs_confirmation", "op", check=check)) for check in ("confirmed", "changed"))
    assert first.message.splitlines()[0] == "Please check this. Nothing happens until you say yes."
    assert again.message.splitlines()[0].startswith("This differs from what you said yes to.")
    assert first.message.splitlines()[1:] == again.message.splitlines()[1:]


def test_what_a_quote_does_not_say_is_told_from_the_arguments() -> None:
    where = {"address1": "1 Rue\nA", "address2": "", "zip": "75001", "city": "Paris", "country": "FR"}
    said = told(Outcome("needs_confirmation", "op"), "en", "change_order_address", **where).message
    assert "New address: 1 Rue A, 75001, Paris, FR" in said
    pause = told(Outcome("done", "op"), "pt-BR", "pause_subscription", until="2026-05-01").message
    assert pause == "A assinatura do seu pedido A-1 está pausada.\nAté: 1 de maio de 2026"


@pytest.mark.parametrize(
    ("language", "locale", "amount"),
    [("", "pt-BR", "€\xa05,00"), ("", "de-AT", "€\xa05,00"), ("de", "en-US", "5,00\xa0€"), ("en", "de-DE", "5,00\xa0€"),
     ("", "pl-PL", "5,00\xa0€"), ("", "xx", "€5.00"), ("zh-CN", "de-DE", "€5.00")],
)  # fmt: skip
def test_words_follow_the_language_and_figures_the_place(language: str, locale: str, amount: str) -> None:
    outcome = Outcome("done", "op", quote=quote(methods=(QuoteMethod("p", Decimal(5), "paypal"),)))
    assert amount in tell_outcome(outcome, "cancel_order", locale, nowhere, None, language).message
