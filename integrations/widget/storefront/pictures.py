"""Pictures of products on a quiet ground: the demo's by category, in the colour of a variant; others by a letter."""

import colorsys
import tomllib
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from zlib import crc32

from knowledge.commerce import Product, Variant

GROUNDS = ("#efe6d6", "#e2e8dc", "#dee6ea", "#f1e2da", "#f2e9cf", "#e8e2ea")
AMBER, PAPER, METAL, DARK_METAL = "#d9822b", "#f6efe2", "#ccd1d5", "#98a0a7"

COLOURS = {
    "white": "#f7f4ee", "chalk": "#efeae0", "cream": "#f1e7d0", "ivory": "#f3ebd9", "pearl": "#ece6df",
    "ecru": "#e9dfc8", "natural": "#e2d3b3", "oat": "#ddd0b8", "sand": "#d9c6a0", "tan": "#b98a57",
    "camel": "#c19a6b", "kraft": "#c99e6b", "brown": "#7a5a40", "walnut": "#6d4c34", "cork": "#c99e6b",
    "black": "#3a3d42", "charcoal": "#4a4e54", "graphite": "#54585e", "ink": "#34435c", "slate": "#66727d",
    "grey": "#a3a6a8", "stone": "#b3afa8", "steel": "#b9bfc4", "chrome": "#ccd1d5", "navy": "#35456b",
    "indigo": "#3f5f86", "blue": "#6f93b5", "sky": "#a9c6dc", "fog": "#a9b9c6", "midnight": "#2e3657",
    "deep": "#2f5d73", "teal": "#3f8f8c", "mint": "#b5d8c5", "sage": "#a9bb9e", "moss": "#77895a",
    "olive": "#7f7d4c", "pine": "#3f6353", "forest": "#44684f", "green": "#7fa06e", "amber": "#e0952f",
    "ochre": "#d3a03f", "coral": "#e88a73", "clay": "#c0714f", "terracotta": "#c8694a", "rust": "#b35a37",
    "orange": "#e59a52", "rose": "#dca7a7", "berry": "#94455e", "plum": "#7b4b6b",
}  # fmt: skip
"""What colours of variants look like, by a word of theirs."""


_LETTER = (
    '<text x="120" y="116" text-anchor="middle" font-family="Georgia, serif" font-size="92" fill="#3b2f20"'
    ' opacity=".55">$letter</text>'
)
"""A thing nobody has drawn: another thing's picture would lie."""


def draw_product(product: Product, sku: str = "") -> str:
    """An SVG of 240 by 180 units; in the colour of one variant, where it is named."""
    colour = _colour(product, next((v for v in product.variants if v.sku == sku), None))
    drawing = Template(_drawings().get(product.category, _LETTER))
    shape = drawing.substitute(
        b=colour, l=_lit(colour, 1.16, 0.8), d=_lit(colour, 0.8, 0.7), k=_lit(colour, 0.42, 0.4),
        a=AMBER, p=PAPER, m=METAL, n=DARK_METAL, letter=escape(product.name.strip()[:1].upper()),
    )  # fmt: skip
    ground = GROUNDS[crc32(product.product_id.encode()) % len(GROUNDS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180" role="img">'
        f'<title>{escape(product.name)}</title><rect width="240" height="180" fill="{ground}"/>'
        '<circle cx="120" cy="84" r="76" fill="#fff" opacity=".38"/>'
        f'<ellipse cx="120" cy="151" rx="74" ry="7" fill="#3b2f20" opacity=".14"/>{shape}</svg>'
    )


def draw_logo() -> str:
    """The demo's mark: a sun over the water of a quay."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img"><title>Amberquay</title>'
        '<rect width="64" height="64" rx="18" fill="#23302f"/><circle cx="32" cy="29" r="13" fill="#e0952f"/>'
        '<path d="M8 38q6-5 12 0t12 0 12 0 12 0v18q0 0-6 0H14q-6 0-6 0z" fill="#23302f"/>'
        '<path d="M10 40q5.5-4.5 11 0t11 0 11 0 11 0M14 48q4.5-4 9 0t9 0 9 0 9 0" fill="none" stroke="#f6efe2"'
        ' stroke-width="3.2" stroke-linecap="round"/></svg>'
    )


def draw_quay() -> str:
    """The picture over the front page: a quay at sunrise, with a ship that carries parcels."""
    return (files(__package__) / "quay.svg").read_text("utf-8")


def colour_of(variant: Variant) -> str:
    """What a variant's colour looks like; '' where none of its options is a colour we know."""
    words = [word for value in variant.options.values() for word in value.lower().split()]
    return next((COLOURS[word] for word in words if word in COLOURS), "")


def _colour(product: Product, variant: Variant | None) -> str:
    variants = [variant] if variant else product.variants
    known = next((colour for v in variants if (colour := colour_of(v))), "")
    hinted = [word.strip(",") for word in product.image_hint.lower().split()]
    return known or next((COLOURS[word] for word in hinted if word in COLOURS), COLOURS["oat"])


def _lit(colour: str, light: float, strength: float = 1.0) -> str:
    """A colour in more or less light, and with less or more of its own strength."""
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    lit = colorsys.hls_to_rgb(hue, min(lightness * light, 0.97), saturation * strength)
    return "#" + "".join(f"{round(255 * part):02x}" for part in lit)


@cache
def _drawings() -> dict[str, str]:
    held: dict[str, str] = tomllib.loads((files(__package__) / "drawings.toml").read_text("utf-8"))["drawings"]
    return held
