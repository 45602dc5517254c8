"""The command line from outside: JSON on stdout, logs on stderr, exit codes, errors that say what to do."""

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.command_line import DRAGOMAN, command, end_of, one, process, refused

ANSWER = {
    "answer", "language", "citations", "tool_calls", "cards", "actions", "handoff", "engine", "usage", "latency_ms",
}  # fmt: skip
"""What `ask --json` holds (DESIGN 6)."""


def test_help_says_where_to_start_and_what_exit_codes_mean(tmp_path: Path) -> None:
    done = process(tmp_path / "untouched", "--help")
    assert done.returncode == 0
    for part in ("dragoman ask", "DRAGOMAN_HOME", "Exit codes", "knowledge", "serve", "shop", "doctor"):
        assert part in done.stdout
    assert not (tmp_path / "untouched").exists()


@pytest.mark.parametrize("name", ["ask", "chat", "serve", "doctor", "knowledge", "shop", "handoff", "evals"])
def test_every_command_has_help(name: str, tmp_path: Path) -> None:
    done = command(tmp_path / "untouched", name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


def test_an_answer_as_json_holds_exactly_what_is_promised(module_home: Path) -> None:
    done = command(module_home, "ask", "Wie lange kann ich etwas zurückgeben?", "--locale", "de-DE", "--json")
    answer = one(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(answer) == ANSWER
    assert (answer["language"], answer["engine"], answer["handoff"], answer["actions"]) == ("de", "embedded", None, [])
    assert {"document", "title", "quote"} <= set(answer["citations"][0])
    assert [set(call) for call in answer["tool_calls"]] == [{"name", "arguments", "status"}]
    assert isinstance(answer["latency_ms"], int)


def test_an_answer_for_people_shows_text_sources_and_engine(module_home: Path) -> None:
    done = command(module_home, "ask", "How much is shipping to Germany?")
    assert done.returncode == 0
    assert "shipping-eu" in done.stdout
    assert "embedded" in done.stdout


def test_a_message_can_come_from_standard_input(module_home: Path) -> None:
    answer = one(command(module_home, "ask", "-", "--json", stdin="How much is shipping to Germany?\n"))
    assert answer["citations"]


def test_an_identified_customer_sees_an_order(module_home: Path) -> None:
    who = ("--customer", "jonas_wiechert_1596", "--json")
    answer = one(command(module_home, "ask", "Where is my order AQ-10023?", *who))
    assert ("show_order", "ok") in {(call["name"], call["status"]) for call in answer["tool_calls"]}
    assert "AQ-10023" in answer["answer"]


def test_a_named_session_continues_in_the_next_command(module_home: Path) -> None:
    named = ("--session", "kept", "--json")
    command(module_home, "ask", "How much is shipping to Germany?", *named)
    answer = one(command(module_home, "ask", "to Brazil?", *named))
    assert "shipping-brazil" in {entry["document"] for entry in answer["citations"]}


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_an_empty_message_is_wrong_usage(module_home: Path, text: str) -> None:
    refused(command(module_home, "ask", text, "--json"), 2, "empty")


def test_a_message_that_is_too_long_is_wrong_usage(module_home: Path) -> None:
    refused(command(module_home, "ask", "-", "--json", stdin="x" * 100_000), 2, "4000")


def test_an_unknown_locale_is_wrong_usage_and_names_those_served(module_home: Path) -> None:
    refused(command(module_home, "ask", "hi", "--locale", "xx-YY", "--json"), 2, "xx-YY", "pt-BR", "zh-CN")


def test_an_unknown_customer_is_wrong_usage(module_home: Path) -> None:
    refused(command(module_home, "ask", "hi", "--customer", "nobody", "--json"), 2, "nobody")


def test_an_unknown_option_is_wrong_usage(module_home: Path) -> None:
    assert command(module_home, "ask", "hi", "--nonsense").returncode == 2


def test_a_wrong_setting_is_named_in_the_error(home: Path) -> None:
    (home / "dragoman.toml").write_text('model = "gpt"\n', "utf-8")
    refused(command(home, "doctor", "--json"), 2, "model", "openai:")


def test_a_home_that_cannot_be_a_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", "utf-8")
    done = command(taken, "ask", "hi", "--json")
    assert done.returncode != 0
    assert str(taken) in one(done)["error"]["message"]


def test_a_home_that_may_not_be_written_is_a_fault(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("permissions do not bind root")
    tmp_path.chmod(0o555)
    refused(command(tmp_path / "home", "ask", "hi", "--json"), 3, "cannot be written", "DRAGOMAN_HOME")


def test_a_damaged_database_is_a_fault_that_says_what_to_do(home: Path) -> None:
    for path in home.glob("dragoman.sqlite3*"):
        path.write_bytes(b"not a database at all" * 500)
    refused(command(home, "ask", "hi", "--json"), 3, "dragoman.sqlite3", "damaged", "backup")


def test_a_damaged_index_is_built_again_and_says_so_on_stderr_only(home: Path) -> None:
    for path in (home / "index").rglob("passages.sqlite3"):
        path.write_bytes(b"not a database at all" * 500)
    done = command(home, "ask", "How much is shipping to Germany?", "--json")
    assert done.returncode == 0
    assert "building it again" in done.stderr
    assert "shipping-eu" in {entry["document"] for entry in one(done)["citations"]}


def test_doctor_finds_nothing_wrong_with_a_demo_home(module_home: Path) -> None:
    done = command(module_home, "doctor", "--json")
    checks = one(done)
    assert (done.returncode, checks["ok"]) == (0, True)
    assert {"home", "shop", "index", "model"} <= {entry["what"] for entry in checks["checks"]}


def test_doctor_says_where_a_limit_of_money_does_not_bind(home: Path) -> None:
    settings = 'model = "openai:gpt-4o-mini,openai:house-model"\nopenai_base_url = "http://127.0.0.1:9"\nday_usd = 5\n'
    (home / "dragoman.toml").write_text(settings, "utf-8")
    done = command(home, "doctor", "--json")
    assert done.returncode == 1
    (wrong,) = [check for check in one(done)["checks"] if not check["ok"]]
    assert "openai:house-model,embedded; no price is known for house-model" in wrong["found"]


def test_doctor_says_what_to_do_about_a_model_without_a_key(home: Path) -> None:
    (home / "dragoman.toml").write_text('model = "openai:some-model"\n', "utf-8")
    done = command(home, "doctor", "--json")
    assert done.returncode == 1
    assert "OPENAI_API_KEY" in done.stdout


def test_a_port_in_use_is_a_fault_that_offers_another(module_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command(module_home, "serve", "--port", str(port))
    assert (done.returncode, done.stdout) == (3, "")
    assert f"127.0.0.1:{port}" in done.stderr
    assert f"--port {port + 1}" in done.stderr


def test_search_finds_a_passage_that_can_be_found_again(module_home: Path) -> None:
    done = command(module_home, "knowledge", "search", "return postage", "-k", "2", "--json")
    found = one(done)
    assert (done.returncode, found["query"], len(found["results"])) == (0, "return postage", 2)
    assert {"document", "passage", "score", "text", "heading", "start", "end"} <= set(found["results"][0])


def test_a_product_is_found_by_its_number_in_the_shop(module_home: Path) -> None:
    found = one(command(module_home, "knowledge", "search", "AQ-H-004", "--json"))
    assert {result["document"] for result in found["results"]} == {"AQ-H-004"}


WRONG_LINES = {
    "no json": (None, "line 2 is not JSON"), '{"id": 2}': (2, 'line 2 is not {"id": ..., "query": "..."}'),
    '{"id": "a", "query": null}': ("a", "line 2 is not"), '["id", "query"]': (None, "line 2 is not"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_LINES)
def test_a_batch_is_answered_line_by_line_and_a_wrong_line_by_its_error(module_home: Path, wrong: str) -> None:
    lines = ['{"id": 1, "query": "return postage"}', wrong, '{"id": "b", "query": "Rückgabe", "locale": "de-DE"}']
    text = "\ufeff" + "\n".join(lines)
    done = command(module_home, "knowledge", "search", "--batch", "-", "-k", "2", stdin=text)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["id"] for answer in answers] == [1, WRONG_LINES[wrong][0], "b"]
    assert [set(hit) for hit in answers[0]["results"]] == [{"document", "passage", "score"}] * 2
    assert answers[1]["error"].startswith(WRONG_LINES[wrong][1])
    assert all("@de#" in hit["passage"] for hit in answers[2]["results"])


def test_half_an_emoji_in_a_batch_does_not_cost_the_lines_after_it(module_home: Path, tmp_path: Path) -> None:
    batch = tmp_path / "in.jsonl"
    batch.write_text('{"id": "\\ud83d", "query": "returns \\ud83d"}\n{"id": 2, "query": "returns"}\n', "utf-8")
    done = command(module_home, "knowledge", "search", "--batch", str(batch), "-k", "1")
    assert [len(json.loads(line)["results"]) for line in done.stdout.splitlines()] == [1, 1]


def test_a_batch_file_that_is_not_there_or_no_text_is_wrong_usage(module_home: Path, tmp_path: Path) -> None:
    (tmp_path / "excel.jsonl").write_bytes('{"id": 1, "query": "Rückgabe"}\n'.encode("cp1252"))
    for name, why in (("none.jsonl", "No such file"), ("excel.jsonl", "line 1 is not UTF-8")):
        refused(command(module_home, "knowledge", "search", "--batch", str(tmp_path / name), "--json"), 2, why)


def test_a_market_or_audience_that_is_none_is_wrong_usage(module_home: Path) -> None:
    refused(command(module_home, "knowledge", "search", "returns", "--market", "Atlantis", "--json"), 2, "ISO country")
    assert command(module_home, "knowledge", "search", "returns", "--market", "uk").returncode == 0
    done = command(module_home, "knowledge", "search", "returns", "--audience", "boss")
    assert (done.returncode, "operator" in done.stderr) == (2, True)


def test_a_broken_document_is_skipped_and_the_others_are_indexed(tmp_path: Path) -> None:
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir()
    front = "---\nid: returns\ntitle: Returns\nlocale: en\naudience: shopper\n---\n"
    (docs / "good.md").write_text(f"{front}\n# Returns\n\nYou may return a kite within 19 days.\n", "utf-8")
    (docs / "binary.md").write_bytes(b"\xff\xfe\x00bad")
    (docs / "yaml.md").write_text("---\nid: [\n---\ntext", "utf-8")
    done = command(home, "knowledge", "sync", str(docs), "--json")
    report = one(done)
    assert (done.returncode, report["added"]) == (1, 1)
    assert {problem["path"] for problem in report["problems"]} == {"binary.md", "yaml.md"}
    answer = one(command(home, "ask", "Within how many days may I return a kite?", "--json"))
    assert "19 days" in answer["answer"]
    again = command(home, "knowledge", "sync", "--json")
    assert (one(again)["added"], one(again)["kept"]) == (0, 1)


def test_a_folder_that_is_not_there_is_wrong_usage_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    refused(command(home, "knowledge", "sync", str(tmp_path / "none"), "--json"), 2, "no folder")
    (tmp_path / "page.md").write_text("Text.", "utf-8")
    refused(command(home, "knowledge", "sync", str(tmp_path / "page.md"), "--json"), 2, "name the folder")
    (tmp_path / "sources.toml").write_text("[[source", "utf-8")
    refused(command(home, "knowledge", "sync", str(tmp_path), "--json"), 2, "not valid TOML")
    assert command(home, "shop", "show", "AQ-10023", "--json").returncode == 0


def test_documents_that_can_no_longer_be_listed_leave_search_and_check_at_work(tmp_path: Path) -> None:
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir()
    (docs / "a.md").write_text("# Kites\n\nYou may return a kite within 19 days.\n", "utf-8")
    assert command(home, "knowledge", "sync", str(docs)).returncode == 0
    (docs / "sources.toml").write_text("[[source", "utf-8")
    for why in ("correct it in", "no such folder"):
        done = command(home, "knowledge", "check", "--json")
        assert ("findings" in one(done), why in done.stderr, "Traceback" in done.stderr) == (True, True, False)
        assert command(home, "knowledge", "search", "return a kite").returncode == 0
        refused(command(home, "knowledge", "sync", "--json"), 2, why)
        shutil.rmtree(docs, ignore_errors=True)
    shutil.rmtree(home / "index")
    refused(command(home, "knowledge", "search", "return a kite", "--json"), 3, "name the documents' folder")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ('{"products": {"p": {"name": 1}}}', "product p"),
        ('{"orders": [1, 2]}', "order_id"),
        ('{"products": ', "line 1"),
        ('{"things": {}}', "none of"),
        ("\udcff", "UTF-8"),
    ],
)
def test_a_broken_export_is_refused_and_changes_nothing(home: Path, tmp_path: Path, content: str, part: str) -> None:
    export = tmp_path / "shop.json"
    export.write_bytes(content.encode("utf-8", "surrogateescape"))
    refused(command(home, "shop", "import", str(export), "--format", "json", "--json"), 2, "Nothing was imported", part)
    assert one(command(home, "shop", "show", "AQ-10023", "--json"))["order_id"] == "AQ-10023"


def test_an_export_replaces_the_demo_shop_whole(home: Path, tmp_path: Path) -> None:
    export = tmp_path / "shop.json"
    kite = {"name": "Red kite", "summary": "A kite for windy days.", "price": 12.5, "stock": 3}
    order = {"user_id": "u1", "status": "pending", "gift_note": "Hello"}
    export.write_text(json.dumps({"products": {"K1": kite}, "users": {"u1": {}}, "orders": {"#W1": order}}), "utf-8")
    done = command(home, "shop", "import", str(export), "--format", "json", "--json")
    assert done.returncode == 0
    counts = one(done)
    assert (counts["products"], counts["customers"], counts["orders"]) == (1, 1, 1)
    assert command(home, "shop", "show", "AQ-10023", "--json").returncode == 1
    assert one(command(home, "shop", "show", "W1", "--json"))["status"] == "pending"


def test_a_shopper_who_asked_for_a_person_is_listed_as_waiting(home: Path) -> None:
    answer = one(command(home, "ask", "I want to talk to a person", "--session", "waits", "--json"))
    waiting = one(command(home, "handoff", "list", "--json"))["waiting"]
    assert [entry["id"] for entry in waiting] == [answer["handoff"]["reference"]]


def test_an_empty_home_is_filled_with_the_demo_and_says_so_on_stderr(tmp_path: Path) -> None:
    done = process(tmp_path / "new", "ask", "How much is shipping to Germany?", "--json")
    assert done.returncode == 0
    assert "demo shop" in done.stderr
    assert one(done)["citations"]


def test_where_a_served_model_fails_the_embedded_one_answers_and_the_key_is_not_shown(home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    settings = f'model = "openai:m"\nopenai_base_url = "{address}"\nopenai_api_key = "sk-never-shown"\n'
    (home / "dragoman.toml").write_text(settings, "utf-8")
    done = command(home, "ask", "hi", "--json")
    assert done.returncode == 0
    assert one(done)["engine"] == "embedded"
    assert "sk-never-shown" not in done.stdout + done.stderr


def test_a_turn_that_fails_ends_with_three_and_in_words(home: Path) -> None:
    with contextlib.closing(sqlite3.connect(home / "dragoman.sqlite3")) as database:
        database.execute("create trigger full before insert on sessions begin select raise(abort, 'disk full'); end")
    done = end_of(home, "ask", "hi", "--json")
    assert done.returncode == 3
    answer = one(done)
    assert set(answer) == ANSWER | {"error"}
    assert answer["error"]["code"] == "fault"
    assert "disk full" not in done.stdout
    assert "Traceback" not in done.stdout
    assert "Traceback" not in done.stdout


def test_a_reader_that_goes_away_ends_it_quietly(module_home: Path) -> None:
    """As in `dragoman ask ... | head -1`."""
    ours, theirs = os.pipe()
    os.close(ours)
    held = {**os.environ, "DRAGOMAN_HOME": str(module_home)}
    words = [DRAGOMAN, "ask", "How much is shipping to Germany?"]
    done = subprocess.run(words, env=held, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    assert done.stderr == ""
