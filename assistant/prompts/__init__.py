"""What each role's model is told. Safety does not rest on these words: code decides."""

from functools import cache
from importlib.resources import files


@cache
def prompt(name: str) -> str:
    """The prompt of a role, from its Markdown file."""
    return (files("assistant.prompts") / f"{name}.md").read_text("utf-8")
