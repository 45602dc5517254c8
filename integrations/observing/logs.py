"""Structured lines on stderr. A line of a turn names its trace and session; none holds personal data or secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Collection, MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.tracing import ModelAsked, ToolRan, Trace, Withheld, current_id, current_trace
from knowledge.masking import mask_personal, mask_secrets

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter

log = logging.getLogger(__name__)

OURS = ("integrations", "assistant", "tools", "knowledge", "evals")
"""Loggers that the level is for. Libraries say warnings only: some of them tell whole requests where they say more."""

_OUR_ID = re.compile(r"[0-9a-f]{12}|[0-9a-f]{32}|cli-[0-9a-f]{12}")
"""Ids that we make: they may look like a telephone number, and are needed as they are."""

_OF_OTHERS = ("message", "asctime")
"""What formatters of other handlers leave in a record."""

MOST_LETTERS = 4000
"""Longest value of a line, its exception too."""

Line = MutableMapping[str, Any]


def begin_logs(level: str = "warning", as_json: bool = False, secrets: Collection[str] = ()) -> None:
    """Log to stderr from now on, `secrets` by their values taken out. Called again, it begins anew."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskedLines(as_json, secrets))
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one.formatter, MaskedLines)] + [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())


class MaskedLines(logging.Formatter):
    """Writes records as lines, as JSON or for people. structlog loads with the first: most commands log nothing."""

    def __init__(self, as_json: bool = False, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._as_json = as_json
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return self._lines.format(record)

    @cached_property
    def _lines(self) -> ProcessorFormatter:
        import structlog

        chain: list[Any] = [
            structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(),
            _add_turn, structlog.processors.TimeStamper("iso", utc=True), structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta, self._mask,
        ]  # fmt: skip
        return structlog.stdlib.ProcessorFormatter(
            processors=[*chain, _as_json if self._as_json else _readable], keep_exc_info=False, keep_stack_info=False
        )

    def _mask(self, _: Any, __: str, line: Line) -> Line:
        return {name: self._masked(name, value) for name, value in line.items() if name not in _OF_OTHERS}

    def _masked(self, name: str, value: Any) -> Any:
        """A value without what nobody may read. Numbers of orders, links and addresses of machines stay, for whoever
        looks for a fault needs them.
        """
        if name in ("timestamp", "level", "logger") or isinstance(value, bool | float | None):
            return value
        text = str(value)[:MOST_LETTERS]
        if name in ("trace", "session") and _OUR_ID.fullmatch(text):
            return text
        masked = mask_personal(mask_secrets(text, self._secrets), keep=("order", "link", "ip"))
        return value if isinstance(value, int) and masked == text else masked


def _add_turn(_: Any, __: str, line: Line) -> Line:
    """Which turn, or request, the line is of."""
    if found := current_id():
        line.setdefault("trace", found)
    if trace := current_trace():
        line.setdefault("session", trace.session.id)
    return line


def _as_json(_: Any, __: str, line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, default=str)


def _readable(_: Any, __: str, line: Line) -> str:
    """A line for people: the level, who says it, what, and the rest by name."""
    told = {name: value for name, value in line.items() if name not in ("level", "logger", "event", "exception")}
    told.pop("timestamp", None)
    head = f"{str(line['level']).upper()} {line['logger']}: {line['event']}"
    more = "".join(f" {name}={value}" for name, value in told.items())
    return f"{head}{more}" + (f"\n{line['exception']}" if line.get("exception") else "")


class TurnLog:
    """Says in one line how each turn went, in figures; no word of what was written stands in it."""

    def began(self, trace: Trace) -> None:
        """Nothing: the end tells it all."""

    def ended(self, trace: Trace) -> None:
        """Log the turn: those that failed as warnings."""
        asked = [one for one in trace.happened if isinstance(one, ModelAsked)]
        level = logging.WARNING if trace.outcome == "failed" else logging.INFO
        log.log(level, "turn", extra={
            "outcome": trace.outcome, "engine": trace.engine, "channel": trace.session.channel,
            "language": trace.language, "seconds": round(trace.seconds, 3), "models": len(asked),
            "tools": sum(isinstance(one, ToolRan) for one in trace.happened),
            "withheld": sum(isinstance(one, Withheld) for one in trace.happened),
            "tokens": sum(one.input_tokens + one.output_tokens for one in asked),
        })  # fmt: skip
