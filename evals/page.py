"""A run as one page for the people of a shop: it asks nothing of any other place and runs no script."""

from __future__ import annotations

from html import escape
from typing import Any

from evals.plots import plot_rates
from knowledge.locales import served_locales

NAMES = {
    "passed": "right in everything", "tools": "did the right thing", "citation": "cited a right source",
    "products": "showed a right product", "language": "shopper's language", "says": "said what it must",
    "never": "said nothing forbidden", "grounded": "no figure made up", "state": "shop as it should be after",
    "unasked": "did nothing unasked", "judged": "right, says the judge", "answered": "answered without a fault",
}  # fmt: skip
"""What is scored, in words for people."""

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:900px;margin:2rem auto;padding:0 1rem;color:#1c2530}
svg{width:100%;font-size:13px}rect{fill:#7fb3a6}.grid{stroke:#dfe4e8}.tick{fill:#68737d;text-anchor:middle;font-size:11px}
.label{text-anchor:end}.interval{stroke:#123c34;stroke-width:2}
details{border-top:1px solid #dfe4e8;padding:.4rem 0}summary{cursor:pointer}
blockquote{margin:.3rem 0;padding:.3rem .8rem;white-space:pre-wrap;unicode-bidi:plaintext}
.shopper{background:#eef3f7}.assistant{background:#edf6f2}dt{font-weight:600}dd{margin:0 0 .3rem 1rem}
"""

METHOD = """
Every case is a message or a conversation written beforehand, with what a good answer must do. It is asked of a fresh
demo shop through the same path as a shopper's message; conversations that change something each have a shop of their
own. Code alone decides what was right: which tools were called, which sources and products shown, which words stand
in the answer, whether each figure comes from the shop, and what the shop and its record of actions hold afterwards.
No model judges. A case counts where everything it asks was right, in every run; one that crashes counts as wrong. The
line over a bar is Wilson's 95 % interval: where the rate of all such messages may lie, judging by these.
"""


def as_html(data: dict[str, Any]) -> str:
    """A whole run."""
    title = f"How well the assistant answers: {data['model']}, {data['date']}"
    parts = [
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>", _summary(data), *_plots(data), *_failures(data),
        f"<h2>How this was measured</h2><p>{METHOD}</p>", "</body></html>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _summary(data: dict[str, Any]) -> str:
    rate = data["rates"]["passed"]
    low, high = rate["interval"]
    times = f", each asked {data['repeat']} times," if data["repeat"] > 1 else ""
    crashed = f" {data['crashed']} crashed." if data["crashed"] else ""
    return (
        f"<p>Of {data['cases']} conversations{times} {rate['right']} were right in everything that was asked of them:"
        f" {rate['rate']:.0%}, with 95 % certainty between {low:.0%} and {high:.0%}.{crashed}</p>"
    )


def _plots(data: dict[str, Any]) -> list[str]:
    """What is scored; whole cases by language, kind and suite."""
    power = f", all of {data['repeat']} runs (pass^{data['repeat']})" if data["repeat"] > 1 else ""
    languages = {code: locale.name for code, locale in served_locales().items()}
    plots = {"What was right": {NAMES[name]: rate for name, rate in data["rates"].items()}}
    for title, key in (("By language", "by_language"), ("By kind of question", "by_kind")):
        groups = {languages.get(name, name.replace("_", " ")): own["passed"] for name, own in data[key].items()}
        plots[f"{title}: right in everything"] = groups
    plots[f"By suite: right in everything{power}"] = data["suites"]
    return [f"<h2>{escape(title)}</h2>{plot_rates(title, rates)}" for title, rates in plots.items()]


def _failures(data: dict[str, Any]) -> list[str]:
    if not data["missed"]:
        return ["<h2>What went wrong</h2><p>Nothing.</p>"]
    return [f"<h2>What went wrong ({len(data['missed'])})</h2>", *(_failure(miss) for miss in data["missed"])]


def _failure(miss: dict[str, Any]) -> str:
    """What was said, what was wanted and what came."""
    names = ", ".join(f"not: {NAMES[name]}" for name in miss["missed"])
    said = "".join(_said("shopper", text) for text in miss["before"])
    said += "".join(_said("shopper", turn["shopper"]) + _said("assistant", turn["assistant"]) for turn in miss["turns"])
    wanted = "".join(f"<dt>{NAMES[name]}</dt><dd>{escape(text)}</dd>" for name, text in miss["wanted"].items())
    came = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in _came(miss).items() if text)
    head = f"<b>{escape(miss['id'])}</b> ({escape(miss['language'])}, {escape(miss['kind'])}) {names}"
    lists = f"<h4>Expected</h4><dl>{wanted}</dl><h4>Came</h4><dl>{came}</dl>"
    return f"<details><summary>{head}</summary>{said}{lists}</details>"


def _came(miss: dict[str, Any]) -> dict[str, str]:
    return {
        "tools": ", ".join(miss["tools"]) or "none", "sources": ", ".join(miss["cited"]) or "none",
        "products": ", ".join(miss["shown"]), "language": miss["answered_in"], "fault": miss["error"],
    }  # fmt: skip


def _said(who: str, text: str) -> str:
    return f'<blockquote class="{who}" dir="auto">{escape(text)}</blockquote>' if text else ""
