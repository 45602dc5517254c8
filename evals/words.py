"""What is scored and asked, in words for people."""

NAMES = {
    "passed": "right in everything", "tools": "did the right thing", "citation": "cited a right source",
    "products": "showed a right product", "language": "shopper's language", "says": "said what it must",
    "never": "said nothing forbidden", "grounded": "no figure made up", "state": "shop as it should be after",
    "unasked": "did nothing unasked", "judged": "right, says the judge", "answered": "answered without a fault",
}  # fmt: skip
"""What is scored, in words for people."""

KINDS = {
    "policy": "What the shop's pages say: delivery, returns, payment", "product": "One product",
    "search": "Finding a product",
    "compare": "Comparing products", "order": "Where an order is", "action": "Cancelling, returning, changing an order",
    "return": "Whether something can go back", "refund": "Where a refund is", "change": "Changing an order",
    "person": "Asking for a person", "multi": "Two questions in one message", "followup": "“And that one?”",
    "out_of_scope": "What no shop assistant should answer", "private": "Another person's data",
    "abuse": "Attacks and insults",
    "bot": "“Are you a robot?”", "greeting": "Greetings", "thanks": "Thanks",
    "shopper": "A whole visit, several messages",
}  # fmt: skip
"""Kinds of cases, in words for people."""
