"""What every reader of exports gives back, and how it says that a file is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from knowledge.commerce import Noun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.commerce import Customer, Order, Product

NounType = TypeVar("NounType", bound=Noun)


class ExportUnreadable(ValueError):
    """The file is not the export it should be; the text names the record and the field."""


@dataclass
class Export:
    """A shop as another system wrote it. None: the file says nothing of that part."""

    products: list[Product] | None = None
    customers: list[Customer] | None = None
    orders: list[Order] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    readings: list[str] = field(default_factory=list)
    """How each file was read, in words."""

    def add(self, other: Export) -> None:
        """Take in what another file of the same shop says; a customer in both is kept once."""
        self.products = _both(self.products, other.products)
        self.orders = _both(self.orders, other.orders)
        people = {person.customer_id: person for person in _both(self.customers, other.customers) or []}
        self.customers = list(people.values()) if other.customers is not None else self.customers
        self.facts |= other.facts
        self.readings += other.readings


def _both(ours: list[Any] | None, theirs: list[Any] | None) -> list[Any] | None:
    return theirs if ours is None else ours if theirs is None else [*ours, *theirs]


def read_records(kind: type[NounType], records: Mapping[str, Any], key: str) -> list[NounType]:
    """Records as nouns, each given its key where it does not carry it.

    Raises ExportUnreadable that lists the first five wrong records: a shop is imported whole or not at all.
    """
    nouns: list[NounType] = []
    problems: list[str] = []
    for name, record in records.items():
        try:
            nouns.append(kind.model_validate({key: name, **record}))
        except (ValidationError, TypeError) as error:
            problems.append(f"{kind.__name__.lower()} {name}: {_first_fault(error)}")
    if problems:
        shown = "; ".join(problems[:5])
        more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
        raise ExportUnreadable(f"wrong records: {shown}{more}")
    return nouns


def _first_fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
    return "not an object"


def methods_of(payments: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The payment methods a customer has, as far as an export tells: those that orders were paid with."""
    names = [str(entry.get("payment_method_id") or "") for entry in payments]
    return {name: {"source": name, "id": name} for name in names if name}
