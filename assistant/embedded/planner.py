"""What a message asks for, as tasks, and which tools serve them next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.embedded.action_calls import action_of
from assistant.embedded.action_words import declared_action, wanted_action
from assistant.embedded.concerns import concerned
from assistant.embedded.dangers import warned
from assistant.embedded.faults import ages_fault, complains, told_before
from assistant.embedded.followup import complete, leans_back
from assistant.embedded.handing_over import accepted, asks_over, asks_person
from assistant.embedded.order_calls import ORDER_TOOL, bare_numbers, order_calls, policy_call
from assistant.embedded.other_countries import asks_delivery, country_calls, read_abroad
from assistant.embedded.particulars import asks_of_whole
from assistant.embedded.pointing import compared, compares_one
from assistant.embedded.product_calls import is_short, named_calls, product_calls, search_call
from assistant.embedded.resuming import resume
from assistant.embedded.router import Route
from assistant.embedded.slots import Slots, lexicon, read_slots
from assistant.embedded.small_talk import asked_behind_thanks, is_small_talk, small_talk_in, without_small_talk
from assistant.embedded.task import CERTAIN, NEARLY, ORDER_INTENTS, SMALL_TALK, SURE, UNSURE, Task
from assistant.embedded.turn import Call, Turn, split_clauses, split_sentences

MOST_TASKS = 3


class Planner:
    """Reads a turn into tasks and tool calls."""

    def __init__(self, route: Callable[[str, str], Route]) -> None:
        self._route = route

    def tasks(self, turn: Turn) -> list[Task]:
        """What the message asks for, in its order; at least one."""
        waiting = turn.past.waiting_for_identity
        whole = self._task(turn.text, turn)
        if resumed := accepted(turn, whole) or resume(turn, whole):
            return [resumed]
        if urgent := warned(whole, turn.language) or concerned(whole, turn):
            return urgent
        if waiting and self._gives_identity(turn, whole):
            return [self._continued(turn, waiting, whole)]
        orders, postcode = bare_numbers(turn.text, whole.slots)
        proved = orders and (whole.slots.email or postcode)
        whole_only = proved or len(turn.text) > 2000 or (whole.intent == "product_comparison" and whole.sure >= SURE)
        parts = [] if whole_only else [self._task(clause, turn) for clause in self._clauses(turn)]
        tasks = _merged(parts, turn.language) if len(parts) > 1 else [whole]
        return _acting([complete(task, turn) for task in tasks[:MOST_TASKS]], turn)

    def _clauses(self, turn: Turn) -> list[str]:
        """The message cut where both sides are questions of their own, each understood with confidence."""
        clauses: list[str] = []
        for sentence in split_sentences(turn.text):
            joiners = lexicon(turn.language).words("split", "joiners")
            parts = split_clauses(sentence, joiners)
            routes = [self._route(part, turn.language) for part in parts]
            clauses += parts if _are_questions(parts, routes) else [sentence]
        return clauses[:6]

    def _task(self, text: str, turn: Turn) -> Task:
        text = asked_behind_thanks(text, turn.language, self._route)
        slots = read_slots(text, turn.language)
        if said := small_talk_in(text, turn.language):
            return Task(said, text, slots)
        route = without_small_talk(self._route(text, turn.language), slots, text, turn.language)
        if complains(route, slots, text, turn.language) or (ages_fault(text, turn) and not slots.order_ids):
            return Task("return_request", text, slots)
        intent = _override(route, slots, text, turn.language)
        second = route.intents[1][0] if route.intents[1][1] >= NEARLY else ""
        sure = 1.0 if intent != route.best else route.sure
        if intent == "out_of_scope" and slots.country:
            intent, sure = read_abroad(text, turn.language, sure, self._route)
        return Task(intent, text, slots, sure, second)

    def _gives_identity(self, turn: Turn, task: Task) -> bool:
        """Whether the message brings what was asked for, rather than asking something else."""
        slots, brief = task.slots, len(turn.text.split()) <= 12
        return bool(slots.email or (brief and (slots.order_ids or slots.postcode) and task.intent != "person"))

    def _continued(self, turn: Turn, waiting: Call, task: Task) -> Task:
        kinds = {tool: intent for intent, tool in ORDER_TOOL.items()}
        given = task.slots.order_ids or tuple(filter(None, (str(waiting.arguments.get("order_id", "")),)))
        asked = [call for call in turn.past.last_calls if call.name in kinds]
        intent = kinds[asked[-1].name] if asked else "return_request" if told_before(turn) else "order_status"
        return Task(intent, task.text, replace(task.slots, order_ids=given[:1]))

    def calls(self, turn: Turn, tasks: list[Task]) -> list[tuple[str, dict[str, Any]]]:
        """The tool calls a turn's tasks need next; empty when there is nothing more to look up."""
        wanted = [call for task in tasks for call in _next_calls(task, turn)] + country_calls(turn)
        proved = any(call.name == "identify_customer" and call.status == "ok" for call in turn.calls)
        told = [call for call in turn.calls if not (proved and call.status == "missing")]
        done = {(call.name, repr(sorted(call.arguments.items()))) for call in told}
        fresh = [call for call in wanted if (call[0], repr(sorted(call[1].items()))) not in done]
        return [call for i, call in enumerate(fresh) if call not in fresh[:i]] if len(turn.calls) < 12 else []


def _acting(tasks: list[Task], turn: Turn) -> list[Task]:
    """Beside a request to do something, what else is said of orders is its reason; of two such requests the first."""
    acting = [task for task in tasks if action_of(task, turn)][:1]
    return [task for task in tasks if task in acting or not acting or task.intent not in ORDER_INTENTS]


def _are_questions(parts: list[str], routes: list[Route]) -> bool:
    """Whether the parts of a sentence are questions of their own: each clear, and of another kind or long enough."""
    different = len({route.best for route in routes}) == len(parts)
    full = all(len(part.split()) >= 4 or (not part.isascii() and len(part) >= 9) for part in parts)
    return all(route.sure >= (SURE if different else CERTAIN) for route in routes) and (different or full)


def _merged(tasks: list[Task], language: str) -> list[Task]:
    """Neighbouring clauses of one intent are one task; pleasantries beside a question are left unanswered."""
    real = [task for task in tasks if task.intent not in SMALL_TALK] or tasks[:1]
    merged: list[Task] = []
    for task in real:
        leans = merged and leans_back(merged[-1], task, language)
        alike = merged and (merged[-1].intent == task.intent or _is_context(task))
        if leans or (alike and not _separate(merged[-1], task)):
            last = merged[-1]
            merged[-1] = Task(last.intent, f"{last.text} {task.text}", _joined(last.slots, task.slots), last.sure)
        elif merged and (_is_reason(merged[-1], task) or (_is_context(merged[-1]) and len(merged) == 1)):
            merged[-1] = Task(task.intent, f"{merged[-1].text} {task.text}", _joined(task.slots, merged[-1].slots))
        else:
            merged.append(task)
    return merged


def _is_context(task: Task) -> bool:
    """A clause too vague to be a question of its own."""
    return task.sure < SURE or task.intent == "out_of_scope"


def _is_reason(one: Task, other: Task) -> bool:
    """Whether what is said of an order is why something is asked about it next: 'You lost AQ-10027! Refund me'."""
    both = one.intent in ORDER_INTENTS and other.intent in ORDER_INTENTS
    same = bool(one.slots.order_ids) and not other.slots.order_ids
    return both and same and not one.text.rstrip().endswith(("?", "？", "؟"))


def _separate(one: Task, other: Task) -> bool:
    """Two questions of one kind that must not be run together: full questions, each about policy."""
    both = one.intent == other.intent == "policy_question"
    least = SURE if one.text.rstrip().endswith(("?", "？", "؟")) else CERTAIN
    return both and min(one.sure, other.sure) >= least


def _joined(one: Slots, other: Slots) -> Slots:
    return replace(one, **{name: getattr(one, name) or getattr(other, name) for name in one.__dataclass_fields__})


def _override(route: Route, slots: Slots, text: str, language: str) -> str:
    """The intent, where what a message names says more than its likeness to examples."""
    if route.best == "abuse" and route.sure < CERTAIN and len(text.split()) < 2:
        return "out_of_scope"  # 'asdfgh' is likest to a curse, but is none
    if route.best in SMALL_TALK and route.sure < CERTAIN and asks_over(text, language):
        return "person"
    if route.best == "person" and not asks_over(text, language) and asks_of_whole(text, language):
        return "product_question"  # 'parlez-moi de …' wants something told, nobody to talk to
    if route.best == "product_search" and slots.country and asks_delivery(text, language):
        return "policy_question"
    proof = bool(slots.order_ids and (slots.email or slots.postcode))
    if slots.order_ids and (declared := _declared(route, text, language, proof)):
        return declared
    if slots.order_ids and (proof or route.best not in ORDER_INTENTS):
        known = [name for name, _ in route.intents if name in ORDER_INTENTS]
        if route.best in ORDER_INTENTS or proof or route.best != "private_data":
            return known[0] if route.best != "person" else "person"
    return route.best


def _declared(route: Route, text: str, language: str, proof: bool) -> str:
    """The intent of a message on one order whose verb leaves no doubt: to withdraw, to cancel what is not sent, to send
    it elsewhere. A message that brings its proof is likened to those that ask where an order is; its verb says more.
    """
    if wanted_action("return_request", text, language) == "withdraw":
        return route.best if route.best in ORDER_INTENTS else "return_request"
    wanted = declared_action(text, language)
    returns = wanted_action("return_request", text, language) == "return_items"
    proved = proof and route.best != "person" and not wanted_action(route.best, text, language)
    unlike = proved or (wanted == "cancel_order" and (route.best == "return_request" or proof))
    return "order_change" if wanted and not returns and unlike else ""


def _next_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    intent = task.intent
    if intent in ORDER_INTENTS and (task.sure >= UNSURE or task.slots.order_ids):
        return order_calls(task, turn)
    if intent == "person" and (task.sure >= UNSURE or asks_person(task, turn)):
        called = turn.told("hand_to_person") or not asks_person(task, turn)
        return [] if called else [("hand_to_person", {"reason": task.text[:300]})]
    if is_small_talk(task):
        return []
    if intent == "private_data":
        return [] if task.sure >= CERTAIN else [policy_call(task)]
    return named_calls(task, turn) if intent == "out_of_scope" and task.sure >= CERTAIN else _shop_calls(task, turn)


def _shop_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    policy = policy_call(task)
    if task.intent == "policy_question" and task.sure >= UNSURE:
        return [policy, *(named_calls(task, turn) if task.sure < CERTAIN else [])]
    if task.intent == "product_comparison" and not compares_one(task, turn):
        compare = ("compare_products", {"products": compared(task, turn)})
        missing = any(told["status"] == "missing" for told in turn.told("compare_products"))
        return [compare, policy, search_call(task)] if missing else [compare]
    if task.intent == "product_search" and task.sure >= UNSURE:
        return [search_call(task)]
    if task.intent in ("product_question", "product_comparison") and task.sure >= UNSURE:
        shown = [told for told in turn.told("show_product") if told["status"] == "ok"]
        also = task.sure < CERTAIN or any(is_short(told, task.slots, turn.language) for told in shown)
        return [*([policy] if also else []), *product_calls(task, turn)]
    of_product = task.intent in ("product_search", "product_question")
    return [policy, *([search_call(task)] if of_product else named_calls(task, turn))]
