"""A run as one page for the people of a shop: it asks nothing of any other place and runs no script."""

from __future__ import annotations

from html import escape
from typing import Any

from evals.owner import changes, method, summary, weak_spots
from evals.plots import plot_rates
from evals.words import KINDS, NAMES
from knowledge.locales import served_locales

STYLE = """
body{font:16px/1.55 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#1c2530;background:#fff}
h1{font-size:1.7rem;line-height:1.25}h2{margin-top:2.4rem;border-top:1px solid #dfe4e8;padding-top:1.2rem}
.lead{font-size:1.15rem}.tiles{
display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:.8rem;margin:1.4rem 0}
.tile{background:#edf6f2;border-radius:10px;padding:.8rem 1rem}.tile b{display:block;font-size:1.7rem;line-height:1.2}
.tile span{
color:#46525c;font-size:.88rem;display:block}.worse{background:#fbeeea}.note{color:#46525c;font-size:.92rem}
svg{width:100%;font-size:13px}rect{fill:#7fb3a6}.grid{stroke:#dfe4e8}.tick{
fill:#5d6872;text-anchor:middle;font-size:11px}
.label{text-anchor:end}.interval{stroke:#123c34;stroke-width:2}table{border-collapse:collapse}
td,th{padding:.25rem .8rem .25rem 0;
text-align:start;vertical-align:top}details{border-top:1px solid #dfe4e8;padding:.4rem 0}summary{cursor:pointer}
blockquote{margin:.3rem 0;padding:.3rem .8rem;white-space:pre-wrap;unicode-bidi:plaintext}
.shopper{background:#eef3f7}.assistant{background:#edf6f2}dt{font-weight:600}dd{margin:0 0 .3rem 1rem}
"""


def as_html(data: dict[str, Any], before: dict[str, Any] | None = None) -> str:
    """A whole run, beside an earlier one of the same cases where there is one."""
    title = f"How well your assistant answers: {data['model']}, {data['date']}"
    parts = [
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>", *summary(data), *changes(data, before), *_plots(data), *weak_spots(data),
        *_failures(data), *method(data), "</body></html>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _plots(data: dict[str, Any]) -> list[str]:
    """Whole cases by kind and language, and each thing that was looked at."""
    languages = {code: locale.name for code, locale in served_locales().items()}
    plots = {"What it answers right": {KINDS.get(name, name): own["passed"] for name, own in data["by_kind"].items()}}
    plots["By language"] = {languages.get(name, name): own["passed"] for name, own in data["by_language"].items()}
    power = f", all of {data['repeat']} runs (pass^{data['repeat']})" if data["repeat"] > 1 else ""
    plots[f"By file of cases{power}"] = data["suites"]
    plots["What was looked at in each answer"] = {NAMES[name]: rate for name, rate in data["rates"].items()}
    return [f"<h2>{escape(title)}</h2>{plot_rates(title, rates)}" for title, rates in plots.items()]


def _failures(data: dict[str, Any]) -> list[str]:
    if not data["missed"]:
        return ["<h2>Every answer that was not right</h2><p>There is none.</p>"]
    head = f"<h2>Every answer that was not right ({len(data['missed'])})</h2>"
    told = "<p>What the shopper wrote, what came back, and what was expected. Open one to read it.</p>"
    return [head, told, *(_failure(miss) for miss in data["missed"])]


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
