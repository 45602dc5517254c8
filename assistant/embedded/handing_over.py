"""What a shopper is told when they are put in line for a person: what happens next, and truly when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.embedded.wording import Words, marked

CANNOT = marked("I cannot do exactly that myself. Say that you want a person, and I will hand you over.")
FAULTY = marked("A person can take up what is wrong with the goods: say that you want one, and I will hand you over.")
NOT_FOUND = marked(
    "I could not find that in the shop's information, so I would rather not guess. Could you put it differently,"
    " or shall I hand you over to a person?"
)
OFFERS = (CANNOT, FAULTY, NOT_FOUND)
"""What we say that offers a person: a yes to it wants one."""


def offers_person(text: str, words: Words) -> bool:
    """Whether an answer ends by offering a person."""
    return any(text.endswith(words.say(offer)) for offer in OFFERS)


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
