"""Quoting a passage: whole where it is short, the rows of a table that concern the shopper's country."""

from __future__ import annotations

import re
from typing import Any

from assistant.embedded.wording import Words
from knowledge.countries import countries_in
from knowledge.keywords import keywords
from knowledge.markets import EU
from knowledge.sections import sentence_ends

MOST_LETTERS = 620
"""A longer passage is cut to the sentences nearest to the question."""

ALSO_NEAR = 0.1
"""A second document is quoted too when its score is so little less than the first's: a right one is first for 86 %
of labelled questions, among the first two for 93 % (benchmarks/retrieval.py).
"""


def quote_passage(passages: list[dict[str, Any]], question: str, country: str, words: Words) -> str:
    """The best passage in its own words, with its citation; two where two documents are about equally near."""
    best = passages[0]
    others = [entry for entry in passages[1:] if entry["document"] != best["document"]]
    shown = [best, *(entry for entry in others[:1] if best["score"] - entry["score"] < ALSO_NEAR)]
    texts = []
    for entry in sorted(shown, key=lambda passage: passage["locale"] != words.language):
        text = quoted(entry, question, country)
        foreign = entry["locale"] != words.language
        texts.append(words.say("The shop has this only in another language:") + "\n" + text if foreign else text)
    if best.get("markets") and not country:
        texts.append(words.say("This differs from country to country. Tell me yours, and I look it up."))
    return "\n\n".join(texts)


def quoted(passage: dict[str, Any], question: str, country: str) -> str:
    """What a passage says to a question, each part followed by the mark that cites it."""
    lines = passage["text"].splitlines()
    table = [line for line in lines if line.lstrip().startswith("|")]
    prose = plain_text("\n".join(line for line in lines if not line.lstrip().startswith("|")))
    parts = [_shortened(prose, question)] if prose else []
    if table:
        parts += table_rows(table, country, passage["locale"])
    cite = f" [{passage['cite']}]"
    return "\n".join(f"{part}{cite if i == 0 or i == len(parts) - 1 else ''}" for i, part in enumerate(parts))


def plain_text(markdown: str) -> str:
    """Markdown without its marks, in running lines."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"[*_`]{1,3}(\S[^*_`]*)[*_`]{1,3}", r"\1", text)
    text = re.sub(r"(?m)^\s*[-*+]\s+", "• ", text)
    paragraphs = [" ".join(part.split()) if "•" not in part else part for part in re.split(r"\n\s*\n", text)]
    return "\n".join(part.strip() for part in paragraphs if part.strip())


def _shortened(text: str, question: str) -> str:
    if len(text) <= MOST_LETTERS:
        return text
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


def table_rows(lines: list[str], country: str, locale: str) -> list[str]:
    """A table as lines a chat can show: each row with its column names; only a country's rows where it has any."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    header, body = rows[0], [row for row in rows[1:] if not all(set(cell) <= set("-: ") for cell in row)]
    chosen = _rows_for(body, country, locale) if country else []
    return [f"• {_row_text(header, row)}" for row in (chosen or body)[:14]]


def _row_text(header: list[str], row: list[str]) -> str:
    rest = [f"{name}: {cell}" for name, cell in zip(header[1:], row[1:], strict=False) if cell and cell != "–"]
    return plain_text(row[0]) + (" – " + ", ".join(map(plain_text, rest)) if rest else "")


def _rows_for(body: list[list[str]], country: str, locale: str) -> list[list[str]]:
    named = [row for row in body if country in countries_in(row[0], locale)]
    if not named and country in EU:
        named = [row for row in body if "EU" in countries_in(row[0], locale)]
    return named
