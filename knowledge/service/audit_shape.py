"""Whether a service policy can be read: each part that cannot be, by its name and with the name that was meant."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from knowledge.service.all_rules import AnyRule
from knowledge.service.findings import Finding, meant
from knowledge.service.policy import Approval, Confirmation, Effect, Limit, ServicePolicy
from knowledge.service.requests import READS, WRITES
from knowledge.service.rules import Rule
from knowledge.service.signals import Signal
from knowledge.service.terms import Exclusion, Returns


def checks_of(union: Any) -> dict[str, type[Rule]]:
    """The kinds of rule in a union of them, by their `check`."""
    return {get_args(kind.model_fields["check"].annotation)[0]: kind for kind in get_args(get_args(union)[0])}


CHECKS = checks_of(AnyRule)
"""Every kind of rule."""

SIGNALS = checks_of(Signal)
"""Every kind of signal."""

ENTRIES: dict[str, Any] = {"rules": AnyRule, "signals": Signal, "limits": Limit}
"""Parts that are lists, written as [[rules]]."""

TABLES: dict[str, type[BaseModel]] = {"returns": Returns, "confirmation": Confirmation, "approval": Approval}
"""Parts that are one table, written as [returns]."""


def read_policy(data: dict[str, Any]) -> tuple[ServicePolicy, list[Finding]]:
    """The part of a policy that can be read, and an error for all that cannot."""
    kept: dict[str, Any] = {}
    found: list[Finding] = []
    for name, value in data.items():
        kept[name], faults = _read_part(name, value)
        found += faults
    return ServicePolicy.model_validate({name: value for name, value in kept.items() if value is not None}), found


def _read_part(name: str, value: Any) -> tuple[Any, list[Finding]]:
    if name in TABLES:
        faults = _faults(TABLES[name], value, name)
        return None if faults else value, faults
    if name in ENTRIES:
        return _read_entries(name, value)
    if name == "actions":
        return _read_actions(value)
    return None, [_error("", f"There is no part {name!r} in a policy.", meant(name, ServicePolicy.model_fields))]


def _read_entries(name: str, entries: Any) -> tuple[Any, list[Finding]]:
    if not isinstance(entries, list | tuple):
        return None, [_error("", f"{name} is no list of entries.", f"Begin each entry with the line [[{name}]].")]
    read = [(entry, _faults(ENTRIES[name], entry, f"{name}, entry {place}")) for place, entry in enumerate(entries, 1)]
    return [entry for entry, faults in read if not faults], [fault for _, faults in read for fault in faults]


def _read_actions(actions: Any) -> tuple[Any, list[Finding]]:
    if not isinstance(actions, dict):
        return None, [_error("", "actions is no table.", "Begin each action with a line like [actions.cancel_order].")]
    known = {**WRITES, **READS}
    found = [
        _error("", f"There is no action {name!r}.", meant(name, known), name) for name in sorted(actions.keys() - known)
    ]
    read = {name: _faults(Effect, effect, f"actions.{name}") for name, effect in actions.items() if name in known}
    kept = {name: actions[name] for name, faults in read.items() if not faults}
    return kept, [*found, *(fault for faults in read.values() for fault in faults)]


def _faults(kind: Any, entry: Any, where: str) -> list[Finding]:
    """What is wrong with one entry, fault by fault."""
    try:
        TypeAdapter(kind).validate_python(entry)
    except ValidationError as error:
        rule = str(entry.get("rule", "")) if isinstance(entry, dict) else ""
        return [_fault_of(kind, dict(fault), entry, where, rule) for fault in error.errors()]
    return []


def _fault_of(kind: Any, fault: dict[str, Any], entry: Any, where: str, rule: str) -> Finding:
    if fault["type"] == "union_tag_invalid":
        return _unknown_check(kind, str(entry["check"]), where, rule)
    if fault["type"] == "union_tag_not_found":
        return _error(rule, f"{where} has no check.", f"Say what it looks at: check = one of {_listed(_checks(kind))}.")
    loc = [str(part) for part in fault["loc"]]
    path = loc[1:] if loc and loc[0] in _checks(kind) else loc
    if fault["type"] == "extra_forbidden":
        return _error(rule, f"{where} has no field {'.'.join(path)!r}.", meant(path[-1], _fields(kind, loc)))
    if fault["type"] == "missing":
        return _error(rule, f"{where} lacks the field {'.'.join(path)!r}.", "Add it.")
    return _error(rule, f"{where}, {'.'.join(path) or 'the whole'}: {fault['msg']}.", "Correct the value.")


def _unknown_check(kind: Any, check: str, where: str, rule: str) -> Finding:
    message = f"{where}: there is no check {check!r}."
    for part, others in (("rules", CHECKS), ("signals", SIGNALS)):
        if check in others:
            return _error(rule, message, f"It belongs under [[{part}]].")
    return _error(rule, message, meant(check, _checks(kind)))


def _checks(kind: Any) -> dict[str, type[Rule]]:
    return CHECKS if kind is AnyRule else SIGNALS if kind is Signal else {}


def _fields(kind: Any, loc: list[str]) -> Collection[str]:
    """The fields there are where one was not known."""
    if loc[0] in _checks(kind):
        return _checks(kind)[loc[0]].model_fields
    model: type[BaseModel] = Exclusion if loc[0] == "exclusions" else kind
    return model.model_fields


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _error(rule: str, message: str, suggestion: str, action: str = "") -> Finding:
    return Finding("error", action, rule, message, suggestion)
