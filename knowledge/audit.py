"""Whether what is known is still true: what ended, lacks a translation, is never found, or contradicts itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.conflicts import Conflict, find_conflicts
from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.precedence import name_of
from knowledge.service.findings import SEVERITIES
from knowledge.translations import main_of, sections_of

KINDS = ("conflict", "expired", "expires soon", "not yet valid", "untranslated", "never retrieved")
"""What an audit finds, by what a person should look at first."""

SOON = timedelta(days=30)
"""So long before its end a document is told to expire soon."""

MOST = 0.5
"""A locale that more than this share of documents has is missed in the others."""

FEWER = 0.75
"""A translation with less than this share of its main version's sections lacks some."""


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `what` and `why` say what is so, `advice` what to do; `others` further documents it is
    about, as 'document [locale]'.
    """

    kind: str
    severity: str
    document: str
    locale: str
    what: str
    why: str
    advice: str
    others: tuple[str, ...] = ()


def audit(
    passages: Sequence[Passage],
    vectors: Vectors,
    retrieved: Mapping[str, int],
    locales: Sequence[str],
    today: date,
) -> list[Finding]:
    """All there is to find about the policy documents, the gravest first.

    `vectors` are unit rows aligned with `passages`, `retrieved` how often each document was found (empty where no
    search was recorded: then nothing is said of it), `locales` those the shop serves.
    """
    policies = [passage for passage in passages if passage.kind == "policy"]
    found = [_of_conflict(conflict, today) for conflict in find_conflicts(passages, vectors, today)]
    found += _validity(policies, today)
    found += _untranslated(policies, locales)
    found += _never_retrieved(policies, retrieved)
    return ordered(found)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then warnings, then notes; in each by kind, document and locale."""
    return sorted(
        findings, key=lambda f: (SEVERITIES.index(f.severity), KINDS.index(f.kind), f.document, f.locale, f.why)
    )


_ADVICE = {
    "ended": "Nothing urgent, nobody is shown the older figure any more; remove the document when it is not needed.",
    "same": "Decide which figure is right and correct the other document.",
    "translation": "Correct the translation, or the original and its other translations.",
    "expired": "Give the document that is replaced a valid_until before the newer one begins, or remove it.",
    "market": "Nothing, if the exception is meant; else correct one of them.",
}


def _of_conflict(conflict: Conflict, today: date) -> Finding:
    loser, other = conflict.loser, conflict.passages[0]
    advice = _ADVICE["ended" if (loser.valid_until or today) < today else conflict.kind]
    heading = " – ".join(dict.fromkeys((loser.title, *loser.heading[-1:])))
    return Finding(
        "conflict", conflict.severity, loser.document, loser.locale, f"{conflict.kind}: {heading}", conflict.why,
        advice, (name_of(other),),
    )  # fmt: skip


def _validity(policies: Sequence[Passage], today: date) -> Iterator[Finding]:
    documents = {(p.document, p.locale): p for p in policies}
    for (document, locale), passage in documents.items():
        until, since = passage.valid_until, passage.valid_from
        if until and until < today:
            yield _expired(document, locale, passage.title, until)
        elif until and until <= today + SOON:
            yield Finding(
                "expires soon", "warning", document, locale, passage.title, f"Its last day is {until}.",
                "Write its successor, or extend valid_until.",
            )  # fmt: skip
        elif since and since > today:
            yield Finding(
                "not yet valid", "note", document, locale, passage.title, f"It is shown from {since}.",
                "Nothing, if that day is meant.",
            )  # fmt: skip


def _expired(document: str, locale: str, title: str, until: date) -> Finding:
    return Finding(
        "expired", "warning", document, locale, title, f"Its last day was {until}; nobody is shown it.",
        "Remove it, or extend valid_until if it still holds.",
    )  # fmt: skip


def _untranslated(policies: Sequence[Passage], locales: Sequence[str]) -> Iterator[Finding]:
    sections = sections_of(policies)
    counts = Counter(locale for own in sections.values() for locale in own)
    usual = [locale for locale in locales if counts[locale] > MOST * len(sections)]
    for document, own in sections.items():
        main = main_of(own)
        missing = [locale for locale in usual if locale not in own]
        if missing:
            yield Finding(
                "untranslated", "warning", document, main, f"no {', '.join(missing)}",
                "Most documents have these languages; readers of them are shown this one in another.",
                "Add the translations to the folder and run: dragoman knowledge sync",
            )  # fmt: skip
        yield from _shortened(document, {locale: len(cut) for locale, cut in own.items()}, main)


def _shortened(document: str, lengths: dict[str, int], main: str) -> Iterator[Finding]:
    for locale, length in lengths.items():
        if length < FEWER * lengths[main]:
            yield Finding(
                "untranslated", "warning", document, locale, f"{length} of {lengths[main]} sections",
                f"The version in {main} has more sections than this translation.",
                "Translate the sections that were added.",
            )  # fmt: skip


def _never_retrieved(policies: Sequence[Passage], retrieved: Mapping[str, int]) -> Iterator[Finding]:
    if not any(retrieved.values()):
        return
    held: dict[str, list[Passage]] = {}
    for passage in policies:
        held.setdefault(passage.document, []).append(passage)
    for document, own in held.items():
        if not retrieved.get(document):
            yield Finding(
                "never retrieved", "note", document, main_of({p.locale for p in own}), own[0].title,
                "No recorded search ever found it.",
                "See whether its headings say what shoppers ask; remove it if nobody needs it.",
            )  # fmt: skip
