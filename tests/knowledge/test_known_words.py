"""Words people write are known; names nobody wrote are not."""

from __future__ import annotations

import pytest

from knowledge.known_words import is_word

WRITTEN = {
    "en": "Foldable Charger Panels Crew Sage Feeder Steel carabiners waterproof",
    "de": "Futterautomat Solarladegerät Salbeigrün Edelstahlnapf Größentabelle Rundhalsausschnitt Notbatterie",
    "es": "cargador plegable salvia algodón orgánico lavavajillas",
    "fr": "distributeur croquettes gamelle inoxydable autonomie",
    "pt-BR": "carregador portátil algodão orgânico liquidificador",
    "id": "Tempat Makan Otomatis Mangkuk Garansi disertifikasi Kaos Katun",
}


@pytest.mark.parametrize("language", WRITTEN)
def test_words_people_write_are_known(language: str) -> None:
    assert [word for word in WRITTEN[language].split() if not is_word(word, language)] == []


@pytest.mark.parametrize("language", WRITTEN)
def test_names_nobody_wrote_are_not(language: str) -> None:
    names = "Zentrava Quiltero Vantoro Kelmora Pexwell Oravex Velquist Zuvaro Gladwyn Cravion"
    assert [name for name in names.split() if is_word(name, language)] == []
