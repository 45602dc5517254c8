"""Quoting a passage: whole where it is short, the rows of a table that concern the shopper's country."""

from __future__ import annotations

from typing import Any

from assistant.embedded.rows import around_table, has_others, silent_on, table_rows
from assistant.embedded.wording import Words, marked
from knowledge.countries import is_worldwide
from knowledge.keywords import keywords
from knowledge.sections import sentence_ends

MOST_LETTERS = 620
"""A longer passage is cut to the sentences nearest to the question."""

NEARLY_AS_NEAR = 0.06
"""How much less close a passage in another language may be than one in the reader's, to be shown beside it."""

MOST_ROWS = 14

ALSO_NEAR = 0.1
"""A second document is quoted too when its score is so little less than the first's: a right one is first for 86 %
of labelled questions, among the first two for 93 % (benchmarks/retrieval.py).
"""


HARDLY_LESS = 0.03
"""A third document is quoted where its score is so little less than the first's: of 207 labelled questions that are
answered the right one is shown for 176 instead of 174, with one passage more in twenty answers.
"""

FOUND_ABROAD = marked("I found this in another language:")
NO_SURE_ANSWER = marked("I am not sure that this answers your question. It comes nearest of what I found:")

DOUBTFUL = 0.3
"""Score of the best passage below which an answer says that it may be none: 10 of 100 whose first document is right,
47 of 100 others, among them all that nothing answers (benchmarks/policy_questions.py).
"""


def quote_passage(passages: list[dict[str, Any]], question: str, country: str, words: Words) -> str:
    """The best passage in its own words, with its citation; two where two documents are about equally near. One for
    particular countries, to a shopper whose country is unknown, is an example, and says whose it is.
    """
    texts, was_foreign = [], False
    of_others = bool(passages[0].get("markets")) and not country
    doubtful = passages[0]["score"] < DOUBTFUL
    if doubtful:
        texts.append(words.say(NO_SURE_ANSWER))
    shown = passages[:1] if of_others else _shown(passages, words.language)
    for entry in (entry for entry in shown if entry is shown[0] or not is_silent(entry, country)):
        name = entry["title"] + "\n" if of_others else ""
        foreign = entry["locale"] != words.language
        led = foreign and not (was_foreign or doubtful)
        lead = words.say(FOUND_ABROAD) + "\n" if led else ""
        silence = "\n" + say_silence(country, words) if is_silent(entry, country) else ""
        texts.append(lead + name + quoted(entry, question, country) + silence)
        was_foreign = foreign
    if of_others:
        texts.append(words.say("This differs from country to country. Tell me yours, and I look it up."))
    return "\n\n".join(texts)


def nearest_to(language: str, passages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The best of some passages, or of those about as near one in the reader's language; none of none."""
    near = [entry for entry in passages if passages[0]["score"] - entry["score"] < ALSO_NEAR]
    return sorted(near, key=lambda entry: entry["locale"] != language)[:1]


def is_silent(passage: dict[str, Any], country: str) -> bool:
    """Whether a passage tells something by countries, and nothing for this one."""
    return silent_on(around_table(passage["text"])[1], country, passage["locale"])


def speaks_of_all(passage: dict[str, Any]) -> bool:
    """Whether a passage tells something for all countries, or for those that its table does not name."""
    return is_worldwide(passage["text"]) or has_others(around_table(passage["text"])[1], passage["locale"])


def say_silence(country: str, words: Words) -> str:
    """That nothing is stated for a country."""
    return words.say("Nothing is stated here for {country}.", country=words.country(country))


def _shown(passages: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """The best passage and those of the next documents that are about equally near; one in another language behind the
    reader's own only where it is nearly as near in meaning. Their order is the search's: where it puts another
    language first, that document is the right one in 13 labelled questions, the reader's in 2.
    """
    best = passages[0]
    near = zip(_first_of_each(passages), (1.0, ALSO_NEAR, HARDLY_LESS), strict=False)
    shown = [entry for entry, less in near if best["score"] - entry["score"] < less]
    foreign = next((entry for entry in shown if entry["locale"] != language), None)
    if foreign is None or foreign is best or foreign["closeness"] > best["closeness"] - NEARLY_AS_NEAR:
        return shown if foreign is None else shown[:2]
    return [entry for entry in shown[:2] if entry is not foreign]


def _first_of_each(passages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The best passage of each document."""
    first: dict[str, dict[str, Any]] = {}
    for entry in passages:
        first.setdefault(entry["document"], entry)
    return list(first.values())


def quoted(passage: dict[str, Any], question: str, country: str) -> str:
    """What a passage says to a question, each part followed by the mark that cites it."""
    before, table, after = around_table(passage["text"])
    rows = table_rows(table, country, passage["locale"])[:MOST_ROWS] if table else []
    if len(before) + len(after) > MOST_LETTERS:
        before, after = _shortened(f"{before}\n{after}".strip(), question), ""
    parts = [part for part in (before, *rows, after) if part]
    cite = f" [{passage['cite']}]"
    return "\n".join(f"{part}{cite if i == 0 or i == len(parts) - 1 else ''}" for i, part in enumerate(parts))


def _shortened(text: str, question: str) -> str:
    cuts = [0, *sentence_ends(text), len(text)]
    sentences = [text[a:b].strip() for a, b in zip(cuts, cuts[1:], strict=False) if text[a:b].strip()]
    asked = set(keywords(question))
    scores = [len(asked & set(keywords(sentence))) / (8 + len(sentence)) ** 0.5 for sentence in sentences]
    best = max(range(len(sentences)), key=scores.__getitem__)
    first = last = best
    while sum(map(len, sentences[first : last + 1])) < MOST_LETTERS * 0.6:
        if first == 0 and last == len(sentences) - 1:
            break
        if last < len(sentences) - 1:
            last += 1
        else:
            first -= 1
    return " ".join(sentences[first : last + 1])
