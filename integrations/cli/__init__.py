"""The command `dragoman`. Heavy libraries load inside the commands, so that --help is instant."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from integrations.cli.menu import Menu
from integrations.cli.out import FAULT, USAGE, begin_progress, note, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.settings import Settings

app = typer.Typer(
    name="dragoman", cls=Menu, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    help="A conversational assistant for cross-border shops: true answers with sources, in the shopper's language.\n\n"
    "Start with:  dragoman ask \"How much is shipping to Germany?\"\n\n"
    "All state lives in DRAGOMAN_HOME (default: .dragoman/ in a checkout). An empty home is filled with a demo shop.\n"
    "Exit codes: 0 ok, 1 findings, denied or not held, 2 wrong usage, 3 fault.",
)  # fmt: skip
knowledge_app = typer.Typer(no_args_is_help=True, help="What the assistant knows: index documents, search them.")
shop_app = typer.Typer(no_args_is_help=True, help="The built-in shop: fill it, look into it.")
actions_app = typer.Typer(no_args_is_help=True, help="The ledger of actions: list, show, approve, deny, retry.")
policy_app = typer.Typer(no_args_is_help=True, help="What the shop does for whom: its service policy, checked.")
handoff_app = typer.Typer(no_args_is_help=True, help="Shoppers who wait for a person.")
privacy_app = typer.Typer(no_args_is_help=True, help="What is held of a customer: take it out, or take it away.")
trace_app = typer.Typer(no_args_is_help=True, help="What happened in a turn: replay it, list the last ones.")
keys_app = typer.Typer(no_args_is_help=True, help="Keys of marketers and operators for the HTTP API.")
app.add_typer(keys_app, name="keys")
slack_app = typer.Typer(no_args_is_help=True, help="The operator's desk in Slack: its manifest, is it set up.")
app.add_typer(slack_app, name="slack")
job_app = typer.Typer(no_args_is_help=True, help="Long work of many items: run it, watch it, resume it.")
app.add_typer(job_app, name="job")
facts_app = typer.Typer(no_args_is_help=True, help="What is attested of products: import it, see what is missing.")
listing_app = typer.Typer(no_args_is_help=True, help="Listings for marketplaces: write, check, export, audit.")
app.add_typer(facts_app, name="facts")
app.add_typer(listing_app, name="listing")
claims_app = typer.Typer(no_args_is_help=True, help="What a text may not claim where it is shown.")
app.add_typer(claims_app, name="claims")
terms_app = typer.Typer(no_args_is_help=True, help="The term base: what is called how, what is kept.")
app.add_typer(terms_app, name="terms")
memory_app = typer.Typer(no_args_is_help=True, help="The translation memory: what was approved, to be used again.")
app.add_typer(memory_app, name="memory")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(shop_app, name="shop")
app.add_typer(actions_app, name="actions")
app.add_typer(handoff_app, name="handoff")
app.add_typer(privacy_app, name="privacy")
app.add_typer(policy_app, name="policy")
app.add_typer(trace_app, name="trace")

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]


def run(
    work: Callable[[Dragoman], Coroutine[Any, Any, None]],
    as_json: bool = False,
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> None:
    """Open the home, do the work, and turn what can go wrong into an error that says what to do. `loop` makes another
    event loop than Python's own.
    """
    settings = read_home(as_json)
    from integrations.bootstrap import open_dragoman
    from integrations.homes import lack_of_room

    async def whole() -> None:
        async with open_dragoman(settings, note, begin_progress) as dragoman:
            await work(dragoman)

    try:
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(whole())
    except Exception as error:
        if said := lack_of_room(error, settings.home) or (str(error) if isinstance(error, EXPECTED()) else ""):
            stop(said, FAULT, as_json)
        raise


def read_home(as_json: bool = False) -> Settings:
    """The settings in force; logs are written as they say. Ends the command where they are wrong."""
    from integrations.observing.logs import begin_logs
    from integrations.settings import SettingsWrong, read_settings
    from integrations.threads import calm_threads

    calm_threads()
    begin_logs()
    try:
        settings = read_settings()
    except SettingsWrong as error:
        stop(str(error), USAGE, as_json)
    begin_logs(settings.log_level, settings.log_format == "json", settings.secrets)
    return settings


def EXPECTED() -> tuple[type[Exception], ...]:
    """Faults we can explain."""
    from integrations.bootstrap import HomeUnusable
    from integrations.database.engine import DatabaseUnusable
    from integrations.embedders import EmbedderUnavailable
    from integrations.library import DocumentsUnreadable
    from knowledge.chroma import ServerUnreachable, VectorsLost
    from knowledge.generation import IndexDamaged
    from knowledge.index import IndexBusy
    from knowledge.shop import ShopUnavailable
    from tools.actions.ledger import LedgerUnavailable

    ours = (
        LedgerUnavailable,
        ServerUnreachable,
        VectorsLost,
        HomeUnusable,
        DatabaseUnusable,
        DocumentsUnreadable,
        EmbedderUnavailable,
        IndexBusy,
        IndexDamaged,
        ShopUnavailable,
    )
    return (*ours, PermissionError)


@app.callback(invoke_without_command=True)
def _top(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if show_version:
        typer.echo(f"dragoman {version('dragoman')}")
        raise typer.Exit


def _evals(context: typer.Context) -> None:
    """Measure how good the answers are: run, compare."""
    command = next(iter(entry_points(group="dragoman.commands", name="evals"))).load()
    command(context.args, prog_name="dragoman evals")


app.command(
    "evals",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(_evals)


def main() -> None:
    """The entry point."""
    leave(obey(sys.argv[1:]))


def obey(words: Sequence[str]) -> int:
    """Do what the words of a command line say; returns the exit code."""
    load_commands()
    try:
        app(list(words), prog_name="dragoman")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        note("stopped")
        return 130
    except BrokenPipeError:
        return 0
    return 0


def load_commands() -> None:
    """Make every command known to `app`."""
    import integrations.cli.action
    import integrations.cli.actions
    import integrations.cli.ask
    import integrations.cli.backup
    import integrations.cli.check
    import integrations.cli.claims
    import integrations.cli.copy
    import integrations.cli.doctor
    import integrations.cli.facts
    import integrations.cli.gaps
    import integrations.cli.handoff
    import integrations.cli.init
    import integrations.cli.job
    import integrations.cli.keys
    import integrations.cli.knowledge
    import integrations.cli.listing
    import integrations.cli.listing_files
    import integrations.cli.listing_signing
    import integrations.cli.localize
    import integrations.cli.memory
    import integrations.cli.policy
    import integrations.cli.privacy
    import integrations.cli.serve
    import integrations.cli.shop
    import integrations.cli.slack
    import integrations.cli.terms
    import integrations.cli.trace
    import integrations.cli.up  # noqa: F401


def leave(code: int) -> NoReturn:
    """End at once. Everything is closed by now; taking the interpreter apart would cost another third of a second."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
