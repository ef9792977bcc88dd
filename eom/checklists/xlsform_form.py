"""A published form as records: what is read from an XForm, whatever wrote it.

Expressions stay XPath as the XForm holds them. Labels are by language; a form without translations has
one language, ``default``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MEDIA_KINDS = frozenset({"image", "audio", "video", "file"})
UNASKED_KINDS = frozenset({"note", "calculate", "metadata"})


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen: its code and its labels by language."""

    name: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Question:
    """One question (or calculated or recorded value) of a form.

    ``key`` names its answer in the stored document: the name, or the path where a name stands twice.
    ``path`` is relative to the root, as ``visit/station``; ``repeat`` the key of the nearest repeat.
    ``choices`` is empty when they come from an attached list, named in ``list_file``.
    """

    key: str
    name: str
    path: str
    kind: str
    labels: dict[str, str]
    hints: dict[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    repeat: str | None = None
    choices: tuple[Choice, ...] = ()
    list_file: str | None = None
    required: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_messages: dict[str, str] = field(default_factory=dict)
    calculation: str = ""

    @property
    def is_asked(self) -> bool:
        """True for what a person answers: not a note, not a calculation, not metadata."""
        return self.kind not in UNASKED_KINDS

    def label(self, language: str = "en") -> str:
        """The label in a language (ISO 639-1), else in the first there is, else the name."""
        return in_language(self.labels, language) or self.name


@dataclass(frozen=True)
class Group:
    """A group or repeat: its path, labels by language, and whether it repeats."""

    key: str
    path: str
    labels: dict[str, str]
    repeats: bool
    relevant: str = ""


@dataclass(frozen=True)
class PublishedForm:
    """A form as devices get it. ``xform`` are the bytes served for ever; ``media`` the files it names."""

    form_id: str
    title: str
    version: str
    xform: bytes
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]
    media: tuple[str, ...]

    def question(self, key: str) -> Question:
        """The question of a key. Raises KeyError."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)


def in_language(texts: dict[str, str], language: str) -> str:
    """The text whose language is written ``Name (xx)`` or ``xx``, else the first one, else empty."""
    for name, text in texts.items():
        if name == language or name.endswith(f"({language})"):
            return text
    return next(iter(texts.values()), "")
