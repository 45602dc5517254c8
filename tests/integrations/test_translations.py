"""Memory and terms: kept once on either database, in and out of TMX, TBX and CSV, contradictions shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations.database.engine import Sessions
from integrations.database.translations import TermEntry, TranslationStore, term_conflicts
from integrations.localization.accepting import accept
from integrations.localization.bureau import Bureau
from integrations.localization.encoded import FileBroken
from integrations.localization.exchange import read_terms, read_translations, write_terms, write_translations
from integrations.localization.review import Reviewed
from knowledge.localizing import Translation
from tools.localization.memory import Memory, conflicts

HELLO = Translation("Hello", "Hallo", "de-DE", "en-US")


def store_of(sessions: Sessions) -> TranslationStore:
    moments = (datetime(2026, 11, 30, tzinfo=UTC) + timedelta(seconds=n) for n in range(100))
    return TranslationStore(sessions, lambda: next(moments))


async def test_a_translation_is_kept_once_and_the_newest_counts(sessions: Sessions) -> None:
    store = store_of(sessions)
    many = [Translation(f"Text {n}", f"Satz {n}", "de-DE", "en-US") for n in range(900)]
    assert await store.remember([HELLO, *many, HELLO, Translation("x", " ", "de-DE")]) == 901
    assert await store.remember([Translation("Hello", "Guten Tag", "de-DE", "en-US")]) == 1
    assert await store.remember([HELLO]) == 0
    held = await store.translations("de-AT")
    assert len(held) == 902
    assert await store.translations("fr-FR") == []
    assert [one.target for one in Memory(held, "de-DE").exact("Hello")] == ["Hallo", "Guten Tag"]
    assert [[one.target for one in some] for some in conflicts(held)] in (
        [["Hallo", "Guten Tag"]],
        [["Guten Tag", "Hallo"]],
    )
    assert [one.source for one in await store.translations("de-DE", "100%")] == []
    assert await store.forget("Hello", "de-DE", "Guten Tag") == 1
    assert len(await store.translations()) == 901


async def test_terms_that_contradict_are_shown_and_proposals_wait(sessions: Sessions) -> None:
    store = store_of(sessions)
    await store.add_terms([
        TermEntry("feeder", "Futterautomat", "de-DE"), TermEntry("feeder", "Spender", "de-DE"),
        TermEntry("feeder", "Fresser", "de-DE", kind="avoid"), TermEntry("Tidbit", kind="keep"),
        TermEntry("bowl", "Napf", "de-DE", state="proposed"),
    ])  # fmt: skip
    assert [{one.target for one in some} for some in term_conflicts(await store.term_entries("approved"))] == [
        {"Futterautomat", "Spender"}
    ]
    terms = await store.terms()
    assert [term.source for term in terms.found_in("A Feeder and a bowl, no feeders, Tidbit, tidbit")] == [
        "Tidbit",
        "feeder",
    ]
    assert terms.kept == ("Tidbit",)
    assert await store.approve_terms("bowl") == 1
    assert {term.source: term.target("de-AT") for term in await store.terms()}["bowl"] == ""
    assert {term.source: term.target("de-DE") for term in await store.terms()}["bowl"] == "Napf"
    assert await store.remove_terms("feeder") == 3


@pytest.mark.parametrize("name", ["m.tmx", "m.csv"])
def test_a_memory_goes_out_and_comes_in_unchanged(name: str) -> None:
    held = [
        HELLO,
        Translation('A & <b>"x"</b>\n two', "=SUM(1) & Ä", "de-DE", "en-US"),
        Translation("Hi", "やあ", "ja-JP", "en-US"),
    ]
    read = read_translations(write_translations(held, Path(name)), Path(name))
    assert [(one.source, one.target, one.locale, one.source_locale) for one in read] == [
        (one.source, one.target, one.locale, one.source_locale) for one in held
    ]


@pytest.mark.parametrize("name", ["t.tbx", "t.csv"])
def test_terms_go_out_and_come_in_unchanged(name: str) -> None:
    held = [
        TermEntry("Tidbit", kind="keep"),
        TermEntry("feeder", "Futterautomat", "de-DE"),
        TermEntry("feeder", "Fresser", "de-DE", kind="avoid"),
    ]
    read = read_terms(write_terms(held, Path(name)), Path(name))
    assert {(one.source, one.target, one.locale, one.kind) for one in read} == {
        (one.source, one.target, one.locale, one.kind) for one in held
    }


MARTIF = """<?xml version="1.0"?>
<martif type="TBX" xml:lang="en"><text><body><termEntry id="1"><descrip type="definition">a feeder</descrip>
<langSet xml:lang="EN-us"><tig><term>feeder</term></tig></langSet>
<langSet xml:lang="de"><tig><term>Futterautomat</term>
<termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig>
<tig><term>Fresser</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet>
</termEntry></body></text></martif>"""


def test_other_programs_files_are_read() -> None:
    terms = read_terms(MARTIF.encode(), Path("t.tbx"))
    assert [(one.target, one.locale, one.kind) for one in terms] == [
        ("Futterautomat", "de", "use"), ("Fresser", "de", "avoid"),
    ]  # fmt: skip
    tmx = (
        '<tmx version="1.4"><header srclang="en-US"/><body><tu><tuv xml:lang="EN-US"><seg>Hello</seg></tuv>'
        '<tuv xml:lang="de_de"><seg>Hallo</seg></tuv><tuv xml:lang="ja"><seg>やあ</seg></tuv></tu></body></tmx>'
    )
    assert [(one.target, one.locale) for one in read_translations(tmx.encode(), Path("m.tmx"))] == [
        ("Hallo", "de-DE"), ("やあ", "ja"),
    ]  # fmt: skip
    wide = read_terms("term;de-DE;ja-JP;kind\nfeeder;Futterautomat;給餌器;use\nTidbit;;;keep\n".encode(), Path("t.csv"))
    assert [(one.source, one.target, one.kind) for one in wide] == [
        ("Tidbit", "", "keep"), ("feeder", "Futterautomat", "use"), ("feeder", "給餌器", "use"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("read", "name", "data", "says"),
    [
        (read_terms, "t.csv", b"source,target,locale\nfeeder,,de-DE\n", "row 2"),
        (read_terms, "t.csv", b"source,target,locale,kind\nfeeder,x,de-DE,maybe\n", "row 2"),
        (read_terms, "t.tbx", b"<tbx>\n<a></tbx>", "line 2"),
        (read_terms, "t.csv", b"a,b\n1,2\n", "no columns"),
        (read_translations, "m.tmx", b"<html/>", "no tmx"),
        (read_translations, "m.csv", b"source,target,locale\nx,y\n", "row 2"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_the_place(read: object, name: str, data: bytes, says: str) -> None:
    with pytest.raises(FileBroken, match=says):
        read(data, Path(name))  # type: ignore[operator]


def row(source: str, rendering: str, written: str = "", said: str = "", number: int = 2) -> Reviewed:
    return Reviewed(number, str(number), source, "en-US", "de-DE", "title", rendering, written, said)


async def test_what_was_approved_is_remembered_and_terms_are_proposed(sessions: Sessions) -> None:
    store = store_of(sessions)
    bureau = Bureau(Path(), store)
    accepted = await accept(bureau, [
        row("Feeder", "Futterautomat"), row("A feeder for 3 cats", "Ein Futterautomat für 3 Katzen", said="yes"),
        row("Bowl", "Schale", "Schale"), row("Cup", "Tasse", "Becher", "no"),
        row("Holds 3 cups", "Fasst 4 Tassen", "", "yes", 6), row("Holds 5 cups", "Fasst fünf Tassen", "", "anyway"),
    ], "Ada")  # fmt: skip
    assert (accepted.approved, accepted.new) == (3, 3)
    assert [(held.row, finding.rule) for held, finding in accepted.held_back] == [(6, "l10n.number")]
    assert [(one.source, one.target, one.state) for one in accepted.proposed] == [
        ("Feeder", "Futterautomat", "proposed")
    ]
    held = await store.translations()
    assert {(one.source, one.origin, one.by) for one in held} >= {("Feeder", "person", "Ada")}
    assert {one.target for one in held} == {"Futterautomat", "Ein Futterautomat für 3 Katzen", "Fasst fünf Tassen"}
    again = await accept(bureau, [row("Feeder", "Spender", said="yes")])
    assert [{one.target for one in some} for some in again.conflicts] == [{"Spender", "Futterautomat"}]
    assert len((await store.terms()).entries) == 0


@pytest.mark.parametrize(
    ("locale", "rendering"),
    [("de-DE", "Umweltfreundlicher Bambusbecher"), ("fr-FR", "Tasse en bambou biodégradable")],
)
async def test_a_claim_that_is_blocked_needs_more_than_a_yes(sessions: Sessions, locale: str, rendering: str) -> None:
    bureau = Bureau(Path(), store_of(sessions))
    source = "Eco-friendly bamboo cup" if locale == "de-DE" else "Biodegradable bamboo cup"
    approved = replace(row(source, rendering, rendering, "yes"), locale=locale)
    accepted = await accept(bureau, [approved])
    assert accepted.approved == 0
    assert [finding.severity for _, finding in accepted.held_back] == ["block"]
    assert (await accept(bureau, [replace(approved, said="anyway")])).approved == 1
