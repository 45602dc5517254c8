"""What is said before anything is asked: that this is an AI, how to reach a person, what may be asked.

EU AI Act, Art. 50(1): people must be told that they talk with a machine (applies since 2 August 2026).
"""

from assistant.embedded.wording import Words, marked

DISCLOSURE = marked(
    "You are chatting with an AI assistant. It answers from the shop's own information and can make mistakes. To reach"
    " a person at any time, write that you want to talk to a person."
)
GREETING = marked("Welcome to {shop}! What can I do for you?")
SUGGESTIONS = (
    marked("How long does delivery take?"),
    marked("Where is my order?"),
    marked("A pet feeder under 80 euros that works without Wi-Fi"),
)


def disclosure(language: str) -> str:
    """That the assistant is an AI, and how to reach a person."""
    return Words(language).say(DISCLOSURE)


def greeting(shop: str, language: str) -> str:
    """The first words."""
    return Words(language).say(GREETING, shop=shop)


def suggestions(language: str) -> list[str]:
    """Three things to ask."""
    return [Words(language).say(suggestion) for suggestion in SUGGESTIONS]
