"""How well the score tells questions that can be answered from those that cannot: paragraphs taken away (XQuAD-R), and
what the bar refuses of either.

Run: .venv/bin/python -m benchmarks.answerable
"""

import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.corpora import ANYONE, build, document, open_cache, read
from benchmarks.product_questions import area
from knowledge.locales import match_language
from knowledge.retrieval import NEAR_ENOUGH


def main() -> None:
    """Print the area under the curve and the shares refused, by language."""
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read("retrieval/xquad_r/sentences.jsonl"):
        texts[row["lang"], row["para"]].append(row["text"])
    asked, cache = read("retrieval/xquad_r/queries.jsonl"), open_cache()
    with tempfile.TemporaryDirectory() as folder:
        for language in sorted({language for language, _ in texts}):
            paragraphs = sorted(para for spoken, para in texts if spoken == language)
            yes, no = [], []
            for half in (paragraphs[::2], paragraphs[1::2]):
                joined = {para: ("" if language == "zh" else " ").join(texts[language, para]) for para in half}
                sources = [document(f"{language}-{para}", text, language) for para, text in joined.items()]
                search = build(Path(folder) / f"{language}-{half[0]}", sources, cache)
                for row in (row for row in asked if row["lang"] == language):
                    best = search.search(row["question"], ANYONE, 1, match_language(language), least=0.0)[0].score
                    (yes if row["para"] in half else no).append(best)
            refused = [np.mean(np.array(scores) < NEAR_ENOUGH) for scores in (yes, no)]
            print(f"{language}: AUROC {area(yes, no):.3f}; at {NEAR_ENOUGH} refused {refused[0]:.1%} of {len(yes)} that"
                  f" can be answered, {refused[1]:.1%} of {len(no)} that cannot")  # fmt: skip


if __name__ == "__main__":
    main()
