"""A category's name in another language, and the path of that category in English among 10,595 (Shopify's taxonomy).

Run: .venv/bin/python -m benchmarks.taxonomy
"""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.corpora import ANYONE, build, document, documents, open_cache, read
from knowledge.locales import match_language

LANGUAGES = ("de", "fr", "es", "ja", "zh-CN")


def main() -> None:
    """Print how often the path is among the first five."""
    paths = read("localization/taxonomy/categories_en_index.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        search = build(Path(folder), [document(row["id"], row["path"]) for row in paths], open_cache())
        rates = []
        for language in LANGUAGES:
            rows = [row for row in read("localization/taxonomy/categories_queries.jsonl") if row.get(language)]
            found = [
                row["id"] in documents(search.search(row[language], ANYONE, 5, match_language(language), least=0.0))
                for row in rows
            ]
            rates.append(np.mean(found))
            print(f"{language}: among five {rates[-1]:.3f} of {len(found)}")
    print(f"mean {np.mean(rates):.3f}")


if __name__ == "__main__":
    main()
