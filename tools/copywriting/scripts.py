"""Scripts: a short video in shots, a livestream in parts, each timed by how quickly a language is spoken."""

from __future__ import annotations

from math import ceil

from knowledge.phrasing import Piece
from tools.copywriting.catalogue import Field
from tools.copywriting.material import Material

SHORTEST = 2
"""Seconds a shot lasts at least: less is not read."""
LONGEST = 9
"""Seconds a shot is spoken at most: more is not looked at."""


def hook(work: Material) -> Piece:
    """What the first seconds ask."""
    return work.line(work.chosen(work.words["hook"], "hook"), short=True)


def captions(work: Material, into: Field) -> None:
    """The hook, in a field of its own."""
    work.text(into, hook(work))


def seconds_of(work: Material, text: str) -> int:
    """Seconds a text is spoken, in whole ones."""
    return max(SHORTEST, ceil(len(text) / float(work.words["pace"])))


def shots(work: Material, into: Field) -> None:
    """The hook, what it does, its facts, where more stands: as many shots as the seconds take."""
    close, detail, use, last = (work.line(text, short=True) for text in work.words["shots"])
    first, end = hook(work), work.line(work.words["end"])
    told = [piece for piece in work.sentences if seconds_of(work, piece.text) <= LONGEST] or work.phrases
    left = work.channel.seconds - seconds_of(work, first.text) - seconds_of(work, end.text)
    middle: list[tuple[Piece, Piece]] = []
    for place, piece in enumerate(told):
        needed = seconds_of(work, piece.text)
        if needed <= left and len(middle) < (into.max_count or 9) - 2:
            middle.append(((use, detail)[place % 2], piece))
            left -= needed
    at, told_shots = 0, []
    for place, (shot, piece) in enumerate([(close, first), *middle, (last, end)]):
        lasts = seconds_of(work, piece.text)
        caption = _caption(work, into, piece)
        told_shots.append({
            "time": f"{at}–{at + lasts} s", "seconds": lasts, "shot": shot.text, "voice_over": piece.text,
            "caption": caption.text,
        })  # fmt: skip
        work.tie(into.name, place, Piece(piece.text, (*shot.facts, *piece.facts, *caption.facts)))
        at += lasts
    work.fields[into.name] = told_shots


def _caption(work: Material, into: Field, piece: Piece) -> Piece:
    """The sentence where it fits, else a phrase that a fact of it bears, else a name, else nothing."""
    near = [phrase for phrase in work.phrases if set(phrase.facts) & set(piece.facts)]
    fitting = (p for p in (piece, *near, *work.names) if into.fits(p.text) and work.judge.passes(p.text))
    return next(fitting, Piece("", ()))


def run(work: Material, into: Field) -> None:
    """A livestream from welcome to farewell, with what is said in each part and from which minute on."""
    made = work.about(("material", "origin", "care", "warranty_months", "wash_temp_c"))
    rest = [piece for piece in work.sentences if piece not in made]
    said = [
        [work.line(work.words["live_open"])], rest[:3], [work.line(work.words["live_detail"]), *rest[3:8]],
        [work.line(work.words["live_care"]), *made], [work.line(work.words["live_questions"])],
        [work.line(work.words["live_close"])],
    ]  # fmt: skip
    each = work.channel.seconds // 60 // len(said)
    told = []
    for place, (part, pieces) in enumerate(zip(work.words["parts"], said, strict=True)):
        whole = work.join(pieces) if pieces else work.line(work.words["live_detail"])
        told.append({"time": f"{place * each}–{(place + 1) * each} min", "part": part, "say": whole.text})
        work.tie(into.name, place, whole)
    work.fields[into.name] = told
