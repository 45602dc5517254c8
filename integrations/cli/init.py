"""`dragoman init`: the few questions that matter, and a commented dragoman.toml."""

from __future__ import annotations

import os
import re
import secrets
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import available_timezones

import typer

from integrations.cli import Json, app, run
from integrations.cli.action import user_name
from integrations.cli.init_file import POLICY, Answers, policy_text, settings_text
from integrations.cli.out import FAULT, USAGE, note, print_json, print_line, stop
from integrations.cli.shop import read_policy_file

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman


@app.command()
def init(  # noqa: PLR0913 - a command's options
    name: Annotated[str, typer.Option(help="The shop's name, as shoppers read it.")] = "",
    currency: Annotated[str, typer.Option(help="Currency of prices that name none, like EUR.")] = "",
    site: Annotated[
        list[str] | None, typer.Option(help="A storefront's address, https://shop.example. Repeat.")
    ] = None,
    email: Annotated[str, typer.Option(help="Where shoppers reach your people.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone your people work in, like Europe/Berlin.")] = "",
    model: Annotated[str, typer.Option(help="embedded (no key), or openai:NAME of any OpenAI-compatible server.")] = "",
    return_days: Annotated[int, typer.Option(min=0, help="Days in which goods may be sent back.")] = 30,
    approve_above: Annotated[
        int, typer.Option(min=0, help="Your staff refunds up to this amount alone; above it a lead decides.")
    ] = 50,
    production: Annotated[
        bool, typer.Option("--production", help="Shoppers reach this server: refuse what is unsafe.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; what is not said is left at its default.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the dragoman.toml there is; the old one is kept.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a home your shop's: asks a few questions.

    Writes a commented dragoman.toml and a policy to begin with. Secrets are made, not asked for. The demo shop, if it
    is what is here, gives way; a shop of your own stays.

    \b
    export DRAGOMAN_HOME=$HOME/my-shop
    dragoman init                                               # asks
    dragoman init --yes --name "Lumen & Co" --currency EUR --site https://lumen.example
    """
    from integrations.settings import home_in_force

    path = home_in_force() / "dragoman.toml"
    asking = sys.stdin.isatty() and not yes and not as_json
    _may_write(path, asking, force, as_json)
    given = Answers(name, currency.upper(), tuple(site or ()), email, zone, model or "embedded",
                    return_days, approve_above, production)  # fmt: skip
    answers = _asked(given) if asking else given
    if wrong := answers.wrong():
        stop(wrong, USAGE, as_json)
    _write(path, settings_text(answers, secrets.token_hex(32)), as_json)

    async def work(dragoman: Dragoman) -> None:
        from integrations.shops.exports import Export

        if is_demo := bool(dragoman.shop.facts.get("is_demo")):
            note("The demo shop gives way.")
        facts = answers.facts({} if is_demo else dragoman.shop.facts.get("about") or {})
        if is_demo or not dragoman.shop.facts.get("service_policy"):
            facts["service_policy"] = _begin_policy(path.with_name(POLICY), answers)
        await dragoman.adopt_shop(Export(facts=facts))
        await dragoman.journal.add(user_name(), "settings written", path.name)
        if as_json:
            print_json({"written": str(path), "shop": answers.name})
        else:
            _tell_next(path, answers)

    run(work, as_json)


def _may_write(path: Path, asking: bool, force: bool, as_json: bool) -> None:
    """End where there is a file already and nobody said that it may be replaced."""
    if not path.exists() or force:
        return
    if not (asking and typer.confirm(f"There is a {path}. Replace it? The old one is kept.", err=True)):
        stop(
            f"There is a {path}; it was left as it is. To replace it, keeping the old one: dragoman init --force",
            USAGE,
            as_json,
        )


def _asked(given: Answers) -> Answers:
    """What was said on the command line, and the rest as somebody answers; an answer that cannot be is asked again."""
    note("Enter takes what stands in brackets.\n")
    for field, question, default in (
        ("name", "What is the shop called, as shoppers read it", given.name),
        ("currency", "Which currency are its prices in", given.currency or "EUR"),
        ("sites", "At which address is the storefront (https://shop.example; several with spaces; empty: none yet)",
         " ".join(given.sites)),
        ("email", "Where do shoppers reach your people by e-mail (empty: nowhere)", given.email),
        ("zone", "In which time zone do they work", given.zone or _own_zone()),
        ("return_days", "For how many days may goods be sent back", str(given.return_days)),
        ("approve_above", "Up to which amount may your staff refund without a lead", str(given.approve_above)),
        ("model", "Which model answers (embedded needs no key; or openai:NAME)", given.model),
    ):  # fmt: skip
        while True:
            said = typer.prompt(question, default=default, show_default=bool(default), err=True).strip()
            given = given.with_answer(field, said)
            if not (wrong := given.wrong(field)):
                break
            note(wrong)
    said = typer.confirm(
        "Will shoppers reach this server (production refuses what is unsafe)", given.production, err=True
    )
    return given.with_answer("production", said)


def _own_zone() -> str:
    """The time zone of this machine, where it says one."""
    link = Path("/etc/localtime").resolve().as_posix().partition("zoneinfo/")[2]
    return link if link in available_timezones() else "UTC"


def _write(path: Path, text: str, as_json: bool) -> None:
    """Write the file, readable by its owner only, once its settings have been read as Dragoman will read them."""
    from integrations.homes import HomeUnusable, make_home
    from integrations.settings import Settings

    try:
        make_home(path.parent)
        Settings(**tomllib.loads(text), home=path.parent)
        if path.exists():
            path.replace(path.with_name("dragoman.toml.before"))
        with open(path, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(text)
    except ValueError as error:
        stop(f"Nothing was written: {error}", USAGE, as_json)
    except (HomeUnusable, OSError) as error:
        stop(str(error), FAULT, as_json)


def _begin_policy(path: Path, answers: Answers) -> dict[str, Any]:
    """The service policy to begin with, as a file to change; one that is there already is kept and holds."""
    if not path.exists():
        path.write_text(policy_text(answers), "utf-8")
    return read_policy_file(path, False)


def _tell_next(path: Path, answers: Answers) -> None:
    server = "https://chat.example.com" if answers.production else "http://127.0.0.1:8000"
    print_line(f"Written: {path}  (with a secret in it: keep it to yourself)")
    print_line(
        f"Written: {path.with_name(POLICY)}  (what may be done with an order; change it, then: dragoman policy use)\n"
    )
    print_line("Next:")
    print_line("  dragoman shop import products.csv     your products: CSV of Shopify, WooCommerce or any shop")
    print_line("  dragoman knowledge sync policies/     your policies: Markdown, HTML, PDF, DOCX or CSV")
    print_line('  dragoman ask "How long can I send things back?"')
    print_line("  dragoman serve                        then this tag on your page is your widget:")
    print_line(f'  <script type="module" src="{server}/widget.js" data-shop="{shop_key(answers.name)}"></script>')


def shop_key(name: str) -> str:
    """A shop's name as the widget's tag may hold it."""
    return re.sub(r"\W+", "-", name.casefold()).strip("-") or "shop"
