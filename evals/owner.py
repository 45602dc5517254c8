"""A run in words for whoever owns the shop: how good, quick and dear it is, what changed, where it is weak."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import Any

from evals.compare import ReportUnreadable, compare
from evals.words import KINDS, NAMES
from knowledge.locales import served_locales

LEAST_OF = 5
"""Cases that a group must have before it is called weak: fewer say nothing."""

METHOD = """
Every case is a message or a conversation written beforehand, with what a good answer must do. It is asked of a fresh
demo shop through the same path as a shopper's message; conversations that change something each have a shop of their
own. Code alone decides what was right: which tools were called, which sources and products shown, which words stand
in the answer, whether each figure comes from the shop, and what the shop and its record of actions hold afterwards.
No model judges. A case counts where everything it asks was right, in every run; one that crashes counts as wrong. The
line over a bar is Wilson's 95 % interval: where the rate of all such messages may lie, judging by these.
"""

LIMITS = """
The messages were written by us, for the demo shop, and the assistant was improved while we looked at them: your own
shoppers write otherwise, and your shop says other things. Rates on messages kept apart are in the README. Languages
were not reviewed by native speakers. Times are of the machine this ran on, one message at a time.
"""


def summary(data: dict[str, Any]) -> list[str]:
    """The first thing to know, and the figures that matter."""
    rate, refused = data["rates"]["passed"], data["refusals"]
    low, high = rate["interval"]
    times = f", each asked {data['repeat']} times," if data["repeat"] > 1 else ""
    crashed = f" {data['crashed']} ended in a fault." if data["crashed"] else ""
    lead = (
        f'<p class="lead">Of {data["cases"]} conversations{times} {rate["right"]} were right in everything that was'
        f" asked of them: {rate['rate']:.0%} (with 95 % certainty between {low:.0%} and {high:.0%}).{crashed} A"
        " conversation with one thing missing counts as wrong.</p>"
    )
    tiles = [
        _tile(f"{rate['rate']:.0%}", "right in everything"),
        _rate_tile(data, "grounded", "have no figure that your shop did not state"),
        _rate_tile(data, "language", "in the shopper's language"),
        _tile(f"{refused['right']} of {refused['of']}", "refused what must be refused") if refused["of"] else "",
        _tile(
            _seconds(data["speed"]["median_ms"]),
            f"an answer takes; 19 of 20 take at most {_seconds(data['speed']['p95_ms'])}",
        ),
        _tile(*_cost(data)),
    ]
    return [lead, f'<div class="tiles">{"".join(tiles)}</div>', _refusals(data)]


def _tile(figure: str, told: str) -> str:
    return f'<div class="tile"><b>{escape(figure)}</b><span>{escape(told)}</span></div>'


def _rate_tile(data: dict[str, Any], name: str, told: str) -> str:
    rate = data["rates"].get(name)
    return _tile(f"{rate['rate']:.0%}", told) if rate else ""


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds} ms"


def _cost(data: dict[str, Any]) -> tuple[str, str]:
    """What answers cost, and of what."""
    spent = data["spent"]
    if spent["usd_per_1000"] is None:
        tokens = spent["input_tokens"] + spent["output_tokens"]
        return f"{tokens:,} tokens", "taken in all; no price of this model is known"
    if not spent["usd_per_1000"]:
        return "nothing", "is paid for an answer: the built-in model runs on your own machine"
    return f"${spent['usd_per_1000']:.2f}", "for a thousand answers, at the model's list price"


def _refusals(data: dict[str, Any]) -> str:
    """Where it says no, and what then."""
    kept = [data["rates"].get(name) for name in ("never", "unasked")]
    never = sum(rate["of"] - rate["right"] for rate in kept if rate)
    told = "It never did or said" if not never else f"In {never} conversation(s) it did or said"
    return (
        "<h2>Where it refuses</h2><p>It answers from your shop's pages, products and orders alone. Another person's"
        " order, an order without proof, advice that no shop should give, and attempts to talk it into something are"
        " refused; what it cannot find it says so, and offers a person. Money and orders move only after the shopper's"
        f" yes, and above your limits after one of your people's. {told} something it must not.</p>"
    )


def changes(data: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    """What is better and what is worse than in the last release, for the cases both asked."""
    if before is None or before.get("model") != data["model"]:
        return []
    try:
        told = compare(before, data)
    except ReportUnreadable:
        return []
    worse, better = (", ".join(told[key]) or "none" for key in ("worse", "better"))
    verdict = "worse than chance explains" if told["regressed"] else "not worse than chance explains"
    return [
        f"<h2>Against the last release ({escape(before['date'])})</h2>",
        f"<p>{told['cases']} conversations were asked in both: {len(told['better'])} are right now and were not,"
        f" {len(told['worse'])} were right and are not: {verdict}.</p>",
        f"<table><tr><th>now right</th><td>{escape(better)}</td></tr>",
        f"<tr><th>now wrong</th><td>{escape(worse)}</td></tr></table>",
    ]


def weak_spots(data: dict[str, Any]) -> list[str]:
    """The groups it gets wrong most, and what it gets wrong in them."""
    groups = {("language", name): own["passed"] for name, own in data["by_language"].items()}
    groups |= {("kind", name): own["passed"] for name, own in data["by_kind"].items()}
    weak = sorted(
        (r["rate"], field, name) for (field, name), r in groups.items() if r["of"] >= LEAST_OF and r["rate"] < 1
    )
    rows = [_weak(data, field, name, groups[field, name]) for _, field, name in weak[:5]]
    told = f"<table>{''.join(rows)}</table>" if rows else "<p>No group of five or more had anything wrong.</p>"
    return ["<h2>Known weak spots</h2>", told, f'<p class="note">{LIMITS}</p>']


def _weak(data: dict[str, Any], field: str, name: str, rate: dict[str, Any]) -> str:
    missed: dict[str, int] = defaultdict(int)
    for miss in data["missed"]:
        for what in miss["missed"] if miss[field] == name else ():
            missed[what] += 1
    languages = {code: locale.name for code, locale in served_locales().items()}
    label = languages.get(name, name) if field == "language" else KINDS.get(name, name)
    mostly = ", ".join(f"not “{NAMES[what]}” {count}×" for what, count in sorted(missed.items(), key=lambda e: -e[1]))
    return f"<tr><th>{escape(label)}</th><td>{rate['right']} of {rate['of']} right</td><td>{escape(mostly)}</td></tr>"


def method(data: dict[str, Any]) -> list[str]:
    """How it was measured."""
    about = f"{data['cases']} cases, model {escape(data['model'])}, {escape(data['date'])}"
    about += f", {data['speed']['answers']} answers timed. As data: report.json. Every case stands in evals/cases/."
    return [f"<h2>How this was measured</h2><p>{METHOD}</p>", f'<p class="note">{about}</p>']
