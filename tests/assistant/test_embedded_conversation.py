"""Whole conversations with the embedded model, over the demo shop."""

import asyncio
from itertools import count
from pathlib import Path

import pytest

from assistant import events
from assistant.conversation import Assistant
from assistant.embedded.compose import SMALL
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman, open_dragoman
from integrations.cli.ask import collect
from integrations.settings import Settings
from tests.assistant.talking import answer, cited
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(language: str = "en", market: str = "DE", **more: str) -> Session:
    return Session(id=f"talk-{next(NAMES)}", language=language, market=market, **more)  # type: ignore[arg-type]


async def ask(assistant: Assistant, text: str, speaker: Session) -> list[events.Event]:
    return [event async for event in assistant.reply(text, speaker)]


async def talk(shop: Dragoman, speaker: Session, *texts: str) -> list[events.Event]:
    """The events of the last of some messages."""
    assistant = await shop.assistant()
    said: list[events.Event] = []
    for text in texts:
        said = await ask(assistant, text, speaker)
    return said


def shown(said: list[events.Event]) -> set[str]:
    return {card["product_id"] for event in said if isinstance(event, events.Cards) for card in event.entries}


def tools(said: list[events.Event]) -> list[tuple[str, str]]:
    return [(event.name, event.status) for event in said if isinstance(event, events.StepDone)]


@pytest.mark.parametrize(
    ("language", "market", "text", "figure"),
    [
        ("de", "DE", "Wie viele Tage habe ich Zeit, um etwas zurückzugeben?", "30"),
        ("ja", "JP", "届いてから返品できる期間は何日間ですか？", "30"),
        ("ar", "SA", "ما هي مدة الإرجاع؟", "30"),
    ],
)
async def test_a_policy_question_is_answered_in_its_language_with_its_source(
    shop: Dragoman, language: str, market: str, text: str, figure: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert figure in answer(said)
    assert "[1]" in answer(said)
    assert cited(said) & {"returns", "eu-withdrawal"}
    assert isinstance(said[-1], events.Finished)
    assert (said[-1].language, said[-1].engine) == (language, "embedded")


async def test_a_quote_stands_in_the_answer_as_the_source_has_it(shop: Dragoman) -> None:
    said = await talk(shop, session(), "How long do I have to return something?")
    quotes = [e.quote for event in said if isinstance(event, events.Citations) for e in event.entries]
    assert any(quote.split("\n")[0][:60] in answer(said) for quote in quotes)


async def test_the_language_of_the_message_wins_over_that_of_the_session(shop: Dragoman) -> None:
    said = await talk(shop, session("en"), "Wie lange habe ich Zeit, um meine Bestellung zurückzuschicken?")
    assert isinstance(said[-1], events.Finished)
    assert said[-1].language == "de"


async def test_a_product_is_found_within_the_limits_of_the_message(shop: Dragoman) -> None:
    said = await talk(shop, session(), "a feeder under 80 euros that works without wifi")
    cards = [card for event in said if isinstance(event, events.Cards) for card in event.entries]
    assert "AQ-P-001" in {card["product_id"] for card in cards}
    assert all(float(card["price"]) <= 80 and card["facts"]["wifi"] is False for card in cards)
    assert "€79.00" in answer(said)


async def test_that_one_is_the_product_shown_before(shop: Dragoman) -> None:
    asked = ("a feeder under 80 euros that works without wifi", "and how much is that one?")
    said = await talk(shop, session(), *asked)
    assert "€79.00" in answer(said)
    assert shown(said) == {"AQ-P-001"}


@pytest.mark.parametrize(
    ("text", "sure"),
    [("does the drone have a camera", False), ("does the toothbrush need an app?", True)],
)
async def test_an_answer_about_a_product_nobody_named_says_so(shop: Dragoman, text: str, sure: bool) -> None:
    said = answer(await talk(shop, session(), text))
    assert said.startswith("I am not sure which product you mean.") is not sure


async def test_a_follow_up_means_the_product_shown_before(shop: Dragoman) -> None:
    said = answer(await talk(shop, session(), "does the Murmuro need an app?", "is it waterproof?"))
    assert "Murmuro" in said
    assert "not sure" not in said


async def test_what_is_asked_of_the_first_shown_is_asked_of_no_policy(shop: Dragoman) -> None:
    speaker = session("fr", "FR")
    said = answer(await talk(shop, speaker, "je cherche un harnais pour chien", "le premier, il est en stock ?"))
    assert "Trailtether" in said


async def test_where_countries_differ_and_none_is_known_it_is_asked_for(shop: Dragoman) -> None:
    said = answer(await talk(shop, session(market=""), "How long does delivery take?"))
    assert "Delivery time from dispatch" in said
    assert said.rstrip().endswith("Tell me yours, and I look it up.")
    known = answer(await talk(shop, session(market="US"), "How long does delivery take?"))
    assert "Tell me yours" not in known


async def test_letters_without_sense_are_no_curse(shop: Dragoman) -> None:
    said = answer(await talk(shop, session(), "asdfgh"))
    assert said.startswith("That is outside what I can help with here.")


async def test_a_country_alone_continues_the_question_before(shop: Dragoman) -> None:
    said = await talk(shop, session(), "How much is shipping to Germany?", "to Brazil?")
    assert "shipping-brazil" in cited(said)
    assert "BRL" in answer(said)


async def test_two_questions_in_one_message_get_two_answers(shop: Dragoman) -> None:
    said = await talk(shop, session(), "How long do I have to return something, and do you ship to Japan?")
    assert [name for name, _ in tools(said)].count("search_policies") == 2
    assert {"returns", "shipping-japan"} <= cited(said)


async def test_thanks_are_answered_without_a_tool(shop: Dragoman) -> None:
    said = await talk(shop, session(), "thank you!")
    assert tools(said) == []
    assert answer(said) == SMALL["thanks"]


async def test_what_the_shop_cannot_know_is_refused_without_a_source(shop: Dragoman) -> None:
    said = await talk(shop, session(), "Who won the football world cup in 1998?")
    assert "outside what I can help with" in answer(said)
    assert "France" not in answer(said)
    assert (cited(said), shown(said)) == (set(), set())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I want to talk to a person"),
        ("de", "Ich möchte mit einem Menschen sprechen"),
        ("ja", "担当者と話したいです"),
    ],
)
async def test_a_person_is_called_when_one_is_asked_for(shop: Dragoman, language: str, text: str) -> None:
    speaker = session(language)
    said = await talk(shop, speaker, text)
    handed = [event for event in said if isinstance(event, events.HandedOver)]
    assert [event.reference in answer(said) for event in handed] == [True]
    assert [h.id for h in await shop.sessions.handoffs.waiting() if h.session_id == speaker.id] == [handed[0].reference]


async def test_asking_for_a_person_twice_keeps_the_place_in_line(shop: Dragoman) -> None:
    speaker = session()
    references = []
    for _ in range(2):
        said = await talk(shop, speaker, "I want to talk to a person")
        references += [event.reference for event in said if isinstance(event, events.HandedOver)]
    assert len(references) == 2
    assert len(set(references)) == 1


@pytest.mark.parametrize("question", [
    "I want to return an item from order AQ-10023", "Ich möchte etwas aus der Bestellung AQ-10023 zurückgeben",
    "注文AQ-10023の商品を返品したいです",
])  # fmt: skip
async def test_one_answer_asks_for_a_proof_once(shop: Dragoman, question: str) -> None:
    said = await talk(shop, session(), question)
    assert [event.order_id for event in said if isinstance(event, events.Identify)] == ["AQ-10023"]


async def test_an_order_is_not_shown_before_identity_is_proved(shop: Dragoman) -> None:
    said = await talk(shop, session(), "Where is my order AQ-10023?")
    assert [event.missing for event in said if isinstance(event, events.Identify)] == [("email_or_postcode",)]
    assert not [event for event in said if isinstance(event, events.OrderShown)]
    assert "Hamburg" not in answer(said)


async def test_a_postcode_sent_alone_opens_the_order_asked_about(shop: Dragoman) -> None:
    said = await talk(shop, session(), "Where is my order AQ-10023?", "20357")
    assert [e.order["order_id"] for e in said if isinstance(e, events.OrderShown)] == ["AQ-10023"]
    assert "AQ-10023" in answer(said)


async def test_a_wrong_postcode_opens_nothing_and_tells_nothing(shop: Dragoman) -> None:
    answers = []
    for order in ("AQ-10098", "AQ-99999"):
        said = await talk(shop, session(), f"Where is {order}?", "11111")
        assert not [event for event in said if isinstance(event, events.OrderShown)]
        answers.append(answer(said).replace(order, "ORDER"))
    assert answers[0] == answers[1]


async def test_a_signed_in_customer_sees_an_own_order_and_no_other(shop: Dragoman) -> None:
    speaker = session(customer_id="jonas_wiechert_1596")
    own = await talk(shop, speaker, "Where is my order AQ-10098?")
    other = await talk(shop, speaker, "Where is my order AQ-10001?")
    assert [e.order["order_id"] for e in own if isinstance(e, events.OrderShown)] == ["AQ-10098"]
    assert not [event for event in other if isinstance(event, events.OrderShown)]


async def test_events_come_in_order(shop: Dragoman) -> None:
    said = await talk(shop, session(), "How much is shipping to Germany?")
    kinds = [type(event) for event in said]
    steps = [event.call_id for event in said if isinstance(event, events.Step)]
    assert sorted(steps) == sorted(event.call_id for event in said if isinstance(event, events.StepDone))
    assert kinds.index(events.StepDone) < kinds.index(events.Sentence) < kinds.index(events.Citations)
    assert kinds[0] is events.Step
    assert kinds[-1] is events.Finished
    assert kinds.count(events.Finished) == 1


@pytest.mark.parametrize(
    ("language", "message", "part"),
    [("en", "", "any text"), ("de", "x" * 5000, "zu lang"), ("en", "\x00\x01\x02", "could not read")],
)
async def test_a_message_that_cannot_be_read_is_refused_in_words(
    shop: Dragoman, language: str, message: str, part: str
) -> None:
    said = await talk(shop, session(language), message)
    assert [type(event) for event in said] == [events.Sentence, events.Finished]
    assert part in answer(said)


async def test_one_turn_at_a_time_in_a_session(shop: Dragoman) -> None:
    assistant, speaker = await shop.assistant(), session()
    log: list[str] = []

    async def run(name: str, text: str) -> None:
        async for _ in assistant.reply(text, speaker):
            log.append(name)  # noqa: PERF401  (as they come: the order of the two turns is what is asked)

    await asyncio.gather(run("first", "How much is shipping to Germany?"), run("second", "to Brazil?"))
    assert log == sorted(log)
    assert {"first", "second"} == set(log)


async def test_sessions_do_not_hear_each_other(shop: Dragoman) -> None:
    await talk(shop, session(), "a feeder under 80 euros that works without wifi")
    said = await talk(shop, session(), "and how much is that one?")
    assert "€79.00" not in answer(said)


async def test_a_conversation_survives_reopening_the_home(home: Path) -> None:
    speaker = session()
    for texts in (("How much is shipping to Germany?",), ("to Brazil?",)):
        async with open_dragoman(Settings(home=home)) as opened:
            said = await talk(opened, speaker, *texts)
    assert "shipping-brazil" in cited(said)


async def test_an_opened_order_stays_open_after_reopening_the_home(home: Path) -> None:
    speaker = session()
    async with open_dragoman(Settings(home=home)) as opened:
        await talk(opened, speaker, "Where is my order AQ-10023?", "20357")
    async with open_dragoman(Settings(home=home)) as opened:
        kept = await opened.sessions.find(speaker.id)
        assert kept is not None
        said = await talk(opened, kept, "Where is AQ-10023?")
    assert [e.order["order_id"] for e in said if isinstance(e, events.OrderShown)] == ["AQ-10023"]


async def test_thanks_are_worded_in_the_language_of_the_session(shop: Dragoman) -> None:
    said = await talk(shop, session("ar", "SA"), "شكرا جزيلا لك")
    assert answer(said) == Words("ar").say(SMALL["thanks"])


async def test_a_language_that_is_not_served_is_told_which_are(shop: Dragoman) -> None:
    session = Session(id="italian", language="de", market="DE")
    answer = await collect(await shop.assistant(), "Quanto costa la spedizione in Germania, per favore?", session)
    assert answer["language"] == "de"
    assert answer["answer"].startswith("Ich kann in diesen Sprachen antworten: ")
    assert "日本語" in answer["answer"].splitlines()[0]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("Dov'è il mio pacco e quando arriva?", "Quanto costa la spedizione in Italia?")),
        ("de", ("Gdzie jest moja paczka i kiedy przyjdzie?", "Ile kosztuje wysyłka do Polski?")),
        ("fr", ("Kargom nerede ve ne zaman gelecek?", "Türkiye'ye kargo ücreti ne kadar acaba?")),
        ("pt-BR", ("Wanneer komt mijn pakket eindelijk aan?", "Hoeveel kost verzending naar Nederland?")),
    ],
)
async def test_which_languages_there_are_is_said_once(shop: Dragoman, language: str, texts: tuple[str, ...]) -> None:
    speaker = session(language)
    first, then = [answer(await talk(shop, speaker, text)) for text in texts]
    assert "Bahasa Indonesia" in first
    assert "Bahasa Indonesia" not in then


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Where is AQ-99999?", "There is no order AQ-99999 in this shop."),
        ("de", "Wo ist AQ-99999?", "Die Bestellung AQ-99999 gibt es in diesem Shop nicht."),
        ("ja", "AQ-99999 はどこですか？", "このショップにご注文 AQ-99999 はありません。"),
        ("en", "Where is the order?", "Which order is it about?"),
    ],
)
async def test_staff_is_told_what_there_is_and_never_asked_to_prove_who_they_are(
    shop: Dragoman, language: str, text: str, said: str
) -> None:
    events_of = await talk(shop, session(language, role="operator"), text)
    assert answer(events_of) == said
