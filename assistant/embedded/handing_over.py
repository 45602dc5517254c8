"""When a person is called or offered, and what a shopper is told when they are put in line: what happens next, and
truly when.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.answers import answer_of
from assistant.embedded.action_words import plain
from assistant.embedded.slots import lexicon
from assistant.embedded.task import CERTAIN, Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import Words, marked

OFFER = marked("Shall I hand you over to a person?")
NOT_FOUND = marked(
    "I could not find that in the shop's information, so I would rather not guess. Could you put it differently,"
    " or shall I hand you over to a person?"
)
OUT_OF_SCOPE = marked(
    "That is outside what I can help with here. I can answer questions about this shop: orders, delivery,"
    " returns, payment and products. If you need something else, I can hand you over to a person."
)
FRUSTRATED = marked(
    "I am sorry this is frustrating. Tell me what went wrong and I will look it up, or say that you want a person"
    " and I will hand you over."
)
BEYOND_US = marked("I cannot do exactly that myself. Say that you want a person, and I will hand you over.")
FAULTY = marked("A person can take up what is wrong with the goods: say that you want one, and I will hand you over.")
ASKED = (OFFER, NOT_FOUND)
OFFERS = (*ASKED, OUT_OF_SCOPE, FRUSTRATED, BEYOND_US, FAULTY)
"""What offers a person: a yes to an answer that ends so calls one; so does a nod where we asked."""


def accepted(turn: Turn, said: Task) -> Task | None:
    """The call for a person that a yes to our offer is; None where we did not just offer one, or it is no yes."""
    words = Words(turn.past.said[-1][1] if turn.past.said else turn.language)
    offers = {"yes": OFFERS, "nod": ASKED}.get(answer_of(turn.text) or "", ())
    taken = any(turn.past.answer.endswith(words.say(offer)) for offer in offers)
    before = [text for text, _ in turn.past.said[-1:]]  # why they want a person, which yes does not say
    return Task("person", "\n".join((*before, said.text)), said.slots, resumed=True) if taken else None


def asks_over(text: str, language: str) -> bool:
    """Whether a message asks to be handed over: 'yes, put me through'."""
    return lexicon(language).find(plain(text), "person", "over") >= 0


def asks_person(task: Task, turn: Turn) -> bool:
    """Whether a person is asked for, in so many words or certainly. Who asks for a telephone number, or complains that
    nobody answers, is offered one.
    """
    words, lower = lexicon(turn.language), plain(task.text)
    named = any(words.find(lower, "person", key) >= 0 for key in ("over", "somebody"))
    return task.resumed or named or (task.sure >= CERTAIN and words.find(lower, "person", "telephone") < 0)


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
        text = f"{text[:-1]} ({told['zone']}){text[-1]}" if told.get("zone") else text  # before the full stop
    if told.get("email"):
        text += "\n" + words.say("You can also write to {email}.", **slots)
    return text


def open_days(weekdays: Sequence[int], words: Words) -> str:
    """The desk's days, 0 being Monday: a row of at least three as its first and last, all else one by one."""
    days = sorted(set(weekdays))
    row = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    names = words.weekdays([days[0], days[-1]] if row else days)
    return words.say("{first} to {last}", first=names[0], last=names[1]) if row else words.series(names)
