"""How words vary in a language: what is taken off them, what denies, what carries no meaning (`languages.toml`)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

DOUBLED = re.compile(r"([aeou])\1(?=[^aeiou]$)")


class Tongue(BaseModel):
    """A language as claims are read in it.

    `endings` are taken off words of which `least` letters stay; `doubles` says that a vowel is written twice before a
    last consonant (duurzaam, duurzame), `compounds` that words are joined to longer ones, `keeps_marks` that accents
    are part of the letter, `unspaced` that words run together. `joints` are particles, `light` words without meaning of
    their own, `relatives` begin a clause about what was named, `dangling` end no sentence. `denies`, `denies_next`
    (only what follows), `denied_after` and `only` are denials and what only looks like one, `boasts` begin a sentence
    whose denial is praise ("aucune autre"), `either` joins things that are denied together; `disclaims` expressions for
    sentences that deny as a whole, `asks` first words of a question, `warns` words that warn of what is quoted.
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
    relatives: tuple[str, ...] = ()
    dangling: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    denies_next: tuple[str, ...] = ()
    denied_after: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    boasts: tuple[str, ...] = ()
    disclaims: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()

    def stems(self, word: str) -> frozenset[str]:
        """What a folded word may be a form of: itself, and itself without each ending it could have."""
        bare = [word[: -len(ending)] for ending in self.endings if word.endswith(ending)]
        return frozenset(self._plain(stem) for stem in (word, *bare) if stem == word or len(stem) >= self.least)

    def _plain(self, stem: str) -> str:
        if self.doubles:
            stem = DOUBLED.sub(r"\1", stem)
        return stem[:-1] if len(stem) > self.least and stem[-1] == stem[-2] else stem


@cache
def tongues() -> dict[str, Tongue]:
    """Every language by its code."""
    held = tomllib.loads((files("knowledge.claims") / "languages.toml").read_text("utf-8"))
    return {code: Tongue.model_validate({**entry, "language": code}) for code, entry in held.items()}


def tongue_of(locale: str) -> Tongue:
    """The language of a locale; one without words of its own is read as English."""
    code = locale.replace("_", "-").split("-")[0].lower()
    return tongues().get(code) or tongues()["en"]
