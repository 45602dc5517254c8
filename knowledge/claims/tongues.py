"""How words vary in a language: what is taken off them, what denies, what carries no meaning (`languages.toml`)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


DOUBLED = re.compile(r"([aeou])\1(?=[^aeiou]$)")


class Tongue(BaseModel):
    """A language as claims are read in it. `disclaims` are regular expressions for sentences that deny as a whole, `asks`
    first words of a question, `doubles` whether a vowel is written twice before a last consonant (duurzaam, duurzame),
    `warns` words that warn of what is quoted.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    unspaced: bool = False
    compounds: bool = False
    doubles: bool = False
    keeps_marks: bool = False
    least: int = 4
    endings: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    simplified: str = ""
    denies: tuple[str, ...] = ()
    denied_after: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    disclaims: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()

    def stem(self, word: str) -> str:
        """A folded word without its ending."""
        for ending in _longest_first(self.endings):
            if word.endswith(ending) and len(word) - len(ending) >= self.least:
                word = word[: -len(ending)]
                break
        if self.doubles:
            word = DOUBLED.sub(r"\1", word)
        return word[:-1] if len(word) > self.least and word[-1] == word[-2] else word


@cache
def _longest_first(endings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(endings, key=len, reverse=True))


@cache
def tongues() -> dict[str, Tongue]:
    """Every language by its code."""
    held = tomllib.loads((files("knowledge.claims") / "languages.toml").read_text("utf-8"))
    return {code: Tongue.model_validate({**entry, "language": code}) for code, entry in held.items()}


def tongue_of(locale: str) -> Tongue:
    """The language of a locale; one without words of its own is read as English."""
    code = locale.replace("_", "-").split("-")[0].lower()
    return tongues().get(code) or tongues()["en"]
