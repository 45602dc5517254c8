"""When a message is small talk and nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from assistant.answers import answer_of, asks
from assistant.embedded.action_words import plain, reason_in, wanted_action
from assistant.embedded.router import Route
from assistant.embedded.slots import Slots, lexicon
from assistant.embedded.task import CERTAIN, SMALL_TALK, UNSURE, Task
from assistant.embedded.wording import marked

HELP = marked(
    "I can look up your order and its parcel, tell you whether you may return something, find and compare"
    " products, and answer questions about shipping, customs, payment, returns, warranty and subscriptions. If"
    " you would rather talk to a person, just say so."
)
ABILITIES = marked(
    "I can cancel an order, register a return, send a lost parcel again or change a subscription for you: tell me"
    " what you want done, with the order number. For anything else I can hand you over to a person."
)

THANKS = marked("You are welcome! Is there anything else I can look up for you?")

ABOUT_US = {"help", "bot_question"}
"""Small talk that the router does not mistake: what is taken for a greeting, thanks or a curse is often a few words of
something else ('und nach Frankreich', 'too small').
"""

_GAP = r"[\s,;.!،؛，、。！…–—-]+"


def small_talk_in(text: str, language: str) -> str:
    """The intent of a message made of words of small talk alone, or ''. A yes that answers nothing asks what next."""
    bare = " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
    for section, intent in (("greetings", "greeting"), ("thanks", "thanks")):
        if bare and bare in {entry.rstrip("$").strip() for entry in lexicon(language).words(section, "words")}:
            return intent
    answer = "" if wanted_action("order_change", text, language) else answer_of(text)
    return {"yes": "help", "nod": "thanks", "no": "thanks"}.get(answer or "", "")


def asked_behind_thanks(text: str, language: str, route: Callable[[str, str], Route]) -> str:
    """What a message of thanks asks behind them: a question, or what the router is certain of. Else all of it."""
    met = _thanks(language).match(text.strip())
    rest = text.strip()[met.end() :] if met else ""
    if not rest or small_talk_in(text, language) or route(text, language).best != "thanks":
        return text
    behind = route(rest, language)
    return rest if asks(rest) or (behind.best not in SMALL_TALK and behind.sure >= CERTAIN) else text


@cache
def _thanks(language: str) -> re.Pattern[str]:
    said = sorted(lexicon(language).words("thanks", "words"), key=len, reverse=True)
    words = "|".join(_GAP.join(map(re.escape, entry.rstrip("$").split())) for entry in said)
    return re.compile(rf"(?:{words})(?:{_GAP}|(?<=[\u3040-\u9fff]))", re.IGNORECASE)


def without_small_talk(route: Route, slots: Slots, text: str, language: str) -> Route:
    """A route, without small talk where the message tells of something else and the router is not certain."""
    if route.best not in SMALL_TALK or route.sure >= CERTAIN or not _tells(slots, text, language):
        return route
    return Route(tuple((name, chance) for name, chance in route.intents if name not in SMALL_TALK))


def _tells(slots: Slots, text: str, language: str) -> bool:
    """Whether a message names a country, an order, a reason, an action, or goes on from what was said before."""
    wants = any(wanted_action(intent, text, language) for intent in ("order_change", "return_request"))
    goes_on = any(plain(text).startswith(start.rstrip("$")) for start in lexicon(language).words("followup", "starts"))
    return bool(slots.country or slots.order_ids or reason_in(text, language) or wants or goes_on)


def is_small_talk(task: Task) -> bool:
    """Whether a task is answered as small talk without looking anything up."""
    return task.intent in SMALL_TALK and task.sure >= (UNSURE if task.intent in ABOUT_US else CERTAIN)
