"""`dragoman action`: carry out an action on an order, the whole path and no model; one by one or as a batch."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from integrations.cli import Json, app, run
from integrations.cli.out import FAULT, FINDINGS, OK, USAGE, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.service.case import Asker
    from knowledge.service.requests import Request
    from tools.actions.clerk import Errand
    from tools.actions.outcome import Outcome

Rank = Annotated[str, typer.Option(help="Rank of the staff that acts, whose limits hold.")]
By = Annotated[str, typer.Option(help="Who acts, for the records; without it, the user of this machine.")]
Why = Annotated[str, typer.Option(help="Why, for the ledger. Staff must say it.")]
Locale = Annotated[str, typer.Option(help="Language of the message, like de-DE.")]

EXIT = {"done": OK, "denied": FINDINGS, "needs_confirmation": FINDINGS, "needs_approval": FINDINGS, "unknown": FAULT}


@app.command()
def action(  # noqa: PLR0913 - a command's options
    name: Annotated[str, typer.Argument(help="The action, like cancel_order. See docs/operator.md for all.")] = "",
    arguments: Annotated[str, typer.Option(help="Its arguments, a JSON object.")] = "{}",
    customer: Annotated[str, typer.Option(help="Act as this customer, already identified.")] = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="Say yes to the quote as it stands now.")] = False,
    role: Annotated[Literal["shopper", "operator"], typer.Option("--as", help="Who acts.")] = "shopper",
    rank: Rank = "agent",
    by: By = "",
    why: Why = "",
    operation: Annotated[str, typer.Option(help="An id of your own: repeating it changes nothing more.")] = "",
    locale: Locale = "en",
    batch: Annotated[Path | None, typer.Option(help="Try every line of a JSON Lines file; nothing is kept.")] = None,
    state: Annotated[bool, typer.Option("--state", help="With --batch: order and customer afterwards too.")] = False,
    as_json: Json = False,
) -> None:
    """Carry out an action on an order, as the shop's policy allows.

    Identify, authorize, check the policy, quote, confirm, approve, execute, record. Without --confirm it shows what
    would happen (a quote) and changes nothing.

    \b
    dragoman action cancel_order --arguments '{"order_id": "AQ-10100", "reason": "no longer needed"}' \\
        --customer theresa_wolfram_4481 --confirm
    dragoman action give_goodwill --arguments '{"order_id": "AQ-10001", "amount": "5.00", "reason": "late parcel"}' \\
        --as operator --why "parcel a week late" --confirm
    dragoman action --batch tries.jsonl

    Exit code 0: done; 1: denied, or somebody must confirm or approve first; 3: the shop did not answer.
    """
    if batch is not None:
        from integrations.cli.action_batch import try_batch

        try_batch(batch, locale, state, as_json)
        return
    request = _request(name, arguments, as_json)
    if role == "operator" and not why.strip() and not request.reads:
        stop("Say why, for the ledger: --why 'the customer called'.", USAGE, as_json)
    asker = asker_of(role, rank, customer)
    who = (by or user_name()) if asker.staff else customer

    async def work(dragoman: Dragoman) -> None:
        await dragoman.ready()
        errand = _errand(asker, request, who, why, confirm, operation)
        outcome = await dragoman.clerk().act(errand)
        show(dragoman, outcome, request, locale, as_json)

    run(work, as_json)


def _request(name: str, arguments: str, as_json: bool) -> Request:
    from knowledge.service.requests import Request, RequestInvalid

    if not name:
        stop("Name an action, for example cancel_order, or give --batch FILE.", USAGE, as_json)
    try:
        return Request.of(name, json.loads(arguments))
    except json.JSONDecodeError as error:
        _invalid(f"--arguments is not JSON ({error.msg}, column {error.colno}).", as_json)
    except RequestInvalid as error:
        _invalid(str(error), as_json)


def _invalid(message: str, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"status": "invalid", "rule": None, "message": message, "quote": None, "order": None})
        raise SystemExit(USAGE)
    stop(message, USAGE)


def asker_of(role: str, rank: str, customer: str) -> Asker:
    """Who the command line speaks for: whoever runs it is trusted to say."""
    from knowledge.service.case import Asker

    return Asker(customer_id=customer, role="operator", rank=rank) if role == "operator" else Asker(customer)


def user_name() -> str:
    """The user of this machine, for the ledger."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"


def _errand(asker: Asker, request: Request, who: str, why: str, confirm: bool, operation: str) -> Errand:
    from tools.actions.clerk import Errand
    from tools.actions.consent import Consent

    consent = Consent.to(request) if confirm else None
    return Errand(asker, request, who, why=why, consent=consent, operation_id=operation)


def show(dragoman: Dragoman, outcome: Outcome, request: Request, locale: str, as_json: bool) -> None:
    """Print an outcome, and end with its exit code."""
    from tools.actions.telling import tell_outcome

    told = tell_outcome(outcome, request.name, locale, dragoman.library.cite(locale), request.told())
    if as_json:
        print_json(record(outcome, told.message) | {"passage": told.passage})
    else:
        print_line(told.text)
        print_line(
            f"\n{outcome.status}{f' ({outcome.rule})' if outcome.rule else ''}  operation {outcome.operation_id}"
        )
    raise SystemExit(EXIT[outcome.status])


def record(outcome: Outcome, message: str) -> dict[str, Any]:
    """An outcome as DESIGN 6 has it."""
    from integrations.shops.json_records import customer_record, order_record

    return {
        "status": outcome.status, "rule": outcome.rule or None, "message": message, "quote": outcome.quote or None,
        "order": order_record(outcome.order) if outcome.order else None,
        "customer": customer_record(outcome.customer) if outcome.customer else None,
        "operation_id": outcome.operation_id, "token": outcome.token or None,
    }  # fmt: skip
