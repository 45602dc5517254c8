"""Learn how translations end, and what tells a truncated one: `python -m scripts.fit_truncation CORPUS GENUINE`.

CORPUS is what `scripts/localization_corpus.py` wrote. Each text is taken whole and, long enough, cut at about its
middle. Weights are fitted on texts whose endings were counted over the other apps only, so that they do not trust the
table more than strange texts deserve; `endings.txt` is then counted over all. The bar is set on GENUINE, right
translations of shops that are no part of the corpus (lines with "lang", "source", "target", "error_type": null), so
that FALSE of them are found. Prints, for each app left out of the fit, what is found of its cut texts at that bar.
"""

# ruff: noqa: T201, S311, E402
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from integrations.threads import calm_threads

calm_threads()

import numpy as np

from knowledge.embeddings import UniversalEncoder
from tools.localization.checks import endings, meaning
from tools.localization.checks.endings import AFTER, LONGEST, ending_language, ending_letters
from tools.localization.checks.signs import signs_of
from tools.localization.marks import marked

HERE = Path(endings.__file__).parent
NAMES = """ar az be bg bn ca cs cy da de el es et eu fa fi fr gl he hi hr hu hy id is it ja ka ko lt lv mk ms nb nl nn
pl pt ro ru sk sl sq sr sr-Latn sv sw th tr uk ur uz vi zh-CN zh-TW"""
LANGUAGES = frozenset(NAMES.split())
DENSE = ("zh", "ja", "ko")
FALSE = 0.0022
"""What the bar costs: two or three of a thousand right translations."""
A_LANGUAGE = 80
"""Texts of an app in one language that the weights are fitted on."""

CUTS, TRUST, STEP = 4, 8.0, 1.0
"""Cuts made of a text for each of its ends; how much a shorter ending counts; how much a longer one has to add."""

Row = dict[str, Any]
Tables = dict[str, dict[str, float]]


def main() -> None:
    """Fit, judge, and write `endings.txt` and the truncated entry of `weights.toml`."""
    rng = random.Random(11)
    rows = read(Path(sys.argv[1]))
    genuine = [
        one for one in map(json.loads, Path(sys.argv[2]).read_text("utf-8").splitlines()) if not one["error_type"]
    ]
    apps, encode = sorted({row["app"] for row in rows}), remembering(UniversalEncoder().passages)
    samples = {}
    for app in apps:
        use_tables(learn([row for row in rows if row["app"] != app], rng))
        samples[app] = cases(sampled([row for row in rows if row["app"] == app], rng), encode, rng)
    held = learn(rows, rng)
    use_tables(held)
    judged = cases(genuine, encode, rng)
    for app in apps:
        told(app, fit([samples[one] for one in apps if one != app], judged), samples[app], judged)
    weights, shift = fit(list(samples.values()), judged)
    told("none", (weights, shift), judged, judged)
    write(held, weights, shift)


def read(path: Path) -> list[Row]:
    """The translations of the languages that are learned, each once."""
    kept = {}
    for row in map(json.loads, path.open(encoding="utf-8")):
        language = ending_language(row["lang"])
        language = language if language in LANGUAGES else language.split("-")[0]
        if language in LANGUAGES and row["source"] != row["target"]:
            kept.setdefault((row["app"], language, row["source"], row["target"]), {**row, "lang": language})
    return list(kept.values())


def learn(rows: Iterable[Row], rng: random.Random) -> Tables:
    """The odds of an end behind letters, by language."""
    texts = defaultdict(set)
    for row in rows:
        if len(row["target"]) >= (8 if row["lang"][:2] in DENSE else 16):
            texts[row["lang"]].add(row["target"])
    return {language: odds(sorted(own), rng) for language, own in sorted(texts.items()) if len(own) >= 150}


def odds(texts: Sequence[str], rng: random.Random) -> dict[str, float]:
    """By last letters, the logarithm of the odds that a text ends there, against any place; rounded to halves. Letters
    that tell no more than the last of them do are left out.
    """
    ends, places = Counter[str](), Counter[str]()
    for prose in (marked(text).prose.rstrip(AFTER) for text in texts):
        if len(prose) < 8:
            continue
        for letters in parts(prose):
            ends[letters] += CUTS
            places[letters] += CUTS
        for _ in range(CUTS):
            cut = prose[: rng.randint(max(4, len(prose) // 5), max(5, int(len(prose) * 0.85)))].rstrip()
            places.update(parts(cut) if cut and cut[-1].isalnum() else ())
    return pruned(ends, places)


def parts(prose: str) -> Iterator[str]:
    """The last letter, the last two, and so on."""
    letters = ending_letters(prose)
    return (letters[-length:] for length in range(1, len(letters) + 1))


def pruned(ends: Counter[str], places: Counter[str]) -> dict[str, float]:
    """Odds of the letters seen at three places or more."""
    share = {"": sum(ends[one] for one in ends if len(one) == 1) / sum(places[one] for one in places if len(one) == 1)}
    kept = {"": 0.0}
    for letters in sorted((one for one in places if places[one] >= 3), key=lambda one: (len(one), one)):
        share[letters] = (ends[letters] + TRUST * share[letters[1:]]) / (places[letters] + TRUST)
        told = float(np.clip(round(2 * (logit(share[letters]) - logit(share[""]))) / 2, -5, 4))
        known = next(kept[letters[start:]] for start in range(1, LONGEST + 1) if letters[start:] in kept)
        if abs(told - known) >= STEP:
            kept[letters] = told
    return {letters: value for letters, value in kept.items() if letters and not set(letters) & set("|_\t\n")}


def logit(share: float) -> float:
    """The logarithm of the odds of a share."""
    return float(np.log(share / (1 - share)))


def use_tables(tables: Tables) -> None:
    """Have texts held against these endings."""
    endings._tables = lambda: tables  # type: ignore[assignment]


def sampled(rows: list[Row], rng: random.Random) -> list[Row]:
    """As many of each language."""
    by_language = defaultdict(list)
    for row in rows:
        if 12 <= len(row["source"]) < 300:
            by_language[row["lang"]].append(row)
    return [row for own in by_language.values() for row in rng.sample(own, min(A_LANGUAGE, len(own)))]


def remembering(encode: meaning.Encode) -> meaning.Encode:
    """An encoder that is asked about a text once."""
    known: dict[str, Any] = {}

    def encoded(texts: Sequence[str]) -> Any:
        fresh = [text for text in texts if text not in known]
        known.update(zip(fresh, encode(fresh), strict=True) if fresh else ())
        return np.array([known[text] for text in texts])

    return encoded


def cases(rows: list[Row], encode: meaning.Encode, rng: random.Random) -> tuple[Any, Any]:
    """Columns of each text, whole and cut, and which are cut. A quarter of a file is cut at a time, so that no text has
    its own whole beside it.
    """
    rows = rng.sample(rows, len(rows))
    columns, cut = [], []
    for quarter in range(4):
        file = [(row, half(row, rng) if place % 4 == quarter else None) for place, row in enumerate(rows)]
        said = [(meaning.Said(marked(row["source"]), marked(short or row["target"]), row["lang"]), bool(short),
                 place % 4 == (quarter + 1) % 4) for place, (row, short) in enumerate(file)]  # fmt: skip
        said = [one for one in said if one[0].can_be_judged]
        judge = meaning.Meaning(quick=encode)
        texts = [one for one, _, _ in said]
        found = meaning.whole_columns(
            judge._near(texts), texts, signs_of([(s.source, s.target, s.locale) for s in texts])
        )
        columns += [line for line, (_, short, whole) in zip(found, said, strict=True) if short or whole]
        cut += [short for _, short, whole in said if short or whole]
    return np.array(columns), np.array(cut)


def half(row: Row, rng: random.Random) -> str | None:
    """A text cut at its middle, or near it; None where it is too short, or has lost a placeholder or a tag by it, which
    other checks find.
    """
    text = row["target"]
    if len(text) < (14 if row["lang"][:2] in DENSE else 28):
        return None
    cut = text[: int(len(text) * rng.choice((0.5, rng.uniform(0.35, 0.65))))].rstrip()
    same = all(len(getattr(marked(cut), kind)) == len(getattr(marked(text), kind)) for kind in ("placeholders", "tags"))
    return cut if same and marked(cut).letters else None


def fit(samples: list[tuple[Any, Any]], genuine: tuple[Any, Any]) -> tuple[Any, float]:
    """Weights by logistic regression, and the shift at which FALSE of the genuine texts stand above 0."""
    columns, cut = (np.concatenate([sample[place] for sample in samples]) for place in (0, 1))
    mean, spread = columns.mean(axis=0), columns.std(axis=0) + 1e-9
    given = np.c_[(columns - mean) / spread, np.ones(len(columns))]
    weights = np.zeros(given.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-np.clip(given @ weights, -30, 30)))
        slope = given.T @ (likely - cut) + np.r_[weights[:-1], 0]
        curve = (given * (likely * (1 - likely))[:, None]).T @ given + np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    weights = weights[:-1] / spread
    return weights, -float(np.quantile((genuine[0] @ weights)[~genuine[1]], 1 - FALSE))


def told(name: str, fitted: tuple[Any, float], sample: tuple[Any, Any], genuine: tuple[Any, Any]) -> None:
    """Print what is found."""
    rates = []
    for columns, cut in (sample, genuine):
        above = columns @ fitted[0] + fitted[1] > 0
        rates.append(f"{above[cut].mean():.3f} of {cut.sum()} found, {above[~cut].mean():.4f} of {(~cut).sum()} false")
    print(f"left out {name:10} its own: {rates[0]}; genuine file: {rates[1]}")


def write(tables: Tables, weights: Any, shift: float) -> None:
    """Put the table and the weights where they ship."""
    lines = [
        "# How strings of Django, Oscar, Wagtail and allauth end (scripts/fit_truncation.py): language, logarithm of",
        "# the odds that a text ends behind these letters, the letters; _ is a space.",
    ]
    for language, table in tables.items():
        by_odds: Mapping[float, list[str]] = defaultdict(list)
        for letters, value in table.items():
            by_odds[value].append(letters.replace(" ", "_"))
        lines += [f"{language}\t{value:g}\t{'|'.join(by_odds[value])}" for value in sorted(by_odds)]
    (HERE / "endings.txt").write_text("\n".join(lines) + "\n", "utf-8")
    entry = f"[truncated]\nshift = {shift:.4f}\nweights = [{', '.join(f'{one:.4f}' for one in weights)}]\n"
    path = HERE / "weights.toml"
    path.write_text(re.sub(r"\[truncated\]\n.*\n.*\n", entry, path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
