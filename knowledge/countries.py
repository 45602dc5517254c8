"""Which countries a text names, in its language."""

import re
from functools import cache

from knowledge.locales import served_locales
from knowledge.wordlists import outermost, word_pattern


def countries_in(text: str, language: str) -> list[str]:
    """ISO codes (and EU) a text names, in their order; a language we do not serve names none."""
    lower = text.casefold()
    spans = {code: match.span() for code, pattern in _patterns(language).items() if (match := pattern.search(lower))}
    return outermost(spans)


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    locale = served_locales().get(language)
    patterns = {code: word_pattern(names, language) for code, names in (locale.countries if locale else {}).items()}
    return {code: pattern for code, pattern in patterns.items() if pattern}
