"""What `dragoman --help` lists: the commands by what they are for, first those a newcomer wants."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

SECTIONS = {
    "Commands": ("init", "ask", "chat", "serve", "doctor"),
    "The shop and what it knows": ("shop", "knowledge", "policy", "evals"),
    "Orders and people": ("action", "actions", "handoff", "privacy", "trace"),
    "For marketers": ("facts", "listing", "copy", "claims", "localize", "terms", "memory", "job"),
    "Running it": ("up", "worker", "slack", "keys", "journal", "migrate", "backup", "restore"),
}


class Menu(TyperGroup):
    """The commands in their sections."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section a purpose, a command a line."""
        width = max(map(len, self.commands))
        for title, names in SECTIONS.items():
            with formatter.section(title):
                limit = formatter.width - 6 - width
                formatter.write_dl(
                    [(name.ljust(width), self.commands[name].get_short_help_str(limit)) for name in names]
                )
