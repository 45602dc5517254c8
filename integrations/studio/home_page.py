"""The studio's first pages: signing in, and the batches there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from integrations.database.studio_batches import Batch
from integrations.markup import Html, tag
from integrations.studio.facts_page import intake_form
from integrations.studio.frame import chip
from integrations.studio.reader import Reader

MARKS = {"facts": "idle", "filling": "warn", "paused": "warn", "ready": "good"}


def sign_in_page(reader: Reader, fault: str = "", *, closed: bool = False) -> Html:
    """Where the key is asked for, and a name to decide under."""
    told = tag("p", fault, role="alert", class_="fault") if fault else None
    if closed:
        body: Html = tag("p", reader.say("no_key"), class_="fault")
    else:
        body = tag(
            "form", told, tag("label", reader.say("your_name"), for_="name"),
            tag("input", name="name", id="name", required=True, maxlength=60, autocomplete="name"),
            tag("small", reader.say("name_hint")), tag("label", reader.say("key"), for_="key"),
            tag("input", name="key", id="key", type="password", required=True, autocomplete="current-password",
                dir="ltr"),
            tag("button", reader.say("sign_in"), type="submit", class_="button"), method="post",
            action="/studio/sign-in",
        )  # fmt: skip
    return tag("div", tag("h1", reader.say("studio")), tag("p", reader.say("sign_in_text"), class_="hint"), body,
               class_="door")  # fmt: skip


def home_page(
    reader: Reader, batches: Sequence[Batch], sizes: Mapping[str, tuple[int, int]], fault: str = ""
) -> list[Html]:  # fmt: skip
    """A new batch, and those there are."""
    told = [_batch(reader, batch, *sizes[batch.id]) for batch in batches]
    listed = tag("ul", told, class_="batches") if told else tag("p", reader.say("no_batches"), class_="hint")
    return [
        tag("div", tag("h1", reader.say("new_batch")), class_="bar-line"),
        tag("p", fault, role="alert", class_="fault") if fault else Html(""),
        tag("div", intake_form(reader), tag("section", tag("h2", reader.say("batches")), listed), class_="two"),
    ]


def _batch(reader: Reader, batch: Batch, products: int, drafts: int) -> Html:
    line = reader.say("batch_line", products=reader.number(products), drafts=reader.number(drafts))
    made = tag("small", f"{reader.moment(batch.made_at)} · ", tag("bdi", batch.made_by))
    mark = chip(MARKS[batch.state], reader.say(f"state_{batch.state}"))
    parts = tag("b", batch.title, dir="auto"), tag("span", line, class_="hint"), mark, made
    return tag("li", tag("a", parts, href=f"/studio/batches/{batch.id}"))
