"""The conversation: one deep function, `Assistant.reply(message, session)`, that yields events."""
