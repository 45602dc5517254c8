"""Tables of people: an export of orders or customers is no document, and nothing of it may be quoted to a shopper."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ADDRESS = re.compile(r"[^\s@,;]+@(?P<domain>[^\s@,;]+\.[^\s@,;]+)")
_PEOPLE = re.compile(
    r"\b(?:customer|buyer|recipient|bill(?:ing)?|ship(?:ping)? (?:name|address)|first name|last name|surname)\b"
    r"|\b(?:kund(?:e|in|en(?!service|dienst))|vorname|nachname|empfänger|rechnungsadresse|lieferadresse)"
    r"|\b(?:client(?!èle)|acheteur|prénom|destinataire|cliente|comprador|apellido|destinatario|sobrenome"
    r"|apelido|destinatário|cognome|klant|pelanggan|pembeli|penerima)"
    r"|顧客|お名前|氏名|購入者|客户|买家|收货人|姓名|العميل|المشتري",
)
_ORDER = re.compile(
    r"\b(?:order|lineitem)\b|bestell|auftrag|\bcommande|\bpedido|\bencomenda|\bordine|注文|订单|الطلب|\bpesanan"
)
_NUMBER = re.compile(r"\b(?:no|nr|num\w*|número|numéro|number|id|name)\b|nummer|番号|号|رقم|nomor|^(?:order|lineitem)$")


def refuse_customers(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raises ValueError, saying what to do, where a table is one of orders or customers: a column of e-mail addresses
    beside headings of buyers or orders, or numbered orders beside their buyers.
    """
    said = [" ".join(re.split(r"[\s_\-/.:]+", heading.casefold())).strip() for heading in headings]
    mailed = next((at for at in range(len(said)) if _is_mail([row[at] for row in rows if row[at]])), None)
    of_people = {at for at, heading in enumerate(said) if _PEOPLE.search(heading)}
    of_orders = {at for at, heading in enumerate(said) if _ORDER.search(heading)}
    if mailed is None:
        numbered = any(_NUMBER.search(said[at]) and _differ([row[at] for row in rows]) for at in of_orders)
        shown = min(of_people, default=None) if numbered else None
    else:
        others = (of_people | of_orders) - {mailed}
        shown = mailed if others or (mailed in of_people and _houses([row[mailed] for row in rows]) > 1) else None
    if shown is not None:
        raise ValueError(
            f"holds customers' data (column {headings[shown]!r}) and is not indexed: take it out of the documents; "
            "orders are read with: dragoman shop import FILE"
        )


def _is_mail(cells: Sequence[str]) -> bool:
    """Whether most cells of a column are an e-mail address and nothing else."""
    return 2 * sum(_ADDRESS.fullmatch(cell) is not None for cell in cells) > len(cells)


def _houses(cells: Sequence[str]) -> int:
    """How many mail servers addresses are at; a shop's own branches share one."""
    return len({found["domain"].casefold() for cell in cells if (found := _ADDRESS.fullmatch(cell))})


def _differ(cells: Sequence[str]) -> bool:
    """Whether each row has a number of its own or of its order's other lines."""
    told = [cell for cell in cells if cell]
    return bool(told) and all(re.search(r"\d", cell) for cell in told)
