"""Progress in words: what the shopper reads while a tool works."""

from assistant.embedded.wording import Words, marked
from tools.offers import OFFERED

STEPS = {
    "search_policies": marked("Looking in the shop's policies"),
    "search_products": marked("Looking for products"),
    "show_product": marked("Reading the product's facts"),
    "compare_products": marked("Comparing products"),
    "draft_listing": marked("Writing the listing"),
    "draft_copy": marked("Writing the copy"),
    "check_listing": marked("Checking the listing"),
    "identify_customer": marked("Checking the order details you gave"),
    "show_order": marked("Looking up your order"),
    "list_orders": marked("Looking up your orders"),
    "customer_orders": marked("Looking up the customer's orders"),
    "approval_limits": marked("Looking up who agrees to what"),
    "return_options": marked("Checking what can be returned"),
    "refund_status": marked("Checking your refund"),
    "check_copy": marked("Checking what the text claims"),
    "hand_to_person": marked("Calling a person"),
    "confirm_action": marked("Carrying out your answer"),
}


def step_words(tool: str, language: str) -> str:
    """What a tool does, in a language."""
    offered = marked("Working out what that comes to")
    return Words(language).say(offered if tool in OFFERED else STEPS.get(tool, marked("Working on it")))
