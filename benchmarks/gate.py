"""How good the sentence gate is: what it catches of sentences that nothing bears, and what it lets through of those
that tool results bear, by language and kind. Prints both sets; `--missed` names each it got wrong in the first.

At last the shop's own policies: each sentence of a translation against the passage it was translated from, as it stands
(all is borne) and with one figure changed (nothing bears it). `--listed` leaves out what reads a sentence by its
meaning.

    .venv/bin/python -m benchmarks.gate [--missed] [--listed]
"""

from __future__ import annotations

# ruff: noqa: E402
import json
import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from integrations.threads import calm_threads

calm_threads()

from assistant.guardrails.evidence import Evidence, Natures
from assistant.guardrails.outgoing import sentences_of
from assistant.guardrails.verdict import judge
from integrations.shipped import open_natures
from knowledge.documents import Passage, cut_document, read_header, split_header
from knowledge.embeddings import Pair

TOLD = Path("evals/gate/told")
SETS = {"tuned": Path("evals/gate"), "held out": Path("evals/gate_held_out"), "fresh": Path("evals/gate_fresh"),
        "blind": Path("evals/gate_blind"), "second blind": Path("evals/gate_blind2"),
        "third blind": Path("evals/gate_blind3"), "fourth blind": Path("evals/gate_blind4"),
        "fifth blind": Path("evals/gate_blind5"), "sixth blind": Path("evals/gate_blind6"),
        "taught": Path("evals/gate_taught"), "hard": Path("evals/gate_hard")}  # fmt: skip
POLICIES = Path("knowledge/demo_shop/policies")
TODAY = date(2026, 11, 29)
"""The day on which the demo shop's tools told what stands in `evals/gate/told`."""
LATER = date(2026, 11, 30)
"""The day on which they told what stands in a set's own folder `told`."""


@dataclass(frozen=True)
class Labelled:
    """A sentence with its label, and what the gate says of it."""

    language: str
    kind: str
    text: str
    borne: bool
    reasons: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the gate decides as labelled."""
        return self.borne == (not self.reasons)


def judged(folder: Path, natures: Natures = ()) -> Iterator[Labelled]:
    """Every sentence of a set, with the gate's verdict."""
    for kind, text, borne, evidence in entries(folder, natures):
        yield Labelled(evidence.language, kind, text, borne, judge(text, evidence).reasons)


def entries(folder: Path, natures: Natures = ()) -> Iterator[tuple[str, str, bool, Evidence]]:
    """Every sentence of a set: its kind, itself, whether it is borne, and what was told."""
    own = folder / "told"
    told, today = (own, LATER) if own.is_dir() and own != TOLD else (TOLD, TODAY)
    for path in sorted(folder.glob("*.toml")):
        results = json.loads((told / f"{path.stem}.json").read_text("utf-8"))
        for entry in tomllib.loads(path.read_text("utf-8"))["about"]:
            evidence = Evidence(path.stem, today, natures=natures)
            for text in entry.get("asked", []):
                evidence.add_text(text)
            for name in entry["told"]:
                for result in results[name]:
                    evidence.add_told(result["told"])
            for label in ("borne", "unborne"):
                yield from ((kind, text, label == "borne", evidence) for kind, text in entry.get(label, []))


def translated(step: int = 1, natures: Natures = ()) -> Iterator[tuple[str, str, Evidence]]:
    """Every so many sentences of the policies in eight languages, with its language and the English passage told."""
    held = {(path.parent.name, passage.document, passage.number): passage
            for path in sorted(POLICIES.glob("*/*.md")) for passage in _passages(path)}  # fmt: skip
    count = 0
    for (language, document, number), passage in held.items():
        english = held.get(("en", document, number))
        if language == "en" or english is None:
            continue
        evidence = Evidence(language, TODAY, natures=natures)
        evidence.add_told({"status": "ok", "passages": [_told(english)]})
        prose = "\n".join(line for line in passage.text.splitlines() if not line.startswith("|"))
        for sentence in sentences_of(prose, language):
            count += 1
            if sentence.strip() and count % step == 0:
                yield language, f"{sentence.strip()} [{document}#{number}]", evidence


def _passages(path: Path) -> Iterator[Passage]:
    header, body = split_header(path.read_text("utf-8"))
    yield from cut_document(read_header(header), body, path.stem)


def _told(passage: Passage) -> dict[str, str]:
    return {
        "cite": f"{passage.document}#{passage.number}", "title": passage.title, "heading": " – ".join(passage.heading),
        "text": passage.text, "locale": passage.locale, "document": passage.document, "kind": "policy",
    }  # fmt: skip


def falsified(sentence: str) -> str | None:
    """A sentence with its first figure changed; None where it has none."""
    match = re.search(r"(?<![\w#.,-])\d{1,3}(?![\w#]|[.,]\d)", sentence.split(" [")[0])
    return f"{sentence[: match.start()]}{int(match.group()) * 3 + 41}{sentence[match.end() :]}" if match else None


def rates(found: list[Labelled]) -> tuple[float, float]:
    """The share caught of those nothing bears, and passed of the others."""
    caught = [one.right for one in found if not one.borne]
    passed = [one.right for one in found if one.borne]
    return sum(caught) / max(1, len(caught)), sum(passed) / max(1, len(passed))


def _table(found: list[Labelled], by: str) -> Iterator[str]:
    groups = sorted({getattr(one, by) for one in found})
    counts = Counter((getattr(one, by), one.borne, one.right) for one in found)
    for group in groups:
        caught, missed = counts[group, False, True], counts[group, False, False]
        passed, lost = counts[group, True, True], counts[group, True, False]
        yield f"  {group:12} caught {caught:3} of {caught + missed:3}   passed {passed:3} of {passed + lost:3}"


def main() -> None:
    """Print the rates of every set."""
    natures = () if "--listed" in sys.argv else open_natures(Path(), Pair())
    for read in natures:
        read("hello", "en")
    for name, folder in SETS.items():
        started = time.process_time()
        found = list(judged(folder, natures))
        each = (time.process_time() - started) / len(found) * 1000
        caught, passed = rates(found)
        print(f"{name}: {len(found)} sentences, caught {caught:.1%}, passed {passed:.1%}, {each:.2f} ms of CPU each")
        for by in ("language", "kind"):
            print(*_table(found, by), sep="\n")
        if "--missed" in sys.argv and name in sys.argv:
            for one in found:
                if not one.right:
                    print(f"  {one.language} {one.kind} {'lost' if one.borne else 'MISSED'}: {one.text} {one.reasons}")
    whole = list(translated(natures=natures))
    passed = sum(not judge(sentence, evidence).reasons for _, sentence, evidence in whole)
    print(f"translated policies: passed {passed} of {len(whole)} sentences ({passed / len(whole):.1%})")
    false = [(changed, evidence) for _, sentence, evidence in whole if (changed := falsified(sentence))]
    caught = sum(bool(judge(changed, evidence).reasons) for changed, evidence in false)
    print(f"one figure changed: caught {caught} of {len(false)} ({caught / len(false):.1%})")


if __name__ == "__main__":
    main()
