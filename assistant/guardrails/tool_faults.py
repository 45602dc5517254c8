"""The one place a tool's exception becomes words: logged whole, told in a fixed sentence."""

from __future__ import annotations

import logging
from typing import Any

from langchain.agents.middleware import ToolErrorMiddleware
from langchain.tools.tool_node import ToolCallRequest

log = logging.getLogger(__name__)

TOLD = '{"status": "failed", "note": "This could not be looked up just now."}'


def explain_tool_faults() -> ToolErrorMiddleware:
    """A tool that breaks is reported to the model as a failed look-up; the exception's text goes only to the log."""
    return ToolErrorMiddleware(_told)


def _told(error: Exception, request: ToolCallRequest | Any = None) -> str:
    log.error("tool failed", exc_info=error, extra={"tool": getattr(request, "tool_call", {}).get("name", "")})
    return TOLD
