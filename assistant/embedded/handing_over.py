"""What a shopper is told when they are put in line for a person: what happens next, and truly when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.embedded.wording import Words


def announce(told: dict[str, Any], words: Words) -> str:
    """What the tool told, in the shopper's words."""
    slots = {name: told[name] for name in ("reference", "opens", "closes", "email")}
    days = open_days(told["weekdays"], words)
    if told["open_now"]:
        text = words.say("I am handing you over to a person. Your reference is {reference}.", **slots)
        text += " " + words.say("They see what we have written so far and answer here; you need not repeat it.")
    else:
        text = words.say(
            "I have put you in line for a person (reference {reference}). Nobody is at the desk right now; people"
            " answer on these days: {days}, from {opens} to {closes}.", **slots, days=days,
        )  # fmt: skip
        text += f" ({told['zone']})" if told.get("zone") else ""
    if told.get("email"):
        text += "\n" + words.say("You can also write to {email}.", **slots)
    return text


def open_days(weekdays: Sequence[int], words: Words) -> str:
    """The desk's days, 0 being Monday: a row of at least three as its first and last, all else one by one."""
    days = sorted(set(weekdays))
    row = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    names = words.weekdays([days[0], days[-1]] if row else days)
    return words.say("{first} to {last}", first=names[0], last=names[1]) if row else words.series(names)
