"""How the fields of ads, mails, stories and posts are filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from knowledge.phrasing import Piece
from tools.copywriting.catalogue import Field
from tools.copywriting.material import Material
from tools.copywriting.scripts import captions, hook, run, shots

Fill = Callable[[Material, Field], None]


def heads(work: Material, into: Field) -> None:
    """Headlines: names, phrases, calls; each stands by itself in any order."""
    words = [work.line(text, short=True) for text in (*work.words["cta"], *work.words["hook"], work.words["look"])]
    work.entries(into, [*work.names, *work.phrases, *words])


def lines(work: Material, into: Field) -> None:
    """Descriptions: sentences that fit whole, then phrases joined, then a line that claims nothing."""
    words = [work.line(text, short=True) for text in (work.words["look"], work.words["end"])]
    work.entries(into, [*work.sentences, *_joined(work, into), *words])


def _joined(work: Material, into: Field) -> Iterator[Piece]:
    held: list[Piece] = []
    for piece in work.phrases:
        if held and not into.fits(_together(work, [*held, piece]).text):
            yield _together(work, held)
            held = []
        held.append(piece)
    if held:
        yield _together(work, held)


def _together(work: Material, pieces: list[Piece]) -> Piece:
    between = work.phrasing.words["between"]
    return Piece(between.join(p.text for p in pieces), tuple(fact for p in pieces for fact in p.facts))


def paths(work: Material, into: Field) -> None:
    """What the shown address ends in: the brand and the product's line."""
    brand = work.facts.get("brand")
    held = [Piece(str(brand.value).lower(), (brand.id,))] if brand else []
    line = work.names[-1]
    work.entries(into, [p for p in (*held, Piece(line.text.lower(), line.facts)) if " " not in p.text])


def head(work: Material, into: Field) -> None:
    """The fullest name that fits, else a phrase."""
    fitting = (p for p in (*work.names, *work.phrases) if into.fits(p.text) and work.judge.passes(p.text))
    work.text(into, next(fitting, None))


def line(work: Material, into: Field) -> None:
    """The most telling phrase or sentence that fits."""
    fitting = (piece for piece in (*work.phrases, *work.sentences) if into.fits(piece.text))
    work.text(into, next(fitting, None))


def body(work: Material, into: Field) -> None:
    """As many sentences as fit, else phrases, else a line that claims nothing."""
    held: list[Piece] = []
    for piece in work.sentences:
        if into.fits(work.join([*held, piece]).text):
            held.append(piece)
    rest = [*_joined(work, into), *(work.line(text, short=True) for text in (work.words["look"], work.words["end"]))]
    work.text(into, work.join(held) if held else next((p for p in rest if into.fits(p.text)), None))


def cta(work: Material, into: Field) -> None:
    """What a button says."""
    work.text(into, next((p for t in work.words["cta"] if into.fits((p := work.line(t)).text)), None))


def mail_subject(work: Material, into: Field) -> None:
    """The subject of a flow's mail."""
    _of_mail(work, into, 0)


def mail_preheader(work: Material, into: Field) -> None:
    """What stands behind the subject in a list of mails."""
    _of_mail(work, into, 1)


def _of_mail(work: Material, into: Field, place: int) -> None:
    template = work.words[work.channel_name][place]
    ways = [work.line(template), work.line(template, short=True)]
    work.text(into, next((piece for piece in ways if into.fits(piece.text)), None))


def mail_body(work: Material, into: Field) -> None:
    """Opening, what the flow is about, closing. After a purchase care and warnings come before all else."""
    own = work.words[work.channel_name]
    told = work.sentences
    if work.channel_name == "post_purchase":
        useful = [*work.about(("care", "warnings", "wash_temp_c")), *(_asked(q, a) for q, a in work.questions)]
        told = [*useful, *(piece for piece in told if piece not in useful)]
    middle = told[:4] if work.channel_name != "win_back" else told[:2]
    work.entries(into, [work.line(own[2]), *middle, work.line(own[3])])


def _asked(question: Piece, answer: Piece) -> Piece:
    return Piece(f"{question.text} {answer.text}", answer.facts)


def story_head(work: Material, into: Field) -> None:
    """The story's headline."""
    ways = [work.line(work.words["story"][0]), work.line(work.words["story"][0], short=True)]
    work.text(into, next((piece for piece in ways if into.fits(piece.text)), None))


def story_body(work: Material, into: Field) -> None:
    """What it is, what it is made of and where, how it lasts; and that no more is said."""
    opening, closing = (work.line(text) for text in work.words["story"][1:])
    made = work.about(("material", "origin"))
    lasting = work.about(("care", "warranty_months"))
    first = [piece for piece in work.sentences if piece not in (*made, *lasting)][:3]
    work.entries(into, [opening, *first, *made, *lasting, closing])


def post_titles(work: Material, into: Field) -> None:
    """A title a post."""
    calls = [work.line(text, short=True) for text in (*work.words["hook"], *work.words["cta"])]
    work.entries(into, [*calls[:2], work.names[-1], *calls[2:]])


def posts(work: Material, into: Field) -> None:
    """Posts that follow one another: who it is, its facts, a question with its answer, where all of it stands."""
    opening, facts, asked = (work.line(text) for text in work.words["posts"])
    spoken = work.channel.shape == "question"
    first = hook(work) if spoken else opening
    series = [_post(work, into, first, work.sentences[:2]), _post(work, into, facts, work.phrases[:6])]
    if work.questions:
        question, answer = work.questions[0]
        series.append(_post(work, into, asked, [question, answer]))
    series.append(_post(work, into, work.line(work.words["end"]), work.sentences[2:4]))
    work.entries(into, series)


def _post(work: Material, into: Field, first: Piece, rest: list[Piece]) -> Piece:
    mark = {"list": "\n・", "lines": "\n", "question": "\n"}.get(
        work.channel.shape, work.phrasing.words["space"] or "\n"
    )
    text, facts = first.text, first.facts
    for piece in rest:
        longer = f"{text}{mark}{piece.text}"
        if into.fits(longer):
            text, facts = longer, (*facts, *piece.facts)
    return Piece(text, tuple(dict.fromkeys(facts)))


def asked(work: Material, into: Field) -> None:
    """Answers to what is likely to be asked: from facts, and where price, delivery and returns are told."""
    held = [(q, a) for q, a in work.questions]
    held += [(work.line(q), work.line(a)) for q, a in work.words["asked"]]
    kept = held[: into.max_count or None]
    work.fields[into.name] = [{"question": q.text, "answer": a.text} for q, a in kept]
    for place, (question, answer) in enumerate(kept):
        facts = tuple(dict.fromkeys((*question.facts, *answer.facts)))
        work.tie(into.name, place, Piece(answer.text, facts))


FILLS: dict[str, Fill] = {
    "heads": heads, "lines": lines, "paths": paths, "head": head, "line": line, "body": body, "cta": cta,
    "mail_subject": mail_subject, "mail_preheader": mail_preheader, "mail_body": mail_body, "story_head": story_head,
    "story_body": story_body, "post_titles": post_titles, "posts": posts, "questions": asked,
    "hook": captions, "shots": shots, "run": run,
}  # fmt: skip
"""Every way a field may be filled, by the word kinds use."""
