"""Writing to the built-in shop: one transaction, once per operation, on the state that was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from integrations.database.tables import CustomerRow, OperationRow, OrderRow, ProductKey, ProductRow
from knowledge.commerce import Product, normal_order_id
from knowledge.shop import Change, Kind, OperationBarred, StateChanged, Versions

if TYPE_CHECKING:
    from integrations.database.engine import DatabaseSession, Sessions

TABLES: dict[str, Any] = {"customer": CustomerRow, "order": OrderRow, "product": ProductRow}
"""Rows are taken in this order, then by id, so that two changes never wait for each other."""

Nouns = dict[tuple[Kind, str], dict[str, Any]]
"""Nouns as they are stored, by kind and id."""


async def write(sessions: Sessions, change: Change) -> None:
    """Write a change, unless its operation was written before. Raises StateChanged, OperationBarred."""
    async with sessions() as session:
        if not await _begin(session, change.operation_id):
            if not await _written(sessions, change.operation_id):
                raise OperationBarred(f"{change.operation_id} was settled as not written")
            return
        stocked, seen = await _stocked(session, change.stock)
        await _put(session, {**seen, **change.seen}, {**_nouns(change), **stocked})
        await session.commit()


async def _begin(session: DatabaseSession, operation_id: str) -> bool:
    """Take the operation's id, and with it the lock; False where somebody has it."""
    try:
        await session.execute(_operation(operation_id, written=True))
    except IntegrityError:
        await session.rollback()
        return False
    return True


def _operation(operation_id: str, written: bool) -> Any:
    return insert(OperationRow).values(operation_id=operation_id, written=written, at=datetime.now(UTC))


async def settle(sessions: Sessions, operation_id: str) -> bool:
    """Whether an operation was written; where it was not, its id is taken, so that it never will be."""
    try:
        async with sessions.begin() as session:
            await session.execute(_operation(operation_id, written=False))
    except IntegrityError:
        return await _written(sessions, operation_id)
    return False


async def _written(sessions: Sessions, operation_id: str) -> bool:
    async with sessions() as session:
        row = await session.get(OperationRow, operation_id)
        return bool(row and row.written)


def _nouns(change: Change) -> Nouns:
    nouns: Nouns = {}
    if change.order is not None:
        nouns["order", change.order.order_id] = dump(change.order)
    if change.customer is not None:
        nouns["customer", change.customer.customer_id] = dump(change.customer)
    return nouns


async def _stocked(session: DatabaseSession, stock: Mapping[str, int]) -> tuple[Nouns, Versions]:
    """Products with their stock moved, and the versions they were read with. A variant whose stock the shop does not
    count stays as it is.
    """
    moved: Nouns = {}
    seen: dict[tuple[Kind, str], int] = {}
    for product_id, counts in (await _by_product(session, stock)).items():
        row = await session.get(ProductRow, product_id)
        if row is not None:
            moved["product", product_id] = dump(move_stock(Product.model_validate(row.data), counts))
            seen["product", product_id] = row.version
    return moved, seen


async def _by_product(session: DatabaseSession, stock: Mapping[str, int]) -> dict[str, dict[str, int]]:
    wanted = select(ProductKey).where(ProductKey.key.in_([sku.upper() for sku in stock]))
    owners = {row.key: row.product_id for row in await session.scalars(wanted)}
    grouped: dict[str, dict[str, int]] = defaultdict(dict)
    for sku, count in stock.items():
        if owner := owners.get(sku.upper()):
            grouped[owner][sku] = count
    return grouped


def move_stock(product: Product, counts: Mapping[str, int]) -> Product:
    """A product with its variants' stock moved by SKU, changed in place. Raises StateChanged where it would run out."""
    for variant in product.variants:
        if variant.sku in counts and variant.stock is not None:
            before, variant.stock = variant.stock, variant.stock + counts[variant.sku]
            if variant.stock < 0:
                raise StateChanged(f"{variant.sku} ran out")
            variant.available = variant.stock > 0 and (variant.available or before == 0)
    return product


async def _put(session: DatabaseSession, seen: Versions, written: Mapping[tuple[Kind, str], dict[str, Any]]) -> None:
    """Write what is written and hold fast what was only seen; each under the version it was seen with."""
    for kind, key in sorted({*seen, *written}):
        data = written.get((kind, key))
        values = {"data": data, "version": TABLES[kind].version + 1} if data else {"version": TABLES[kind].version}
        wanted = update(TABLES[kind]).where(_column(kind) == row_key(kind, key)).values(**values)
        if (kind, key) in seen:
            wanted = wanted.where(TABLES[kind].version == seen[kind, key])
        done = await session.execute(wanted.execution_options(synchronize_session=False))
        if done.rowcount != 1 and seen.get((kind, key)) != 0:  # type: ignore[attr-defined]
            await session.rollback()
            raise StateChanged(f"{kind} {key} has changed")


def _column(kind: str) -> Any:
    return {"order": OrderRow.order_key, "customer": CustomerRow.customer_id, "product": ProductRow.product_id}[kind]


def row_key(kind: str, key: str) -> str:
    """The key a noun's row is found by."""
    return normal_order_id(key) if kind == "order" else key


def dump(noun: Any) -> dict[str, Any]:
    """A noun as it is stored: what was set, under the names shops use."""
    return dict(noun.model_dump(mode="json", by_alias=True, exclude_unset=True))
