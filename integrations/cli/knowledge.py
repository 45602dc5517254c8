"""`dragoman knowledge`: index documents, search them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from integrations.cli import Json, knowledge_app, run
from integrations.cli.out import FINDINGS, USAGE, note, print_json, print_line, stop
from integrations.cli.reading import read_lines

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.filters import Filter
    from knowledge.index import Change
    from knowledge.retrieval import Hit

Audience = Literal["shopper", "operator", "marketer"]


@knowledge_app.command()
def sync(
    where: Annotated[
        str, typer.Argument(metavar="folder|sitemap", help="Folder of documents, or a sitemap's address or file.")
    ] = "",
    shop: Annotated[str, typer.Option(help="Name of the shop these documents belong to.")] = "",
    as_json: Json = False,
) -> None:
    """Index documents and products; only what changed is read into the index again.

    Markdown, text, HTML, MHTML, PDF, DOCX, CSV and TSV are read. What they say of themselves (front matter) or what
    sources.toml in the folder says of them gives locale, markets, audience and validity; a [[sitemap]] there, or a
    sitemap in place of the folder, has its pages fetched. From now on these are the shop's documents. Without an
    argument they are read again, with the shop's products. Files that cannot be read are listed and skipped (exit 1);
    rules that fit no file are listed.
    """

    from integrations.library import DocumentsUnreadable
    from knowledge.folder_rules import RULES

    async def work(dragoman: Dragoman) -> None:
        if where:
            await dragoman.adopt_documents(_meant(where, as_json), shop)
        elif not dragoman.shop.facts:
            await dragoman.fill_with_demo()
        elif shop:
            stop("--shop names the shop of a folder: dragoman knowledge sync FOLDER --shop NAME", USAGE, as_json)
        try:
            change = await dragoman.library.sync()
        except (ValueError, DocumentsUnreadable) as error:
            stop(str(error), USAGE, as_json)
        _report(change, as_json)
        if any(not problem.path.startswith(RULES) for problem in change.problems):  # a rule may wait for its files
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _meant(where: str, as_json: bool) -> str:
    """A folder or a sitemap, as it can be found again from anywhere. Ends the command where it cannot be read."""
    from integrations.library import is_sitemap
    from knowledge.folder_rules import read_rules

    if where.startswith(("http://", "https://")):
        return where
    path = Path(where).absolute()
    if not (path.is_dir() or (is_sitemap(where) and path.is_file())):
        said = "is a file: name the folder it lies in" if path.is_file() else "is no folder and no sitemap"
        stop(f"{where} {said}.", USAGE, as_json)
    try:
        if path.is_dir():
            read_rules(path)
    except ValueError as error:
        stop(f"{error}. Nothing was changed.", USAGE, as_json)
    return str(path)


def _report(change: Change, as_json: bool) -> None:
    problems = change.problems
    if as_json:
        print_json({**asdict(change), "problems": [problem.model_dump() for problem in problems]})
        return
    print_line(f"{change.added} passages added, {change.removed} removed, {change.kept} unchanged")
    for problem in problems:
        note(f"skipped {problem.path}: {problem.problem}")


@knowledge_app.command()
def search(  # noqa: PLR0913  (each is one option of the command)
    text: Annotated[str, typer.Argument(help="What to look for.")] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 5,
    locale: Annotated[str, typer.Option(help="The reader's locale; detected from the text when not given.")] = "",
    market: Annotated[str, typer.Option(help="ISO country: passages for other markets are left out.")] = "",
    audience: Annotated[Audience, typer.Option(help="Whose passages: staff are shown the shoppers' too.")] = "shopper",
    each: Annotated[int, typer.Option(min=0, help="Most passages of one document; 0 for any number.")] = 1,
    batch: Annotated[Path | None, typer.Option(help='JSON Lines of {"id","query","locale"?}; answers in kind.')] = None,
    as_json: Json = False,
) -> None:
    """Find passages, best first; nothing when nothing is near enough (exit code 1)."""

    async def work(dragoman: Dragoman) -> None:
        from knowledge.filters import Filter

        await dragoman.ready()
        wanted = Filter(audience=audience, market=_market(market, as_json))
        if batch is not None:
            _search_batch(dragoman, batch, wanted, k, each, as_json)
            return
        if not text.strip():
            stop('Say what to look for: dragoman knowledge search "return postage"', USAGE, as_json)
        hits = dragoman.library.retriever.search(text, wanted, k, _language(locale), each=each)
        if as_json:
            print_json({"query": text, "results": [_long(hit) for hit in hits]})
        for hit in hits if not as_json else []:
            heading = " – ".join((hit.passage.title, *hit.passage.heading))
            print_line(f"{hit.score:5.2f}  {hit.passage.document} [{hit.passage.locale}]  {heading}")
            print_line("       " + " ".join(hit.passage.text.split())[:160])
        if not hits:
            note("nothing near enough")
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _market(said: str, as_json: bool) -> str:
    from knowledge.markets import market_code

    if said and not market_code(said):
        stop(f"--market {said}: name an ISO country code, like DE", USAGE, as_json)
    return market_code(said)


def _language(locale: str) -> str | None:
    from knowledge.locales import match_language

    return match_language(locale) if locale else None


def _search_batch(dragoman: Dragoman, batch: Path, wanted: Filter, k: int, each: int, as_json: bool) -> None:
    """A search a line, an answer a line, in order; a wrong line is answered with its error."""
    for number, line in enumerate(read_lines(batch, as_json), 1):
        if line.strip():
            print_json(_answer_line(dragoman, line, number, wanted, k, each))
    sys.stdout.flush()


def _answer_line(dragoman: Dragoman, line: str, number: int, wanted: Filter, k: int, each: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as error:
        return {"id": None, "results": [], "error": f"line {number} is not JSON: {error.msg}"}
    name = asked.get("id") if isinstance(asked, dict) else None
    if name is None or not isinstance(asked.get("query"), str):
        return {"id": name, "results": [], "error": f'line {number} is not {{"id": ..., "query": "..."}}'}
    query = asked["query"].encode("utf-8", "replace").decode()  # half an emoji, which no model takes
    hits = dragoman.library.retriever.search(query, wanted, k, _language(str(asked.get("locale") or "")), each=each)
    return {"id": name, "results": [_short(hit) for hit in hits]}


def _short(hit: Hit) -> dict[str, Any]:
    return {"document": hit.passage.document, "passage": hit.passage.id, "score": round(hit.score, 4)}


def _long(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        **_short(hit), "closeness": round(hit.cosine, 4), "title": passage.title, "heading": list(passage.heading),
        "text": passage.text, "locale": passage.locale, "start": passage.start, "end": passage.end, "url": passage.url,
    }  # fmt: skip
