"""The pledge of the Code of Conduct for International Election Observers (2005), in our own wording.

A text that someone signed is never changed: other words are another version, and this one stays here.
"""

from __future__ import annotations

import hashlib

from eom.core.i18n import lazy

VERSION = "1"

TEXTS = {
    "1": (
        lazy("I take part in this mission as an international election observer, and I pledge the following."),
        lazy("I respect the sovereignty of the host country, its laws and institutions, the human rights and "
             "freedoms of its people, and the authority of those who run the election."),
        lazy("I am impartial at all times. I show no preference for any candidate, party, side of a referendum "
             "or other contender, in word, deed, dress or anything I publish, and I take no gift or favour from "
             "anyone concerned."),
        lazy("I do not obstruct any part of the election. I may point out a problem to officials and ask "
             "questions; I give no orders and correct nothing myself."),
        lazy("I identify myself when asked, carry the identification I was given, and use it only for the mission."),
        lazy("I report what I have seen myself or can show to be true, completely and exactly, what went well as "
             "much as what did not, and I say where my information comes from."),
        lazy("I make no comment on the observation to the press or the public, and publish none, before the "
             "mission speaks, unless the head of the mission has asked me to; I keep what I learn in confidence."),
        lazy("I follow the directions of those who lead the mission, also on security, and behave with respect "
             "for everyone, in working hours and outside them."),
        lazy("I tell those who lead the mission of any conflict of interest, and of any breach of this pledge "
             "that I see. If I break it myself, my accreditation may be withdrawn and my part in the mission end."),
        lazy("I have read the Code of Conduct for International Election Observers, understood it, and keep it."),
    ),
}  # fmt: skip


def paragraphs(version: str = VERSION) -> list[str]:
    """The pledge in the reader's language."""
    return [str(each) for each in TEXTS[version]]


def rendered(version: str = VERSION) -> str:
    """The pledge as it is signed: its paragraphs with an empty line between them."""
    return "\n\n".join(paragraphs(version))


def digest(text: str) -> str:
    """The SHA-256 of a text in hex: who has the text can check that it is the one signed."""
    return hashlib.sha256(text.encode()).hexdigest()
