"""What a sync reads, keeps, drops and reports, as the sources come, change and go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import DocumentProblem, Passage
from knowledge.filters import Filter
from knowledge.folder import folder_sources
from knowledge.folder_rules import RULES
from knowledge.index import Change, Index
from knowledge.reading import MUCH, read_folder, read_sources
from knowledge.sources import Source, made_of
from tests.knowledge.conftest import TODAY, found, held, open_index, passage, sources_of, sync

MANY = [passage(f"m{n}", f"Number {n} of many.") for n in range(12)]
BASE = sources_of(MANY)
SAME = "---\nid: same\nlocale: en\n---\n"
TAKEN = "its id 'same' in the language en is that of a.md; give one of them another id"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return open_index(tmp_path)


def rows(index: Index) -> dict[str, int]:
    return {passage.id: row for row, _, passage in index.generation().held()}


def owners(index: Index) -> dict[str, str]:
    return {passage.id: source for _, source, passage in index.generation().held()}


def sync_folder(index: Index, folder: Path, today: date = TODAY) -> Change:
    return index.sync(list(folder_sources(folder)), today=today)


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


def counted(source: Source, read: list[str]) -> Source:
    def count() -> Sequence[Passage]:
        read.append(source.name)
        return source.read()

    return replace(source, read=count)


def broken(name: str, said: str = "not closed") -> Source:
    def read() -> Sequence[Passage]:
        raise ValueError(said)

    return Source(name, "broken", read)


def test_only_sources_with_a_new_digest_are_read(index: Index) -> None:
    read: list[str] = []
    index.sync([counted(source, read) for source in BASE], today=TODAY)
    assert read == [source.name for source in BASE]
    read.clear()
    changed = made_of("m3", [passage("m3", "Other words.")])
    index.sync([counted(source, read) for source in [*BASE[:3], changed, *BASE[4:], made_of("n", [passage("n")])]])
    assert read == ["m3", "n"]


def test_a_source_that_could_not_be_read_is_read_again_each_time(index: Index) -> None:
    read: list[str] = []
    for _ in range(2):
        change = index.sync([*BASE, counted(broken("x"), read)])
        assert change.problems == (DocumentProblem(path="x", problem="not closed"),)
    assert read == ["x", "x"]


@pytest.mark.parametrize("error", [ValueError("no"), FileNotFoundError("no"), PermissionError("no")])
def test_a_broken_source_is_reported_by_name_and_its_old_passages_go(index: Index, error: Exception) -> None:
    def read() -> Sequence[Passage]:
        raise error

    sync(index, *MANY)
    change = index.sync([Source("m0", "other", read), *BASE[1:]], today=TODAY)
    assert change == Change(0, 1, 11, (DocumentProblem(path="m0", problem="no"),))
    assert "m0" not in held(index) | index.generation().sources().keys()
    assert "m0" not in {entry.document for entry in index.generation().entries()}
    assert sync(index, *MANY) == Change(1, 0, 11)


def test_a_changed_file_drops_and_adds_only_the_passages_that_differ(index: Index) -> None:
    parts = [passage("d", f"Part {n}.", number=n) for n in range(6)]
    index.sync([*BASE, made_of("d", parts)], today=TODAY)
    before = rows(index)
    changed = [*parts[:2], passage("d", "Another part.", number=2), *parts[3:]]
    assert index.sync([*BASE, made_of("d", changed)], today=TODAY) == Change(1, 1, 17)
    after = rows(index)
    assert before.keys() - after.keys() == {parts[2].id}
    assert after.keys() - before.keys() == {changed[2].id}
    assert {i: before[i] for i in before.keys() & after.keys()} == {i: after[i] for i in before.keys() & after.keys()}
    assert after[changed[2].id] not in before.values()


def test_a_renamed_file_keeps_its_passages(index: Index, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", **{f"a{n}": f"---\nid: d{n}\n---\n# Part {n}\n\nText {n}." for n in range(6)})
    sync_folder(index, folder)
    before, build = rows(index), index.generation().build
    (folder / "a0.md").rename(folder / "z.md")
    assert sync_folder(index, folder) == Change(0, 0, 6)
    assert (rows(index), index.generation().build) == (before, build)
    assert owners(index)[next(i for i in before if i.startswith("d0@"))] == "z.md"
    assert {"z.md"} == {entry.source for entry in index.generation().entries() if entry.document == "d0"}
    (folder / "z.md").unlink()
    assert sync_folder(index, folder) == Change(0, 1, 5)


def test_two_documents_of_one_id_and_locale_are_reported_and_the_second_taken_up_when_the_first_goes(
    index: Index, tmp_path: Path
) -> None:
    folder = write(tmp_path / "docs", a=SAME + "First.", b=SAME + "Second.", c="Third.")
    change = sync_folder(index, folder)
    assert change.problems == (DocumentProblem(path="b.md", problem=TAKEN),)
    assert sync_folder(index, folder) == Change(0, 0, 2, change.problems)
    write(folder, b=SAME + "Second, changed.")
    assert sync_folder(index, folder).problems == change.problems
    (folder / "a.md").unlink()
    assert sync_folder(index, folder) == Change(1, 1, 1)
    assert [p.text for p in index.generation().of_document("same", "en")] == ["Second, changed."]


def test_the_first_to_hold_an_id_keeps_it_against_a_newcomer_of_an_earlier_name(index: Index, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", b=SAME + "First.")
    sync_folder(index, folder)
    write(folder, a=SAME + "Newcomer.")
    assert [problem.path for problem in sync_folder(index, folder).problems] == ["a.md"]
    assert [p.text for p in index.generation().of_document("same", "en")] == ["First."]


def test_the_same_id_in_another_locale_is_a_translation(index: Index) -> None:
    change = index.sync([made_of("a", [passage("d")]), made_of("b", [passage("d", "Der Text.", locale="de")])])
    assert change == Change(2, 0, 0)


def test_expired_documents_are_left_out_and_go_when_their_day_comes(index: Index) -> None:
    past, last = passage("past", valid_until=date(2026, 5, 31)), passage("last", valid_until=TODAY)
    assert sync(index, *MANY, past, last) == Change(13, 0, 0)
    assert {"past", "last"} & held(index) == {"last"}
    assert sync(index, *MANY, past, last) == Change(0, 0, 13)
    assert sync(index, *MANY, past, last, today=date(2026, 6, 2)) == Change(0, 1, 12)
    assert not {"past", "last"} & held(index)
    told = {entry.document: entry.valid_until for entry in index.generation().entries()}
    assert (told["past"], told["last"], told["m0"]) == (past.valid_until, TODAY, None)
    assert sync(index, *MANY, past, replace(last, valid_until=date(2026, 7, 1)), today=date(2026, 6, 2)).added == 1


def test_what_becomes_valid_later_is_indexed_at_once(index: Index) -> None:
    sync(index, *MANY, passage("soon", valid_from=date(2026, 8, 1)))
    assert "soon" in held(index)
    assert "soon" not in found(index, Filter(on=TODAY))
    assert "soon" in found(index, Filter(on=date(2026, 8, 1)))


def test_little_change_is_a_copy_and_much_is_built_anew(index: Index) -> None:
    sync(index, *MANY)
    build = index.generation().build
    most = int(MUCH * len(MANY))
    for n in range(most):
        sync(index, *MANY, *(passage(f"x{k}") for k in range(n + 1)))
        assert (index.generation().build, index.generation().changed) == (build, n + 1)
    sync(index, *MANY, *(passage(f"x{k}") for k in range(most + 1)))
    generation = index.generation()
    assert generation.build == generation.name != build
    assert (generation.changed, generation.built) == (0, len(MANY) + most + 1)


def test_what_was_dropped_stays_in_chroma_for_the_readers_of_one_generation_and_then_goes(index: Index) -> None:
    sync(index, *MANY)
    counts = []
    for kept in (11, 11, 10, 9):
        sync(index, *MANY[:kept], passage("x", f"Now there are {kept}."))
        counts.append((index.generation().count(), index.generation().collections().count("en")))
    assert counts == [(12, 13), (12, 13), (11, 13), (10, 10)]


def test_progress_tells_how_many_sources_are_read() -> None:
    told: list[tuple[int, int]] = []
    sources = sources_of([passage(f"d{n}") for n in range(250)])
    read_sources(sources, None, TODAY, lambda done, of: told.append((done, of)))
    assert told == [(100, 250), (200, 250), (250, 250)]


def test_a_folder_is_read_whole_expired_documents_too(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", a="---\nvalid_until: 2020-01-01\n---\nLong gone.", b="---\nid: [\n---\nx")
    passages, problems = read_folder(folder)
    assert [passage.text for passage in passages] == ["Long gone."]
    assert [problem.path for problem in problems] == ["b.md"]


def test_a_rule_that_changes_reads_again_what_it_is_about_and_nothing_else(index: Index, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", **{f"a{n}": f"Text {n}." for n in range(8)})
    sync_folder(index, folder)
    (folder / RULES).write_text("[[source]]\npath = 'a0.md'\naudience = 'operator'\n", "utf-8")
    assert sync_folder(index, folder) == Change(1, 1, 7)
    assert "a0" not in found(index, Filter(), "Text")
