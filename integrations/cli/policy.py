"""`dragoman policy`: what a service policy says, and whether it can hold as it is written."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, policy_app, run
from integrations.cli.action import user_name
from integrations.cli.out import FINDINGS, MARKS, USAGE, counted, note, print_json, print_line, stop
from integrations.cli.reading import read_text

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.service.audit_passages import Find
    from knowledge.service.explanation import ActionTold, Explanation, RuleTold
    from knowledge.service.findings import Finding

QUOTED = 60
"""Characters shown of a text a rule quotes; --json tells it whole."""


@policy_app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A policy, a TOML file; the shop's own where none is named.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain/--no-explain", help="Tell what the policy says.")] = True,
    as_json: Json = False,
) -> None:
    """Tell what a service policy says, in English, and what in it cannot hold.

    Each action with its rules in the order they are asked, who may approve what, and what becomes of the order. Then
    what was found, held against the documents of this home:

    "!!" error: it contradicts itself, the law or the passage it cites, or cannot be read.

    "!" warning: it can hardly be meant, as a refund of any amount by anybody.

    "-" note: good to know.

    Exit code 1 when there are errors or warnings.

    \b
    dragoman policy check policy.toml
    dragoman policy check --no-explain --json
    """
    data = _read(file, as_json) if file else None

    async def work(dragoman: Dragoman) -> None:
        from knowledge.service.audit import check_policy
        from knowledge.service.audit_shape import read_policy
        from knowledge.service.explanation import explain_policy

        written = data if data is not None else await _own(dragoman)
        found = check_policy(written, await _finder(dragoman))
        _print(explain_policy(read_policy(written)[0]) if explain else None, found, as_json)
        if any(finding.severity != "note" for finding in found):
            raise SystemExit(FINDINGS)

    run(work, as_json)


@policy_app.command()
def use(
    file: Annotated[Path | None, typer.Argument(help="A TOML file; policy.toml of the home.")] = None,
    as_json: Json = False,
) -> None:
    """Let a service policy hold from now on. One that is wrong is refused, and the one before stays.

    \b
    dragoman policy check policy.toml && dragoman policy use policy.toml
    """
    from integrations.cli.shop import read_policy_file
    from integrations.settings import home_in_force
    from integrations.shops.exports import Export

    path = file or home_in_force() / "policy.toml"
    policy = read_policy_file(path, as_json)

    async def work(dragoman: Dragoman) -> None:
        if not dragoman.shop.facts or dragoman.shop.facts.get("is_demo"):
            stop(
                "This home holds the demo shop, with the demo's policy. Make it yours first: dragoman init",
                USAGE,
                as_json,
            )
        await dragoman.adopt_shop(Export(facts={"service_policy": policy}))
        await dragoman.journal.add(user_name(), "policy changed", path.name)
        offered = sorted(dragoman.policy.actions)
        print_json({"actions": offered}) if as_json else print_line(
            f"From now on: {', '.join(offered) or 'no action'}."
        )

    run(work, as_json)


def _read(file: Path, as_json: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(file, as_json))
    except tomllib.TOMLDecodeError as error:
        stop(f"{file} cannot be read: {error}. A policy is a TOML file; docs/shop-owner.md shows one.", USAGE, as_json)


async def _own(dragoman: Dragoman) -> dict[str, Any]:
    """The policy of the home's shop."""
    await dragoman.ready()
    return dict(dragoman.shop.facts.get("service_policy") or {})


async def _finder(dragoman: Dragoman) -> Find | None:
    """How to find a passage in the home's documents, or None in a home that has none yet."""
    from datetime import date

    from knowledge.filters import Filter

    if not dragoman.shop.facts:
        note("This home has no documents yet; passages are not looked up (dragoman knowledge sync FOLDER).")
        return None
    await dragoman.ready()
    wanted = Filter(audience="operator", on=date.today())  # noqa: DTZ011  (as the search does)

    def find(cite: str) -> tuple[str, str] | None:
        hit = dragoman.library.retriever.passage(cite, "en", wanted)
        return (hit.passage.searchable, hit.passage.locale) if hit else None

    return find


def _print(told: Explanation | None, found: list[Finding], as_json: bool) -> None:
    counts = {name: sum(finding.severity == name for finding in found) for name in MARKS}
    if as_json:
        report = {"ok": not (counts["error"] or counts["warning"]), **{f"{name}s": n for name, n in counts.items()}}
        explained = {"policy": asdict(told)} if told else {}
        print_json({**report, "findings": [asdict(finding) for finding in found], **explained})
        return
    if told:
        _print_policy(told)
    for finding in found:
        about = ", ".join(part for part in (finding.rule, finding.action) if part)
        print_line(f"{MARKS[finding.severity]} {about + ': ' if about else ''}{finding.message}")
        print_line(f"   → {finding.suggestion}")
    print_line(", ".join(counted(n, name) for name, n in counts.items()))


def _print_policy(told: Explanation) -> None:
    for line in told.terms:
        print_line(line)
    for action in told.offered:
        _print_action(action)
    print_line(f"\nNot offered: {', '.join(told.not_offered) or 'nothing'}.")
    print_line(f"Confirmation: {told.confirmation}.")
    print_line(f"Approval: {told.approval}.\n")


def _print_action(action: ActionTold) -> None:
    print_line(f"\n{action.action}: {action.about.rstrip('.')}.")
    for place, rule in enumerate(action.rules, 1):
        print_line(f"  {place:2}. {_worded(rule)}")
    if action.limits:
        print_line(f"      without another person: {'; '.join(action.limits)}")
    for signal in action.signals:
        print_line(f"      looked at by a person where: {_worded(signal)}")
    if action.becomes:
        print_line(f"      the order becomes: {action.becomes}")
    if action.refund_days:
        print_line(f"      a refund takes {action.refund_days[0]} to {action.refund_days[1]} business days")
    for method, days in action.refund_days_by_method.items():
        told = f"{days[0]} to {days[1]} business days" if days else "a time that is not told"
        print_line(f"      a refund by {method} takes {told}")


def _worded(rule: RuleTold) -> str:
    scope = f" ({rule.scope})" if rule.scope else ""
    return f"{rule.says}{scope}  [{rule.rule}: {shorten(rule.stated, QUOTED, placeholder='…')}]"
