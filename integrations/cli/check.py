"""`dragoman knowledge check`: whether what the assistant knows is still true."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import Json, knowledge_app, run
from integrations.cli.out import FINDINGS, MARKS, USAGE, counted, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.audit import Finding
    from knowledge.documents import Passage


@knowledge_app.command()
def check(
    only: Annotated[
        str,
        typer.Option(
            help="conflict, expired, expires-soon, not-yet-valid, untranslated or never-retrieved: nothing else.",
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Show which documents contradict each other, ended, lack a translation or are never found.

    "!!" error: two documents that both hold, or a document and its translation, state different figures: decide.

    "!" warning: ended or soon to end, replaced by a newer one, not translated as most are.

    "-" note: a market's own figure beside the general one, not yet valid, never retrieved.

    Exit code 1 when there are errors or warnings.

    \b
    dragoman knowledge check --only conflict
    """

    async def work(dragoman: Dragoman) -> None:
        from knowledge.audit import KINDS

        wanted = only.strip().lower().replace("-", " ")
        if wanted and wanted not in KINDS:
            named = ", ".join(kind.replace(" ", "-") for kind in KINDS)
            stop(f"{only!r} is no kind of finding; --only takes one of: {named}", USAGE, as_json)
        await dragoman.ready()
        findings = [finding for finding in await audited(dragoman) if wanted in ("", finding.kind)]
        _print(findings, as_json)
        if any(finding.severity != "note" for finding in findings):
            raise SystemExit(FINDINGS)

    run(work, as_json)


async def audited(dragoman: Dragoman) -> list[Finding]:
    """The findings about a home's documents today, those that ended among them. Raises IndexDamaged."""
    ended = await dragoman.library.ended()
    return await asyncio.to_thread(_audit, dragoman, ended, await dragoman.searches.retrieved())


def _audit(dragoman: Dragoman, ended: list[Passage], retrieved: dict[str, int]) -> list[Finding]:
    from datetime import date

    import numpy as np

    from knowledge.audit import audit

    index = dragoman.library.index
    generation = index.generation()
    held = generation.everything("policy")
    vectors = generation.vectors([passage.id for passage in held])
    if ended:
        vectors = np.concatenate([vectors, index.placed(ended)]) if held else index.placed(ended)
    today = date.today()  # noqa: DTZ011  (as the search does)
    return audit([*held, *ended], vectors, retrieved, list(generation.locales()), today)


def _print(findings: list[Finding], as_json: bool) -> None:
    counts = {name: sum(finding.severity == name for finding in findings) for name in MARKS}
    if as_json:
        print_json({"ok": not (counts["error"] or counts["warning"]), **{f"{name}s": n for name, n in counts.items()},
                    "findings": [asdict(finding) for finding in findings]})  # fmt: skip
        return
    for finding in findings:
        print_line(f"{MARKS[finding.severity]} {finding.document} [{finding.locale}]  {finding.kind}, {finding.what}")
        print_line(f"   {finding.why}")
        print_line(f"   → {finding.advice}")
    print_line(", ".join(counted(n, name) for name, n in counts.items()))
