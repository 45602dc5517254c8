"""A handoff in the support channel: what is shown, who may do what, what the shopper reads."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.slack.desk import Desk, until, until_so

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_handoff_is_posted_once_with_its_summary_and_nothing_personal(desk: Desk) -> None:
    headers = await desk.shopper()
    await desk.write(headers, "Where is my order AQ-10095? My e-mail is fahada86@example.org!!")
    reference = await desk.wants_person(headers, "my e-mail is fahada86@example.org")
    card = await desk.card(reference)
    await until_so(lambda: "AQ-10095" in json.dumps(card))
    shown = json.dumps(card)
    assert "many exclamation marks" in shown
    assert "fahada86" not in shown
    assert "show_order" in shown or "identify_customer" in shown
    await asyncio.sleep(0.3)
    assert sum(reference in json.dumps(one["blocks"]) for one in desk.slack.messages["CSUP"]) == 1


async def test_two_who_claim_at_once_do_not_both_have_it(desk: Desk) -> None:
    headers = await desk.shopper()
    reference = await desk.wants_person(headers)
    ts = (await desk.card(reference))["ts"]
    before = len(desk.slack.whispers)
    await asyncio.gather(*(desk.sender.click(user, "claim", reference, "CSUP", ts) for user in ("U1", "U2", "U3")))
    await desk.settled()
    told = [one["text"] for one in desk.slack.whispers[before:]]
    assert sum(text.startswith("You have it") for text in told) == 1
    assert sum("has it." in text and "claimed" in text for text in told) == 2
    assert (await desk.reads(headers)).count('"status":"claimed"') >= 1


async def test_both_sides_read_each_other_and_notes_stay_inside(desk: Desk) -> None:
    headers, reference, ts = await desk.claimed("U1")
    await desk.write(headers, "My parcel is late, call me on +49 170 1234567")
    await until_so(lambda: "parcel is late" in desk.slack.texts("CSUP"))
    line = next(one for one in desk.slack.thread("CSUP", ts) if "parcel is late" in json.dumps(one))
    assert "1234567" not in json.dumps(line)
    unmask = next(b for b in line["blocks"][-1]["elements"] if b["action_id"] == "unmask")
    await desk.sender.click("U2", "unmask", unmask["value"], "CSUP", line["ts"], ts)
    await desk.sender.click("U9", "unmask", unmask["value"], "CSUP", line["ts"], ts)
    await desk.settled()
    shown = {one["user"]: json.dumps(one["blocks"]) for one in desk.slack.whispers[-2:]}
    assert "1234567" in shown["U2"]
    assert "1234567" not in shown.get("U9", "")
    await desk.sender.say("CSUP", "U1", "this one is difficult, careful", thread_ts=ts)
    sent = await desk.sender.say("CSUP", "U1", "&gt; I am looking into it &amp; write again.", thread_ts=ts)
    await desk.settled()
    read = await desk.reads(headers)
    assert "I am looking into it & write again." in read
    assert "difficult" not in read
    assert ("CSUP", sent, "white_check_mark") in desk.slack.reactions
    await desk.sender.edit("CSUP", "U1", sent, "&gt; I am looking into it &amp; write again.", "&gt; Tomorrow.", ts)
    await desk.settled()
    assert '"edited":true' in (await desk.reads(headers))
    await desk.sender.delete("CSUP", "U1", sent, "&gt; Tomorrow.", ts)
    await desk.settled()
    history = (await desk.client.get("/v1/history", headers=headers)).json()
    assert "Tomorrow." not in json.dumps(history)


async def test_live_mode_sends_what_its_claimer_writes_until_it_ends(desk: Desk) -> None:
    headers, reference, ts = await desk.claimed("U2")
    await desk.sender.click("U1", "live", reference, "CSUP", ts)
    await desk.sender.click("U2", "live", reference, "CSUP", ts)
    await desk.settled()
    await desk.sender.say("CSUP", "U2", "Hello, Tom here.", thread_ts=ts)
    noted = await desk.sender.say("CSUP", "U2", "note: she is angry", thread_ts=ts)
    await desk.sender.say("CSUP", "U1", "Tom, be nice", thread_ts=ts)
    await desk.settled()
    await desk.sender.click("U2", "give_back", reference, "CSUP", ts)
    await desk.settled()
    await desk.sender.say("CSUP", "U2", "that was hard", thread_ts=ts)
    await desk.settled()
    read = await desk.reads(headers)
    assert "Hello, Tom here." in read
    assert [word for word in ("angry", "be nice", "that was hard") if word in read] == []
    assert ("CSUP", noted, "lock") in desk.slack.reactions
    assert '"status":"returned"' in read
    assert "person" not in (await desk.write(headers, "Do you ship to Japan?")).split("RUN_FINISHED")[0][-200:]


async def test_the_reply_modal_sends_and_shows_it_in_the_thread(desk: Desk) -> None:
    headers, reference, ts = await desk.claimed("U1")
    await desk.sender.click("U2", "reply", reference, "CSUP", ts)
    await desk.settled()
    assert "claimed" in desk.slack.whispers[-1]["text"]
    await desk.sender.click("U1", "reply", reference, "CSUP", ts)
    await desk.settled()
    view = desk.slack.views[-1]
    assert (await desk.sender.submit("U1", view, text="  ")).json()["response_action"] == "errors"
    await desk.sender.submit("U1", view, text="It left on Monday.")
    await desk.settled()
    assert "It left on Monday." in await desk.reads(headers)
    assert "It left on Monday." in json.dumps(desk.slack.thread("CSUP", ts))


async def test_a_draft_is_offered_with_sources_and_sent_only_by_the_claimer(desk: Desk) -> None:
    headers, reference, ts = await desk.claimed("U1")
    await desk.write(headers, "How long does delivery to Germany take?")
    await until_so(lambda: "delivery to Germany" in json.dumps(desk.slack.thread("CSUP", ts)))
    line = next(one for one in desk.slack.thread("CSUP", ts) if "delivery to Germany" in json.dumps(one))
    draft = next(b for b in line["blocks"][-1]["elements"] if b["action_id"] == "draft")
    await desk.sender.click("U1", "draft", draft["value"], "CSUP", line["ts"], ts)
    await desk.settled()
    whisper = desk.slack.whispers[-1]
    assert "[1]" in json.dumps(whisper["blocks"])
    key = whisper["blocks"][-1]["elements"][0]["value"]
    assert "days" not in (await desk.reads(headers)).split('"claimed"')[-1].split("delivery to Germany")[-1]
    await desk.sender.click("U2", "draft_edit", key, "CSUP", "1.1", ts)
    await desk.sender.click("U1", "draft_edit", key, "CSUP", "1.1", ts)
    await desk.settled()
    assert desk.slack.views[-1]["blocks"][0]["element"]["initial_value"].strip()
    await desk.sender.submit("U1", desk.slack.views[-1], text="Three to five days, Mia.")
    await desk.settled()
    assert "Three to five days, Mia." in await desk.reads(headers)


async def test_each_side_sees_that_the_other_is_writing(desk: Desk) -> None:
    headers, reference, ts = await desk.claimed("U1")
    await desk.client.post("/v1/typing", headers=headers, json={"typing": True})
    await until_so(lambda: (ts, "The shopper is writing…") in desk.slack.statuses)
    await desk.client.post("/v1/typing", headers=headers, json={"typing": False})
    await until_so(lambda: (ts, "") in desk.slack.statuses)
    assert '"code":"typing"' not in await desk.reads(headers)
    await desk.sender.click("U1", "reply", reference, "CSUP", ts)
    await desk.settled()
    assert '"code":"typing"' in await desk.reads(headers)


async def test_put_aside_and_resolved(desk: Desk) -> None:
    headers, reference, ts = await desk.claimed("U3")
    await desk.sender.click("U3", "snooze", f"{reference}:30", "CSUP", ts)
    await desk.settled()
    await until_so(lambda: "Put aside until" in json.dumps(desk.slack.messages["CSUP"]))
    thread = await desk.channel.web.records.thread_of(reference)
    assert thread is not None
    from dataclasses import replace

    past = {**thread.state, "until": "2020-01-01T00:00:00+00:00"}
    await desk.channel.web.records.keep_thread(replace(thread, state=past))
    await until_so(lambda: "waits for you again" in json.dumps(desk.slack.thread("CSUP", ts)))
    await desk.sender.click("U3", "resolve", reference, "CSUP", ts)
    await desk.settled()
    await until_so(lambda: f"{reference}: resolved" in desk.slack.texts("CSUP"))
    assert '"status":"resolved"' in await desk.reads(headers)


async def test_a_conversation_taken_over_elsewhere_is_shown_too(desk: Desk) -> None:
    from integrations.cli.handoff import desk_of

    headers = await desk.shopper()
    reference = await desk.wants_person(headers)
    ts = (await desk.card(reference))["ts"]
    await desk_of(desk.dragoman).claim(reference, "Carla")
    await desk_of(desk.dragoman).say(reference, "Carla", "Carla from the terminal.")
    await until_so(lambda: "Carla from the terminal." in json.dumps(desk.slack.thread("CSUP", ts)))
    await until_so(lambda: "Carla has it" in desk.slack.texts("CSUP"))

    async def once() -> bool:
        return (await desk.reads(headers)).count("Carla from the terminal.") >= 1

    await until(once)


async def test_lost_answers_of_slack_double_nothing(desk: Desk) -> None:
    desk.slack.faults.lost, desk.slack.faults.failed, desk.slack.faults.limited = 0.2, 0.1, 0.05
    headers, reference, ts = await desk.claimed("U1")
    for number in range(8):
        await desk.write(headers, f"line number {number} of mine")
    await until_so(lambda: "line number 7" in json.dumps(desk.slack.thread("CSUP", ts)), 60)
    desk.slack.faults.lost = desk.slack.faults.failed = desk.slack.faults.limited = 0.0
    lines = [json.dumps(one["blocks"]) for one in desk.slack.thread("CSUP", ts)]
    assert [sum(f"line number {n} of mine" in line for line in lines) for n in range(8)] == [1] * 8
    order = [n for line in lines for n in range(8) if f"line number {n} of mine" in line]
    assert order == sorted(order)


async def test_a_number_hidden_in_the_shoppers_words_is_hidden_in_what_was_tried(desk: Desk) -> None:
    headers = await desk.shopper(locale="de-DE")
    await desk.write(headers, "Wo ist meine Bestellung? Rufen Sie +49 151 91746283 an")
    await desk.write(headers, "Wo ist AQ-10098?")
    reference = await desk.wants_person(headers)

    async def is_summed_up() -> bool:  # a moment after the handoff
        return "Tried" in json.dumps(await desk.card(reference))

    await until(is_summed_up)
    told = json.dumps(await desk.card(reference))
    assert "AQ-10098" in told
    assert "91746283" not in told
