"""Questions about paragraphs in four languages (XQuAD-R): asked in the paragraph's language, asked in another of
English paragraphs only, and with the answer in English only beside everything else in the asker's language.

Run: .venv/bin/python -m benchmarks.crosslingual
"""

import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.corpora import ANYONE, build, document, documents, open_cache, read
from knowledge.retrieval import Retriever
from knowledge.sources import Source


def main() -> None:
    """Print recall at 1 and 5 by language."""
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read("retrieval/xquad_r/sentences.jsonl"):
        texts[row["lang"], row["para"]].append(row["text"])
    asked = read("retrieval/xquad_r/queries.jsonl")
    sources = {
        own: document("-".join(own), ("" if own[0] == "zh" else " ").join(said), own[0]) for own, said in texts.items()
    }
    languages = sorted({language for language, _ in sources})
    cache = open_cache()
    with tempfile.TemporaryDirectory() as folder:
        for language in languages:
            mine = [row for row in asked if row["lang"] == language]
            own = build(Path(folder) / language, [s for (spoken, _), s in sources.items() if spoken == language], cache)
            measure(f"{language} in {language}", own, mine, language)
        english = build(Path(folder) / "only", [s for (spoken, _), s in sources.items() if spoken == "en"], cache)
        for language in languages:
            if language != "en":
                mine = [row for row in asked if row["lang"] == language]
                measure(f"{language} in en", english, mine, "en")
                mixed(Path(folder), sources, mine, language, cache)


def mixed(folder: Path, sources: dict[tuple[str, str], Source], mine: list[dict], language: str, cache) -> None:
    """For each paragraph asked about: all paragraphs in all languages but this one, which is there in English only.
    Half of the paragraphs at a time, so that two indexes do.
    """
    ranks = []
    paragraphs = sorted({row["para"] for row in mine})
    for half in (paragraphs[::2], paragraphs[1::2]):
        held = [s for (spoken, para), s in sources.items() if spoken == "en" or para not in half]
        search = build(folder / f"mixed-{language}-{half[0]}", held, cache)
        ranks += [rank(search, row, "en") for row in mine if row["para"] in half]
    show(f"{language}, answer in en only", ranks)


def rank(search: Retriever, row: dict, expected: str) -> int:
    """The place of the right paragraph, from 0; a hundred where it is not found."""
    hits = search.search(row["question"], ANYONE, 100, row["lang"] if row["lang"] != "zh" else "zh-CN", least=0.0)
    found = documents(hits)
    right = f"{expected}-{row['para']}"
    return found.index(right) if right in found else 100


def measure(name: str, search: Retriever, mine: list[dict], expected: str) -> None:
    """Print recall of one setting."""
    show(name, [rank(search, row, expected) for row in mine])


def show(name: str, ranks: list[int]) -> None:
    """Print recall at 1 and 5."""
    places = np.array(ranks)
    print(f"{name:24s} first {np.mean(places == 0):.3f}  among five {np.mean(places < 5):.3f}  of {len(places)}")


if __name__ == "__main__":
    main()
