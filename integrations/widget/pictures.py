"""A plain picture of a product for the demo storefront: a shape of its family in a colour of its own."""

from html import escape
from zlib import crc32

from knowledge.commerce import Product

_SHAPES = {
    "home": '<rect x="85" y="45" width="70" height="80" rx="14"/><rect x="112" y="125" width="16" height="22"/>',
    "fashion": '<path d="M80 50l24-12q16 14 32 0l24 12 14 34-20 8v54H86V92l-20-8z"/>',
    "care": '<rect x="100" y="62" width="40" height="86" rx="10"/><rect x="108" y="38" width="24" height="20" rx="4"/>',
    "pet": '<circle cx="92" cy="68" r="13"/><circle cx="120" cy="56" r="14"/><circle cx="148" cy="68" r="13"/>'
    '<path d="M120 84q34 14 26 42q-10 22-26 8q-16 14-26-8q-8-28 26-42z"/>',
}
_OTHER = '<path d="M70 62l50-22 50 22v58l-50 24-50-24z"/>'


def draw_product(product: Product) -> str:
    """An SVG of 240 by 180 units."""
    hue = crc32(product.product_id.encode()) % 360
    shape = _SHAPES.get(product.family, _OTHER)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180" role="img">'
        f"<title>{escape(product.name)}</title>"
        f'<rect width="240" height="180" fill="hsl({hue} 45% 93%)"/><g fill="hsl({hue} 42% 46%)">{shape}</g></svg>'
    )
