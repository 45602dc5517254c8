"""Wording orders, returns and refunds."""

from __future__ import annotations

from typing import Any

from assistant.embedded.wording import RETURN_STATES, SCANS, Words


def word_order(told: dict[str, Any], words: Words) -> str:
    """One order: its state, where its parcels are, when they should arrive."""
    order = told["order"]
    lines = [_headline(order, words)]
    for parcel in order["parcels"]:
        lines += _word_parcel(parcel, order, words)
    if not order["parcels"] and order["tracking_numbers"]:
        lines.append(words.say("Tracking number: {numbers}.", numbers=", ".join(order["tracking_numbers"])))
    lines += [_word_return_entry(entry, order, words) for entry in order["returns"]]
    lines.append(words.say("Items: {items}.", items=", ".join(_item(item) for item in order["items"])))
    return "\n".join(lines)


def _headline(order: dict[str, Any], words: Words) -> str:
    status = words.state(order["status"])
    if order["placed_at"]:
        return words.say(
            "Order {order_id} of {day}: {status}.", order_id=order["order_id"], day=words.day(order["placed_at"]),
            status=status,
        )  # fmt: skip
    return words.say("Order {order_id}: {status}.", order_id=order["order_id"], status=status)


def _item(item: dict[str, Any]) -> str:
    options = ", ".join(str(value) for value in item["options"].values())
    count = f"{item['quantity']} × " if item["quantity"] != 1 else ""
    return f"{count}{item['name']}" + (f" ({options})" if options else "")


def _word_parcel(parcel: dict[str, Any], order: dict[str, Any], words: Words) -> list[str]:
    lines = []
    if parcel["events"]:
        last = parcel["events"][-1]
        scan = words.say(SCANS[last["code"]]) if last["code"] in SCANS else (last["note"] or last["code"])
        slots = {"number": parcel["tracking_id"], "moment": words.moment(last["at"]), "scan": scan}
        if last["place"]:
            place = words.place(last["place"])
            lines.append(words.say("Parcel {number}, last scan {moment}, {place}: {scan}.", place=place, **slots))
        else:
            lines.append(words.say("Parcel {number}, last scan {moment}: {scan}.", **slots))
    elif parcel["tracking_id"]:
        lines.append(words.say("Parcel {number}: the carrier has not scanned it yet.", number=parcel["tracking_id"]))
    arrived = any(event["code"] in ("delivered", "lost", "returned_to_sender") for event in parcel["events"])
    if parcel["estimated_until"] and not arrived and order["status"] not in ("cancelled", "lost", "returned"):
        lines.append(words.expected(parcel["estimated_from"], parcel["estimated_until"]))
    return lines


def _word_return_entry(entry: dict[str, Any], order: dict[str, Any], words: Words) -> str:
    status = words.say(RETURN_STATES[entry["status"]]) if entry["status"] in RETURN_STATES else entry["status"]
    kind = words.say("Exchange") if entry["kind"] == "exchange" else words.say("Return")
    text = words.say("{kind} {return_id}: {status}.", kind=kind, return_id=entry["return_id"], status=status)
    if entry.get("refund_amount") and entry.get("refunded_at"):
        text += " " + words.say(
            "{amount} went back to you on {day}.", amount=words.money(entry["refund_amount"], order["currency"]),
            day=words.day(entry["refunded_at"]),
        )  # fmt: skip
    return text


def word_orders(told: dict[str, Any], words: Words) -> str:
    """The shopper's orders, a line each; the newest one in full when there is only one."""
    return list_orders(told["orders"], words.say("Your latest orders:"), words)


def list_orders(orders: list[dict[str, Any]], lead: str, words: Words) -> str:
    """Orders, a line each behind a lead; one alone in full."""
    if len(orders) == 1:
        return word_order({"order": orders[0]}, words)
    lines = [lead]
    lines += [f"• {_headline(order, words)}" for order in orders[:5]]
    lines.append(words.say("Tell me a number for the details."))
    return "\n".join(lines)


def word_return(told: dict[str, Any], words: Words) -> str:
    """Whether an order may go back, by the rule that decided, with its source."""
    order_id = told["order_id"]
    cite = f" [{told['cite']}]" if told.get("cite") else ""
    day = words.day(told["last_day"]) if told.get("last_day") else ""
    if told["rule"] == "CLOSED":
        return words.say("Order {order_id}: {status}.", order_id=order_id, status=words.state(told["order_status"]))
    lines = [_verdict(told["rule"], told, words, order_id, day) + cite]
    lines = [_word_return_entry(entry, told, words) for entry in told.get("returns", [])] or lines
    if told["rule"] == "WITHIN_WINDOW":
        lines += _item_limits(told, words)
        lines += _postage(told, words)
    return "\n".join(lines)


def _verdict(rule: str, told: dict[str, Any], words: Words, order_id: str, day: str) -> str:
    slots = {"order_id": order_id, "day": day, "days": told.get("days", "")}
    verdicts = {
        "WITHIN_WINDOW": words.say("Yes: order {order_id} can be returned until {day}.", **slots),
        "WINDOW_CLOSED": words.say(
            "The {days} days to return order {order_id} ended on {day}. If something is faulty, the legal guarantee"
            " still applies: ask for a person.", **slots,
        ),
        "NOT_DELIVERED": words.say(
            "Order {order_id} has not been delivered yet. You can return it within {days} days after delivery.", **slots
        ),
        "DELIVERED_UNDATED": words.say(
            "Order {order_id} was delivered and can be returned within {days} days after delivery.", **slots
        ),
        "MARKETPLACE": words.say(
            "Order {order_id} was placed on a marketplace; its return is started on the order page there.", **slots
        ),
        "CANCELLED": words.say("Order {order_id} was cancelled, so there is nothing to return.", **slots),
        "ALREADY_ASKED": words.say("A return or exchange of order {order_id} is already under way.", **slots),
    }  # fmt: skip
    return verdicts.get(rule) or words.say(
        "I have no return rule for order {order_id}. A person can tell you: just ask for one.", **slots
    )


def _item_limits(told: dict[str, Any], words: Words) -> list[str]:
    limited = [item for item in told["items"] if item["rule"]]
    return [
        words.say("{name}: only if it is unopened.", name=item["name"]) + (f" [{item['cite']}]" if item["cite"] else "")
        for item in limited
    ]


def _postage(told: dict[str, Any], words: Words) -> list[str]:
    if told.get("postage") is None:
        return []
    if float(told["postage"]) == 0:
        return [words.say("The return is free; you get a prepaid label.")]
    return [words.say("Return postage of {amount} is deducted, unless the item is faulty or wrong.",
                      amount=words.money(told["postage"], told["currency"]))]  # fmt: skip


def word_refund(told: dict[str, Any], words: Words) -> str:
    """How far the money is."""
    lines = []
    for refund in told["refunds"]:
        amount = words.money(refund["amount"], told["currency"])
        if refund.get("at"):
            lines.append(words.say("{amount} was refunded on {day}.", amount=amount, day=words.day(refund["at"])))
        else:
            lines.append(words.say("{amount} was refunded.", amount=amount))
    if not told["refunds"]:
        lines += [_word_return_entry(entry, told, words) for entry in told["returns"]]
    if not lines:
        lines.append(words.say("There is no return or refund for this order yet."))
    return words.say("Order {order_id}:", order_id=told["order_id"]) + "\n" + "\n".join(lines)
