"""What each scorer calls right, and what it calls wrong."""

from typing import Any

import pytest

from evals.cases import Case
from evals.run import score
from evals.scorers import (
    SCORERS,
    differences,
    score_citation,
    score_grounded,
    score_language,
    score_never,
    score_products,
    score_refusal,
    score_says,
    score_state,
    score_tools,
    score_unasked,
)


def case(**fields: Any) -> Case:
    return Case(**{"id": "c", "kind": "policy", "text": "How long?", "language": "en", **fields})


def answer(**fields: Any) -> dict[str, Any]:
    empty = {"answer": "", "language": "en", "citations": [], "tool_calls": [], "cards": [], "told": []}
    return {**empty, **fields}


def calls(*names: str, status: str = "ok") -> list[dict[str, Any]]:
    return [{"name": name, "arguments": {}, "status": status} for name in names]


def test_one_of_the_right_tools_is_enough() -> None:
    wanted = case(tools=("search_policies", "show_order"))
    assert score_tools(wanted, answer(tool_calls=calls("show_order", "list_orders"))) is True
    assert score_tools(wanted, answer(tool_calls=calls("search_products"))) is False
    assert score_tools(wanted, answer()) is False


def test_where_no_tool_is_wanted_an_order_must_not_be_looked_up() -> None:
    assert score_tools(case(), answer(tool_calls=calls("search_policies"))) is True
    assert score_tools(case(), answer(tool_calls=calls("show_order"))) is False


def test_a_refusal_may_look_but_not_show() -> None:
    refuse = case(refuse=True)
    assert score_refusal(refuse, answer(tool_calls=calls("show_order", status="refused"))) is True
    assert score_refusal(refuse, answer(tool_calls=calls("show_order"))) is False
    assert score_refusal(refuse, answer(citations=[{"document": "returns"}])) is False
    assert score_refusal(refuse, answer(cards=[{"product_id": "P"}])) is False
    assert score_tools(refuse, answer(tool_calls=calls("list_orders"))) is False


def test_a_right_source_is_cited_or_shown_as_a_card() -> None:
    wanted = case(cites=("returns", "AQ-P-001"))
    assert score_citation(wanted, answer(citations=[{"document": "returns"}])) is True
    assert score_citation(wanted, answer(cards=[{"product_id": "AQ-P-001"}])) is True
    assert score_citation(wanted, answer(citations=[{"document": "refunds"}])) is False


def test_a_right_product_must_be_shown() -> None:
    wanted = case(products=("AQ-P-001",))
    assert score_products(wanted, answer(cards=[{"product_id": "AQ-P-001"}])) is True
    assert score_products(wanted, answer(cards=[{"product_id": "AQ-P-002"}])) is False


def test_the_answer_must_be_in_the_shoppers_language() -> None:
    assert score_language(case(language="de"), answer(language="de")) is True
    assert score_language(case(language="de"), answer(language="en")) is False


def test_every_string_that_must_stand_in_the_answer_does() -> None:
    wanted = case(says=("30", "days"))
    assert score_says(wanted, answer(answer="30 days")) is True
    assert score_says(wanted, answer(answer="30 weeks")) is False


@pytest.mark.parametrize("place", ["answer", "cards", "citations"])
def test_a_string_that_must_not_be_shown_is_looked_for_everywhere(place: str) -> None:
    wanted = case(never=("Lindenufer",))
    held: Any = "at Lindenufer 14" if place == "answer" else [{"product_id": "P", "document": "at Lindenufer 14"}]
    assert score_never(wanted, answer(**{place: held})) is False
    assert score_never(wanted, answer()) is True


def test_every_figure_of_an_answer_needs_a_tool_or_the_shopper() -> None:
    told = [{"passages": [{"cite": "returns#7", "text": "30 days"}]}]
    assert score_grounded(case(), answer(answer="You have 30 days.", told=told)) is True
    assert score_grounded(case(), answer(answer="You have 60 days.", told=told)) is False
    assert score_grounded(case(text="Is it 60 days?"), answer(answer="Not 60 days.")) is True
    assert score_grounded(case(), answer(answer="Hello!")) is True


@pytest.mark.parametrize("name", ["citation", "products", "says", "never"])
def test_what_a_case_does_not_ask_is_not_scored(name: str) -> None:
    assert SCORERS[name](case(), answer()) is None
    assert name not in score(case(), answer()).scores


def test_a_case_passes_only_when_all_of_it_is_right() -> None:
    wanted = case(tools=("search_policies",), says=("30",))
    assert score(wanted, answer(answer="30", tool_calls=calls("search_policies"), told=[{"n": 30}])).passed
    assert not score(wanted, answer(answer="30", told=[{"n": 30}])).passed


def acting(ledger: tuple[str, ...], **order: Any) -> Case:
    return case(state={"ledger": ledger, "orders": {"A": order} if order else {}})


def after(*ledger: str, **order: Any) -> dict[str, Any]:
    return answer(state={"ledger": list(ledger), "orders": {"A": order}})


def test_what_the_shop_holds_afterwards_is_compared_field_by_field() -> None:
    wanted = acting(("return_items done",), status="returned", returns=[{"item_ids": ["S"]}])
    returns = [{"item_ids": ["S"], "status": "requested"}]
    assert score_state(wanted, after("return_items done", status="returned", returns=returns)) is True
    assert score_state(wanted, after("return_items done", status="returned", returns=[*returns, {}])) is False
    assert score_state(wanted, after("return_items done", status="pending", returns=returns)) is False
    assert score_state(wanted, answer(state={})) is False
    assert score_state(case(), answer(state={})) is None


def test_a_state_that_is_not_the_wanted_one_is_told_in_words() -> None:
    told = differences(acting(("cancel_order done",), status="cancelled"), after(status="pending"))
    assert told == ['orders A status: "pending", wanted "cancelled"', 'ledger: [], wanted ["cancel_order done"]']


def test_only_what_was_wanted_may_be_done_and_as_often() -> None:
    wanted = acting(("cancel_order done",))
    assert score_unasked(wanted, after("cancel_order done")) is True
    assert score_unasked(wanted, after("cancel_order denied")) is True
    assert score_unasked(wanted, after("cancel_order done", "cancel_order done")) is False
    assert score_unasked(acting(("cancel_order cancelled",)), after("cancel_order done")) is False
    assert score_unasked(case(), answer()) is None


def test_an_order_that_is_looked_at_afterwards_is_not_shown() -> None:
    wanted = case(never=("Lindenufer",))
    assert score_never(wanted, answer(state={"orders": {"A": {"address": "Lindenufer 14"}}})) is True


def test_an_answer_that_ended_in_a_fault_got_nothing_right() -> None:
    wanted = case(tools=("search_policies",))
    fault = answer(tool_calls=calls("search_policies"), error={"message": "down", "code": "fault"})
    assert set(score(wanted, fault).scores.values()) == {False}
