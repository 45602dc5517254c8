"""How much personal data is found, by type, in a published synthetic set in English (Presidio's, 487 texts).

Run: .venv/bin/python -m benchmarks.personal_data
"""

from collections import Counter

from benchmarks.corpora import read
from knowledge.personal import Found, find_personal

CLAIMED = {
    "EMAIL_ADDRESS": "email", "CREDIT_CARD": "card", "PHONE_NUMBER": "phone", "IP_ADDRESS": "ip",
    "US_DRIVER_LICENSE": "id", "STREET_ADDRESS": "address",
}  # fmt: skip
"""Types of the set, and our kinds. The others (names, towns, dates, ages, ...) are not looked for."""


def main() -> None:
    """Print recall and precision of each type we claim, and how many there are of those we do not."""
    rows = read("pii/presidio_synth.jsonl")
    for row in rows:
        row["found"] = [one for one in find_personal(row["text"]) if one.kind in CLAIMED.values()]
    print(f"{'type':<20} {'wholly masked':>15} {'in part':>8} {'precision':>10}")
    for name, kind in CLAIMED.items():
        shares = [_covered(row, span) for row in rows for span in row["spans"] if span["type"] == name]
        whole, part = sum(share == 1 for share in shares), sum(share > 0 for share in shares)
        right = [_is_labelled(row, one, name) for row in rows for one in row["found"] if one.kind == kind]
        print(f"{name:<20} {whole:>8} of {len(shares):>3} {part:>8} {f'{sum(right)}/{len(right)}':>10}")
    others = Counter(span["type"] for row in rows for span in row["spans"] if span["type"] not in CLAIMED)
    print("not looked for:", ", ".join(f"{name} {count}" for name, count in others.most_common()))


def _covered(row: dict, span: dict) -> float:
    """The share of a labelled span's letters and digits that would be masked."""
    places = [at for at in range(span["start"], span["end"]) if row["text"][at].isalnum()]
    return sum(any(one.start <= at < one.end for one in row["found"]) for at in places) / len(places)


def _is_labelled(row: dict, one: Found, name: str) -> bool:
    """Whether what was found is what a label says."""
    return any(s["type"] == name and s["start"] < one.end and one.start < s["end"] for s in row["spans"])


if __name__ == "__main__":
    main()
