"""What counts as a yes to a quote: a yes, not a habit."""

import pytest

from assistant.answers import answer_of


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes please!", "yes"), ("Ja, bitte.", "yes"), ("oui merci", "yes"), ("sí, por favor", "yes"), ("sim", "yes"),
        ("はい、お願いします", "yes"), ("是的", "yes"), ("نعم من فضلك", "yes"), ("ya", "yes"), ("okay do it", "yes"),
        ("yes, thanks", "yes"), ("No", "no"), ("nein danke", "no"), ("不用了谢谢", "no"), ("いいえ、結構です", "no"),
        ("ok", "nod"), ("vale", "nod"), ("好的", "nod"), ("了解です", "nod"), ("passt", "nod"),
        ("ok thanks", None), ("vale gracias", None), ("好的，谢谢", None), ("thanks", None),
        ("yes but not the lamp", None),
        ("ja aber", None), ("yes?", None), ("no problem", None), ("yes no", None), ("", None), ("yessir", None),
        ("yes " * 9, None),
    ],
)  # fmt: skip
def test_a_message_is_a_yes_only_if_it_is_nothing_else(text: str, answer: str | None) -> None:
    assert answer_of(text) == answer
