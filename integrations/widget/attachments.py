"""Attachments."""

from integrations.widget.reception import Reception


def add_attachments(api: object, reception: Reception) -> None:
    """Placeholder until the next commit."""
