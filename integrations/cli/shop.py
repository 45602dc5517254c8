"""`dragoman shop`: fill the built-in shop from another system's export, look into it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from integrations.cli import Json, run, shop_app
from integrations.cli.action import user_name
from integrations.cli.out import FINDINGS, USAGE, note, print_json, print_line, stop
from integrations.cli.reading import read_text

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.shops.exports import Export

Format = Literal["auto", "shopify", "woocommerce", "csv", "json"]


@shop_app.command("import")
def import_shop(  # noqa: PLR0913 - a command's options
    path: Annotated[Path, typer.Argument(help="The export: a file, or a folder of CSV files.")],
    kind: Annotated[
        Format,
        typer.Option("--format", help="What it is; by itself it is told by its columns. json: docs/shop-owner.md."),
    ] = "auto",
    column: Annotated[
        list[str] | None, typer.Option(help='Which column holds a field: --column "price=VK brutto". May be repeated.')
    ] = None,
    currency: Annotated[str, typer.Option(help="Currency of prices that name none, like EUR.")] = "",
    name: Annotated[str, typer.Option(help="The shop's name, as shoppers read it.")] = "",
    policy: Annotated[Path | None, typer.Option(help="The shop's service policy, a TOML file.")] = None,
    as_json: Json = False,
) -> None:
    """Fill the shop from CSV exports (Shopify, WooCommerce, any table of products or orders) or a JSON file.

    Columns are known by their headings in many languages; what is not known is kept as a fact of the product. Prices
    may be written 1.299,00 or 1,299.00, files saved by Excel. How each file was read is told.

    \b
    dragoman shop import products.csv --name "Lumen & Co" --currency EUR
    dragoman shop import exports/                           # products and orders of Shopify or WooCommerce
    dragoman shop import shop.json --policy policy.toml

    All of it is read and checked first; then it is replaced in one step, or not at all.

    Products in the export replace the shop's products, orders its orders with their customers; what the export does
    not bring stays. The demo shop gives way whole.
    """
    if not path.exists():
        stop(f"There is no {path}.", USAGE, as_json)
    export = _read(path, kind, _named(column or [], as_json), currency.upper(), as_json)
    export.facts |= {"name": name} if name else {}
    if policy is not None:
        export.facts["service_policy"] = read_policy_file(policy, as_json)
    elif "service_policy" in export.facts:
        _check_policy(export.facts["service_policy"], f"in {path.name}", as_json)

    async def work(dragoman: Dragoman) -> None:
        await dragoman.adopt_shop(export)
        await dragoman.journal.add(user_name(), "shop imported", path.resolve().name, told_counts(export))
        change = await dragoman.library.sync()
        report = {
            "products": len(export.products or []), "customers": len(export.customers or []),
            "orders": len(export.orders or []), "passages_added": change.added,
        }  # fmt: skip
        if as_json:
            print_json(report)
        else:
            for reading in export.readings:
                note(reading)
            counts = ", ".join(f"{report[name]} {name}" for name in ("products", "customers", "orders"))
            print_line(f"Imported {counts}; {change.added} passages indexed.")

    run(work, as_json)


def told_counts(export: Export) -> str:
    """What an export brought, in numbers."""
    parts = {"products": export.products, "customers": export.customers, "orders": export.orders}
    return ", ".join(f"{len(held)} {name}" for name, held in parts.items() if held is not None) or "no records"


def _named(columns: list[str], as_json: bool) -> dict[str, str]:
    """Which column holds which field, as `field=heading`."""
    pairs = [entry.partition("=") for entry in columns]
    if wrong := next((entry for entry, pair in zip(columns, pairs, strict=True) if not (pair[0] and pair[2])), ""):
        stop(f"--column {wrong!r} is not like  price=VK brutto", USAGE, as_json)
    return {field.strip(): heading.strip() for field, _, heading in pairs}


def _read(path: Path, kind: Format, named: dict[str, str], currency: str, as_json: bool) -> Export:
    from integrations.shops.csv_files import read_csv_shop
    from integrations.shops.exports import ExportUnreadable
    from integrations.shops.json_file import read_json_shop

    if currency and not re.fullmatch("[A-Z]{3}", currency):
        stop(f"--currency {currency!r} is no currency like EUR or USD.", USAGE, as_json)
    try:
        if kind == "json" or (kind == "auto" and path.suffix.lower() == ".json"):
            return read_json_shop(path)
        return read_csv_shop(path, kind, named, currency)
    except ExportUnreadable as error:
        stop(f"Nothing was imported: {error}", USAGE, as_json)
    except OSError as error:
        stop(f"{path} cannot be read: {error.strerror}", USAGE, as_json)


def read_policy_file(path: Path, as_json: bool) -> dict[str, Any]:
    """A service policy that was read and can hold; ends with an error where it is wrong."""
    try:
        data = tomllib.loads(read_text(path, as_json))
    except tomllib.TOMLDecodeError as error:
        stop(f"Nothing was imported: the policy {path} is wrong: {error}", USAGE, as_json)
    _check_policy(data, str(path), as_json)
    return data


def _check_policy(data: Any, where: str, as_json: bool) -> None:
    """End with an error where a policy holds what cannot be read: a rule misspelt would be a rule ignored."""
    from knowledge.service.audit_shape import read_policy

    found = read_policy(data)[1] if isinstance(data, dict) else []
    if not isinstance(data, dict) or found:
        told = " ".join(f"{finding.message} {finding.suggestion}" for finding in found[:3]) or "it is no table."
        stop(
            f"Nothing was imported: the policy {where} is wrong: {told} See: dragoman policy check FILE", USAGE, as_json
        )


@shop_app.command()
def show(
    order: Annotated[str, typer.Argument(help="Order number.")],
    as_json: Json = False,
) -> None:
    """Show an order as the shop holds it. For the shop's own staff."""

    async def work(dragoman: Dragoman) -> None:
        await dragoman.ready()
        found = await dragoman.shop.order(order)
        if found is None:
            stop(f"There is no order {order} in this shop.", FINDINGS, as_json)
        if as_json:
            print_json(found.model_dump(mode="json", by_alias=True))
            return
        from assistant.embedded.order_words import word_order
        from assistant.embedded.wording import Words
        from tools.orders import describe_order
        from tools.results import tell

        print_line(word_order(tell("ok", order=describe_order(found, dragoman.shop.home_currency))[1], Words("en")))

    run(work, as_json)
