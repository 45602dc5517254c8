"""Curves for the docs: SVG of a few points, made by nobody but us."""

from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 320, 64, 16, 44, 46
COLOURS = ("#1f5fa8", "#b4541a", "#3a7d44")


def plot(title: str, across: str, up: str, curves: Mapping[str, Points], bar: tuple[str, float] | None = None) -> str:
    """Curves over common axes that begin at 0; `bar` is a level that is not to be passed, with its name."""
    most_x = max(x for points in curves.values() for x, _ in points) or 1
    most_y = 1.1 * max([y for points in curves.values() for _, y in points] + ([bar[1]] if bar else [])) or 1

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            round(LEFT + (WIDTH - LEFT - RIGHT) * x / most_x, 1),
            round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y / most_y, 1),
        )

    parts = [f'<text x="{LEFT}" y="18" font-weight="bold">{escape(title)}</text>']
    for n in range(5):
        (x, _), (_, y) = at(most_x * n / 4, 0), at(0, most_y * n / 4)
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#8884"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{_figure(most_y * n / 4)}</text>')
        parts.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{_figure(most_x * n / 4)}</text>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{escape(across)}</text>')
    parts.append(f'<text x="{LEFT}" y="34">{escape(up)}</text>')
    if bar:
        _, y = at(0, bar[1])
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#a00" stroke-dasharray="5 4"/>')
        parts.append(f'<text x="{WIDTH - RIGHT}" y="{y - 4}" text-anchor="end" fill="#a00">{escape(bar[0])}</text>')
    for number, (name, points) in enumerate(curves.items()):
        line = " ".join(f"{x},{y}" for x, y in (at(*point) for point in points))
        colour = COLOURS[number]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{LEFT + 200 + 170 * number}" y="34" fill="{colour}">{escape(name)}</text>')
    style = 'font-family="sans-serif" font-size="12" fill="#555"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {style}>'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>\n"
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
