"""`dragoman claims`: what a text claims that may not stand, and the rules it is held to."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, claims_app
from integrations.cli.out import FINDINGS, USAGE, counted, note, print_json, print_line, stop
from integrations.cli.reading import STANDARD_INPUT, read_text
from integrations.cli.workshop import On

if TYPE_CHECKING:
    from knowledge.claims.rules import Rule
    from knowledge.findings import Finding

Jurisdiction = Annotated[
    str, typer.Option(help="Where the text is shown: EU, DE (brings EU), US, JP, …; a platform too: US+amazon.")
]


@claims_app.command()
def check(  # noqa: PLR0913
    file: Annotated[Path | None, typer.Argument(help="The text, UTF-8; standard input where none is named.")] = None,
    jurisdiction: Jurisdiction = "",
    locale: Annotated[str, typer.Option(help="The text's language and place, like de-DE.")] = "",
    category: Annotated[str, typer.Option(help="What is sold: cosmetics, food, textile, …; narrows the rules.")] = "",
    evidence: Annotated[str, typer.Option(help="What is attested, separated by commas: 'GOTS CU-812345, …'.")] = "",
    brands: Annotated[str, typer.Option(help="Other makers' names that must not be leant on, with commas.")] = "",
    on: On = "",
    batch: Annotated[
        Path | None,
        typer.Option(help='JSON Lines: {"id", "text", "locale", "jurisdiction", "category", "evidence"} a line.'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find claims that may not stand where a text is shown, each with its rule, its source and what would help.

    "!!" block: not to be published without the evidence named.

    "!" warn: a person or evidence has to be asked.

    "-" info: good to know.

    Exit code 1 when there are findings. Not legal advice.

    \b
    echo "Klimaneutrale Socken" | dragoman claims check --jurisdiction DE --locale de-DE
    dragoman claims check --batch copy.jsonl
    """
    given = {
        "jurisdiction": jurisdiction, "locale": locale, "category": category, "evidence": _listed(evidence),
        "brands": _listed(brands), "on": on,
    }  # fmt: skip
    if batch:
        _check_batch(batch, given, as_json)
        return
    text = read_text(file or STANDARD_INPUT, as_json)
    try:
        found = _checked({"text": text}, given)
    except ValueError as error:
        stop(str(error), USAGE, as_json)
    _tell_coverage(locale)
    _print(found, as_json)
    if found:
        raise SystemExit(FINDINGS)


@claims_app.command()
def rules(
    rule: Annotated[str, typer.Argument(help="One rule, told whole.")] = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """List the rules on claims, or tell one whole: what it forbids, where, since when, what it catches and lets pass.

    \b
    dragoman claims rules --jurisdiction FR
    """
    from knowledge.claims.places import PlaceUnknown, places_meant
    from knowledge.claims.rules import claim_rules
    from knowledge.findings import MARKS
    from knowledge.service.findings import meant

    known = claim_rules()
    if rule:
        if rule not in known:
            stop(f"No rule is called {rule!r}. {meant(rule, known)}", USAGE, as_json)
        _print_rule(known[rule], as_json)
        return
    try:
        where = places_meant(jurisdiction) if jurisdiction else None
    except PlaceUnknown as error:
        stop(str(error), USAGE, as_json)
    shown = [rule for rule in known.values() if where is None or where & set(rule.where)]
    if as_json:
        print_json({"rules": [_told(rule) for rule in shown]})
        return
    for one in shown:
        print_line(f"{MARKS[one.severity]} {one.id} ({', '.join(one.where)}): {one.says}")
    print_line(f"{len(shown)} rules, as of {max(rule.as_of for rule in shown)}. Not legal advice.")


def _listed(written: str) -> list[str]:
    return [part.strip() for part in written.split(",") if part.strip()]


def _check_batch(path: Path, given: dict[str, Any], as_json: bool) -> None:
    """Every line, one JSON object a line out. A line that cannot be checked says why, and the rest goes on."""
    wrong = 0
    for number, line in enumerate(read_text(path, as_json).split("\n"), 1):
        if not line.strip():
            continue
        held: Any = None
        try:
            held = json.loads(line)
            if not isinstance(held, dict) or "id" not in held or not isinstance(held.get("text"), str):
                raise ValueError("the line is no object with an id and a text")
            print_json({"id": held["id"], "findings": [asdict(finding) for finding in _checked(held, given)]})
        except (ValueError, RecursionError) as error:
            wrong += 1
            named = held.get("id") if isinstance(held, dict) else None
            print_json({"id": named, "error": {"message": f"line {number}: {error}", "code": "invalid"}})
    if wrong:
        note(f"dragoman: {wrong} lines could not be checked")
        raise SystemExit(USAGE)


def _checked(held: dict[str, Any], given: dict[str, Any]) -> list[Finding]:
    """The findings of a text, what a line leaves out being taken from the options. Raises ValueError."""
    from tools.claims.asking import asked

    return asked({**given, **{name: value for name, value in held.items() if value not in (None, "")}})


def _tell_coverage(locale: str) -> None:
    from knowledge.claims.tongues import tongues

    code = locale.replace("_", "-").split("-")[0].lower()
    if code not in tongues():
        note(f"There are no phrases in the language of {locale or 'no locale'}; only English ones were looked for.")


def _print(found: list[Finding], as_json: bool) -> None:
    if as_json:
        print_json({"ok": not found, "findings": [asdict(finding) for finding in found]})
        return
    for finding in found:
        for line in finding.lines():
            print_line(line)
    print_line(f"{counted(len(found), 'finding')}. Not legal advice.")


def _told(rule: Rule) -> dict[str, Any]:
    return rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _print_rule(rule: Rule, as_json: bool) -> None:
    from knowledge.claims.rules import claim_sources
    from knowledge.findings import MARKS

    if as_json:
        print_json(_told(rule))
        return
    print_line(f"{MARKS[rule.severity]} {rule.id}: {rule.says}")
    print_line(f"Where: {', '.join(rule.where)}. Goods: {', '.join(rule.scopes) or 'all'}. {_days(rule)}")
    print_line(f"Do: {rule.advice}")
    for name, lines in _lists(rule).items():
        for line in lines:
            print_line(f"{name}: {line}")
    for key in rule.sources:
        source = claim_sources()[key]
        print_line(f"Source: {source.title}, {source.url} ({source.date}; seen: {source.seen})")
    print_line(f"As of {rule.as_of}, confidence {rule.confidence}. {rule.note}".rstrip())


def _days(rule: Rule) -> str:
    begun = f"In force from {rule.starts}." if rule.starts else "In force."
    return f"{begun} Until {rule.ends}." if rule.ends else begun


def _lists(rule: Rule) -> dict[str, list[str]]:
    """What a rule looks for, and what it lets be, in words."""
    phrases = [f"{language}: {', '.join(rule.spoken(language))}" for language in {**rule.phrases, **rule.also}]
    proofs = [proof.says + ("" if proof.known_by else " (changes nothing by itself)") for proof in rule.evidence]
    passes = [example.text + (f" (with {', '.join(example.evidence)})" if example.evidence else "")
              for example in rule.passes]  # fmt: skip
    return {
        "Phrases": phrases, "Not where": [unless.says for unless in rule.unless], "Evidence": proofs,
        "Catches": [example.text for example in rule.caught], "Lets pass": passes,
    }  # fmt: skip
