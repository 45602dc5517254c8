"""A slow search, as with a busy embedding server, holds no other conversation."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest

from integrations.bootstrap import Dragoman
from knowledge.embeddings import Vectors
from knowledge.retrieval import Retriever
from tools.context import Session, ToolContext
from tools.policies import find_policies
from tools.product_search import Wish
from tools.products import detail_product, find_products
from tools.results import Told

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATIENCE_S = 10


@pytest.mark.parametrize(
    "ask",
    [
        lambda context: find_policies(context, "Who pays for return postage?"),
        lambda context: find_products(context, "a warm blanket", Wish()),
        lambda context: detail_product(context, "AQ-F-002", "which sizes are there?"),
    ],
    ids=["policies", "products", "one product"],
)
async def test_other_work_goes_on_while_a_search_waits(
    shop: Dragoman, ask: Callable[[ToolContext], Coroutine[None, None, Told]]
) -> None:
    begun, answered = threading.Event(), threading.Event()

    def slow(text: str) -> Vectors:
        begun.set()
        assert answered.wait(PATIENCE_S), "nothing else was done while the embedder was waited for"
        return shop.library.cache.query(text)

    context = replace(await shop.context(Session("s")), retriever=Retriever(shop.library.index, slow))
    asking = asyncio.create_task(ask(context))
    assert await asyncio.to_thread(begun.wait, PATIENCE_S)
    answered.set()
    assert (await asking)[1]["passages"]
