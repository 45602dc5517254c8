"""Rates as bars with their intervals: SVG that stands in the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

LABEL, BAR, FIGURES, ROW = 350, 380, 200, 26
"""Widths of a row's label, bar and figures, and its height."""


def plot_rates(title: str, rates: Mapping[str, Mapping[str, Any]]) -> str:
    """A bar for each rate, the line over it its 95 % interval."""
    rows = "".join(_row(number, name, rate) for number, (name, rate) in enumerate(rates.items()))
    width, height = LABEL + BAR + FIGURES, ROW * len(rates) + 24
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"{_grid(height)}{rows}</svg>"
    )  # fmt: skip


def _grid(height: int) -> str:
    lines = [
        f'<line class="grid" x1="{_x(share)}" y1="0" x2="{_x(share)}" y2="{height - 18}"/>'
        f'<text class="tick" x="{_x(share)}" y="{height - 4}">{share:.0%}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    return "".join(lines)


def _row(number: int, name: str, rate: Mapping[str, Any]) -> str:
    top = ROW * number
    middle = top + ROW // 2
    low, high = rate["interval"]
    figures = f"{rate['rate']:.0%} ({low:.0%}–{high:.0%}), {rate['right']} of {rate['of']}"
    return (
        f'<text class="label" x="{LABEL - 8}" y="{middle + 4}">{escape(name)}</text>'
        f'<rect x="{LABEL}" y="{top + 5}" width="{round(BAR * rate["rate"], 1)}" height="{ROW - 10}"/>'
        f'<line class="interval" x1="{_x(low)}" y1="{middle}" x2="{_x(high)}" y2="{middle}"/>'
        f'<text x="{LABEL + BAR + 10}" y="{middle + 4}">{figures}</text>'
    )


def _x(share: float) -> float:
    return round(LABEL + BAR * share, 1)
