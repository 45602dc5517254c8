"""`dragoman action` and `dragoman actions` from outside: quotes, a yes, refusals, approvals, batches."""

import json
from pathlib import Path

import pytest

from tests.command_line import command, one, refused

CANCEL = json.dumps({"order_id": "AQ-10100", "reason": "no longer needed"})
OWNER = "theresa_wolfram_4481"
GIFT = json.dumps({"order_id": "AQ-10001", "amount": "25.00", "reason": "late parcel"})


def test_without_a_yes_a_quote_is_shown_and_nothing_happens_with_one_it_is_done_once(home: Path) -> None:
    quoted = command(home, "action", "cancel_order", "--arguments", CANCEL, "--customer", OWNER, "--json")
    told = one(quoted)
    assert (quoted.returncode, told["status"], told["rule"]) == (1, "needs_confirmation", "CONFIRMATION_REQUIRED")
    assert [line["amount"] for line in told["quote"]["lines"]][:2] == ["149.00", "44.90"]
    assert one(command(home, "shop", "show", "AQ-10100", "--json"))["status"] == "pending"

    yes = ("action", "cancel_order", "--arguments", CANCEL, "--customer", OWNER, "--confirm", "--operation", "mine",
           "--json")  # fmt: skip
    done = command(home, *yes)
    assert (done.returncode, one(done)["status"], one(done)["order"]["status"]) == (0, "done", "cancelled")
    again = command(home, *yes)
    assert (again.returncode, one(again)["status"], one(again)["operation_id"]) == (0, "done", "mine")
    entries = one(command(home, "actions", "list", "--json"))["actions"]
    assert [entry["status"] for entry in entries] == ["done", "needs_confirmation"]


def test_a_refusal_names_its_rule_and_the_passage_in_the_shoppers_language(home: Path) -> None:
    late = json.dumps({"order_id": "AQ-10023", "item_ids": ["AQP009-4PK"], "payment_method_id": "paypal_1588024"})
    done = command(home, "action", "return_items", "--arguments", late, "--customer", "jonas_wiechert_1596", "--locale",
                   "de-DE", "--json")  # fmt: skip
    told = one(done)
    assert (done.returncode, told["status"]) == (1, "denied")
    assert told["passage"] is None or told["passage"]["locale"] == "de"
    assert told["rule"] in ("RETURN_WINDOW", "ITEM_IN_ORDER")
    assert told["message"]


def test_a_stranger_and_nobody_read_the_same_of_any_order(module_home: Path) -> None:
    told = [
        one(command(module_home, "action", "cancel_order", "--arguments", CANCEL.replace("AQ-10100", order), *who,
                    "--json"))
        for order in ("AQ-10100", "AQ-77777") for who in ((), ("--customer", "lena_brandt_2041"))
    ]  # fmt: skip
    assert {entry["status"] for entry in told} == {"denied"}
    assert len({entry["message"] for entry in told}) == 1
    assert all(entry["order"] is None for entry in told)


def test_above_the_limit_a_person_approves_and_not_the_one_who_asked(home: Path) -> None:
    asked = command(home, "action", "give_goodwill", "--arguments", GIFT, "--as", "operator", "--by", "ann", "--why",
                    "a week late", "--confirm", "--json")  # fmt: skip
    told = one(asked)
    assert (asked.returncode, told["status"], told["rule"]) == (1, "needs_approval", "GOODWILL_APPROVAL")
    ways = (("ann", "lead", "SELF_APPROVAL"), ("bob", "agent", "MAY_NOT_APPROVE"))
    for by, rank, rule in ways:
        tried = command(home, "actions", "approve", told["operation_id"], "--by", by, "--rank", rank, "--json")
        assert (tried.returncode, one(tried)["rule"]) == (1, rule)
    done = command(home, "actions", "approve", told["operation_id"], "--by", "bob", "--rank", "lead", "--json")
    assert (done.returncode, one(done)["status"]) == (0, "done")
    entry = one(command(home, "actions", "show", told["operation_id"], "--json"))
    assert [step["by"] for step in entry["history"]][1:2] == ["bob"]
    assert entry["why"] == "a week late"
    refund = one(command(home, "shop", "show", "AQ-10001", "--json"))["payment_history"][-1]
    assert (refund["transaction_type"], refund["amount"], refund["kind"]) == ("refund", "25.00", "goodwill")


def test_a_denial_needs_a_reason_and_is_final(home: Path) -> None:
    operation = one(command(home, "action", "give_goodwill", "--arguments", GIFT, "--as", "operator", "--by", "ann",
                            "--why", "late", "--confirm", "--json"))["operation_id"]  # fmt: skip
    refused(command(home, "actions", "deny", operation, "--by", "bob", "--json"), 2, "--why")
    denied = one(command(home, "actions", "deny", operation, "--by", "bob", "--why", "was on time", "--json"))
    assert (denied["status"], denied["rule"]) == ("denied", "DENIED_BY_PERSON")
    late = one(command(home, "actions", "approve", operation, "--by", "cyd", "--rank", "head", "--json"))
    assert (late["status"], late["rule"]) == ("denied", "DENIED_BY_PERSON")


def test_staff_must_say_why(module_home: Path) -> None:
    tried = command(module_home, "action", "give_goodwill", "--arguments", GIFT, "--as", "operator", "--json")
    refused(tried, 2, "--why")


@pytest.mark.parametrize(
    ("name", "arguments", "part"),
    [
        ("cancel_ordr", "{}", "cancel_order"), ("cancel_order", "{", "JSON"), ("cancel_order", "[]", "arguments"),
        ("cancel_order", '{"order_id": "AQ-1"}', "reason"),
        ("cancel_order", '{"order_id": "AQ-1", "reason": "x", "force": true}', "force"),
        ("give_goodwill", '{"order_id": "AQ-1", "reason": "x", "amount": "-5"}', "amount"),
        ("give_goodwill", '{"order_id": "AQ-1", "reason": "x", "amount": "NaN"}', "amount"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_is_invalid_and_says_why(
    module_home: Path, name: str, arguments: str, part: str
) -> None:
    done = command(module_home, "action", name, "--arguments", arguments, "--customer", OWNER, "--json")
    assert (done.returncode, one(done)["status"]) == (2, "invalid")
    assert part in one(done)["message"]


def test_an_action_that_is_not_in_the_ledger_is_said_to_be_unknown(module_home: Path) -> None:
    for verb in (("show",), ("approve",), ("retry",), ("deny", "--why", "x")):
        done = command(module_home, "actions", verb[0], "nothing", *verb[1:], "--json")
        refused(done, 1, "no action nothing")


def test_a_batch_answers_every_line_and_keeps_nothing(home: Path, tmp_path: Path) -> None:
    cancel = {"name": "cancel_order", "arguments": json.loads(CANCEL)}
    address = {"name": "change_order_address", "arguments": {
        "order_id": "AQ-10100", "address1": "Weg 1", "city": "Bremen", "country": "DE", "zip": "28203"}}  # fmt: skip
    lines = [
        {"id": 1, **cancel, "customer": OWNER, "confirmed": cancel, "prior": []},
        {"id": 2, **cancel, "customer": OWNER, "confirmed": None, "prior": []},
        {"id": 3, **cancel, "customer": OWNER, "confirmed": address, "prior": []},
        {"id": 4, **address, "customer": OWNER, "confirmed": address, "prior": [cancel]},
        {"id": 5, **cancel, "customer": None, "confirmed": cancel},
        {"id": 6, "name": "nothing", "arguments": {}},
        "no object",
    ]
    file = tmp_path / "tries.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\nnot json\n")
    done = command(home, "action", "--batch", str(file), "--state")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], line["status"], line["rule"]) for line in told] == [
        (1, "done", None), (2, "needs_confirmation", "CONFIRMATION_REQUIRED"),
        (3, "needs_confirmation", "CONFIRMATION_MISMATCH"), (4, "denied", "ADDRESS_ONLY_PENDING"),
        (5, "denied", "AUTH_REQUIRED"), (6, "invalid", None), (None, "invalid", None), (None, "invalid", None),
    ]  # fmt: skip
    assert told[0]["order"]["status"] == "cancelled"
    assert told[0]["customer"]["user_id"] == OWNER
    assert one(command(home, "shop", "show", "AQ-10100", "--json"))["status"] == "pending"
    assert one(command(home, "actions", "list", "--json"))["actions"] == []


def test_a_batch_that_cannot_be_read_is_said_so(module_home: Path, tmp_path: Path) -> None:
    refused(command(module_home, "action", "--batch", str(tmp_path / "none"), "--json"), 2, "cannot be read")


def test_a_state_that_there_is_not_is_wrong_usage(module_home: Path) -> None:
    refused(command(module_home, "actions", "list", "--status", "waiting", "--json"), 2, "needs_approval")
    assert one(command(module_home, "actions", "list", "--status", "unknown", "--json"))["actions"] == []
