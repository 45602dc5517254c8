"""Orders over HTTP: proving to know one, seeing it, and what of it may go back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Request

from integrations.widget.bodies import Proof
from integrations.widget.errors import refuse
from integrations.widget.guests import PROOFS_A_MINUTE, address_of
from integrations.widget.order_view import order_card, order_line
from integrations.widget.reception import Reception, Speaker
from integrations.widget.returning import return_choices
from tools.orders import attest, look_up, look_up_all

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_orders(api: FastAPI, reception: Reception) -> None:
    """Add how orders are seen."""
    house = reception.house

    @api.post("/v1/identify")
    async def identify(body: Proof, session: Speaker, request: Request) -> dict[str, Any]:
        """Prove to know an order by its number and e-mail or postcode; refusals are all alike."""
        address, too_many = (
            address_of(request, house.settings.trusted_proxies),
            "Too many attempts. Try again in a minute.",
        )
        await reception.limit(PROOFS_A_MINUTE, f"proof {session.id}", too_many)
        await reception.limit(3 * PROOFS_A_MINUTE, f"proof {address}", too_many)
        _, told = await attest(await house.context(session), body.order_id, body.email, body.postcode)
        if told["status"] != "ok":
            code = "too_many" if told["rule"] == "TOO_MANY_ATTEMPTS" else "no_match"
            return {"identified": False, "code": code}
        return {"identified": True, "order_id": told["order_id"]}

    @api.get("/v1/orders")
    async def orders(session: Speaker) -> dict[str, Any]:
        """The orders this conversation may see, newest first."""
        _, told = await look_up_all(await house.context(session))
        return {"orders": [order_line(order, session.language) for order in told.get("orders", [])]}

    @api.get("/v1/orders/{order_id}")
    async def order(order_id: str, session: Speaker) -> dict[str, Any]:
        """One order; another person's is as if it did not exist."""
        _, told = await look_up(await house.context(session), order_id)
        if told["status"] != "ok":
            raise refuse(404, "not_found", "There is no such order for this conversation.")
        return order_card(told["order"], session.language)

    @api.get("/v1/orders/{order_id}/return-options")
    async def return_options(order_id: str, session: Speaker) -> dict[str, Any]:
        """What of an order may go back or be exchanged, why not, and where the money may go."""
        told = await return_choices(await house.context(session), order_id)
        if told is None:
            raise refuse(404, "not_found", "There is no such order for this conversation.")
        return told
