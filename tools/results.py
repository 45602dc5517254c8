"""What a tool says: JSON the model reads, and the same as data for the code that checks and renders the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from knowledge.retrieval import Hit

Told = tuple[str, dict[str, Any]]
"""Content for the model, and the artifact: the same as plain data."""


def tell(status: str, hits: Iterable[Hit] = (), **facts: Any) -> Told:
    """A tool's result. `status` is ok, none (nothing found), missing (say what to ask for) or refused(rule).

    Passages carry the label they are cited by.
    """
    said = {"status": status, **facts}
    passages = [describe_passage(hit) for hit in hits]
    if passages:
        said["passages"] = passages
    content = json.dumps(said, default=_plain, ensure_ascii=False)
    return content, json.loads(content)


def citable(cite: str) -> str:
    """A passage's name as an answer can cite it in square brackets: documents are named by their files, which may have
    spaces and brackets in their names.
    """
    document, _, number = cite.rpartition("#")
    return re.sub(r"[\s\[\]#]+", "_", document) + "#" + number if document else cite


def describe_passage(hit: Hit) -> dict[str, Any]:
    """A passage as tools hand it over. `cite` is what an answer puts in square brackets to cite it."""
    passage = hit.passage
    return {
        "cite": citable(f"{passage.document}#{passage.number}"),
        "title": passage.title, "heading": " – ".join(passage.heading),
        "text": passage.text, "locale": passage.locale, "document": passage.document, "url": passage.url,
        "valid_from": passage.valid_from, "kind": passage.kind, "product_id": passage.product_id,
        "closeness": round(hit.cosine, 3), "score": round(hit.score, 3),
        "markets": list(passage.markets or passage.about),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
