"""What changed between two versions of a form, question by question, in words.

Expressions are told as their author wrote them: a question stands as ``${name}`` where the XForm has its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eom.checklists.xlsform_details import Detail, Details, GroupDetail, details_of
from eom.checklists.xlsform_form import Choice, PublishedForm, Question
from eom.core.i18n import lazy

# Attributes that are expressions, and what they are called.
_RULES = {
    "relevant": lazy("Asked when"),
    "constraint": lazy("Accepted when"),
    "required": lazy("Needed"),
    "calculation": lazy("Calculated as"),
}
# What an author writes beside the question.
_DETAILS = {
    "read_only": lazy("Cannot be changed"),
    "default": lazy("Answer it begins with"),
    "choice_filter": lazy("Choices offered when"),
    "appearance": lazy("Appearance"),
    "parameters": lazy("Parameters"),
    "trigger": lazy("Calculated anew when this changes"),
}
_MEDIA = {
    "image": lazy("picture"),
    "big-image": lazy("large picture"),
    "audio": lazy("sound"),
    "video": lazy("film"),
}
_SETTINGS = {
    "default_language": lazy("Language it opens in"),
    "instance_name": lazy("Name of a filled form"),
    "style": lazy("Style of the pages"),
}


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise: what it is, and how it read before and after (empty for nothing)."""

    what: Any
    before: Any = ""
    after: Any = ""


@dataclass(frozen=True)
class QuestionChanges:
    """What changed about one question (or the form itself, with an empty key), in the newer version's words."""

    key: str
    labels: dict[str, str]
    changes: tuple[Change, ...]


def difference(
    before: PublishedForm,
    after: PublishedForm,
    files: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
) -> list[QuestionChanges]:
    """What ``after`` has otherwise than ``before``: the form, then its questions as they stand, then those removed.

    A question is known again by its key. ``files`` are the digests of the attached files of both, by name. Pure:
    compares nothing but these.
    """
    was, now = details_of(before.xform), details_of(after.xform)
    old = {each.key: each for each in before.questions}
    new = {each.key: each for each in after.questions}
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    found = [QuestionChanges("", {}, tuple(_of_form(before, after, was, now, files)))]
    for key, question in new.items():
        if key in old:
            changes = (
                *_of_question(old[key], question, key in moved, was, now),
                *_of_detail(was.questions.get(old[key].path), now.questions.get(question.path)),
            )
        else:
            changes = (Change(lazy("Added")),)
        found.append(QuestionChanges(key, question.labels, changes))
    for key, question in old.items():
        if key not in new:
            found.append(QuestionChanges(key, question.labels, (Change(lazy("Removed")),)))
    groups = _of_groups(before, after, was, now)
    return [each for each in (*found, *groups) if each.changes]


def _of_form(
    before: PublishedForm,
    after: PublishedForm,
    was: Details,
    now: Details,
    files: tuple[Mapping[str, str], Mapping[str, str]],
) -> Iterator[Change]:
    if before.title != after.title:
        yield Change(lazy("Title of the form"), before.title, after.title)
    if before.languages != after.languages:
        yield Change(lazy("Languages"), ", ".join(before.languages), ", ".join(after.languages))
    for name in dict.fromkeys((*was.settings, *now.settings)):
        old, new = was.settings.get(name, ""), now.settings.get(name, "")
        if old != new:
            yield Change(_SETTINGS.get(name, lazy("Setting %(name)s", name=name)), old, new)
    for name in _without(after.media, before.media):
        yield Change(lazy("Attached file added"), "", name)
    for name in _without(before.media, after.media):
        yield Change(lazy("Attached file removed"), name, "")
    held, given = files
    for name in after.media:
        if name in before.media and name in held and name in given and held[name] != given[name]:
            yield Change(lazy("Attached file with another content: %(name)s", name=name))


def _of_question(
    old: Question, new: Question, is_moved: bool, was: Details, now: Details
) -> Iterator[Change]:
    if old.groups != new.groups or old.repeat != new.repeat:
        yield Change(lazy("Moved to another group"), " / ".join(old.groups), " / ".join(new.groups))
    elif is_moved:
        yield Change(lazy("Moved among the other questions"))
    if old.kind != new.kind:
        yield Change(lazy("Type of answer"), old.kind, new.kind)
    yield from _texts(lazy("Words of the question"), old.labels, new.labels)
    yield from _texts(lazy("Hint"), old.hints, new.hints)
    for name, what in _RULES.items():
        before, after = was.spoken(getattr(old, name)), now.spoken(getattr(new, name))
        if before != after:
            yield Change(what, _said(before), _said(after))
    yield from _texts(
        lazy("Words when an answer is not accepted"), old.constraint_messages, new.constraint_messages
    )
    if old.list_file != new.list_file:
        yield Change(lazy("File of choices"), old.list_file or "", new.list_file or "")
    yield from _of_choices(old.choices, new.choices)


def _of_detail(old: Detail | None, new: Detail | None) -> Iterator[Change]:
    """What is otherwise about how a question looks, begins and offers its choices."""
    if old is None or new is None:
        return
    yield from _texts(lazy("Guidance"), old.guidance, new.guidance)
    yield from _texts(lazy("Words when an answer is missing"), old.required_messages, new.required_messages)
    for name, what in _DETAILS.items():
        if getattr(old, name) != getattr(new, name):
            yield Change(what, _said(getattr(old, name)), _said(getattr(new, name)))
    for medium in dict.fromkeys((*old.media, *new.media)):
        named = lazy("Attached to the words: %(medium)s", medium=_MEDIA.get(medium, medium))
        yield from _texts(named, old.media.get(medium, {}), new.media.get(medium, {}))
    for code in new.choices:
        if code in old.choices:
            yield from _of_columns(code, old.choices[code], new.choices[code])


def _of_columns(code: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """Further columns of a choice, as those by which choices are filtered, and pictures."""
    for name in dict.fromkeys((*old, *new)):
        if old.get(name, "") != new.get(name, ""):
            what = lazy("Choice %(code)s, column %(column)s", code=code, column=name)
            yield Change(what, old.get(name, ""), new.get(name, ""))


def _said(expression: str) -> Any:
    """A bare truth in words; any other expression as it stands."""
    return {"true()": lazy("always"), "false()": lazy("never")}.get(expression, expression)


def _of_choices(old: tuple[Choice, ...], new: tuple[Choice, ...]) -> Iterator[Change]:
    was = {each.name: each.labels for each in old}
    now = {each.name: each.labels for each in new}
    for code in _without(now, was):
        yield Change(lazy("Choice added: %(code)s", code=code), "", _first(now[code]))
    for code in _without(was, now):
        yield Change(lazy("Choice removed: %(code)s", code=code), _first(was[code]), "")
    for code in now:
        if code in was:
            yield from _texts(lazy("Words of the choice %(code)s", code=code), was[code], now[code])
    if _moved([code for code in was if code in now], [code for code in now if code in was]):
        yield Change(lazy("Order of the choices"), ", ".join(was), ", ".join(now))


def _of_groups(
    before: PublishedForm, after: PublishedForm, told: Details, tells: Details
) -> list[QuestionChanges]:
    """Groups whose words, condition or repetition changed; new and removed ones show in their questions."""
    old = {each.key: each for each in before.groups}
    found = []
    for group in after.groups:
        was = old.get(group.key)
        if was is None:
            continue
        changes = [*_texts(lazy("Words of the group"), was.labels, group.labels)]
        asked, asks = told.spoken(was.relevant), tells.spoken(group.relevant)
        if asked != asks:
            changes.append(Change(_RULES["relevant"], asked, asks))
        nothing = GroupDetail()
        had, has = told.groups.get(was.path, nothing), tells.groups.get(group.path, nothing)
        if had.appearance != has.appearance:
            changes.append(Change(_DETAILS["appearance"], had.appearance, has.appearance))
        if had.count != has.count:
            changes.append(Change(lazy("How often it repeats"), had.count, has.count))
        if was.repeats != group.repeats:
            changes.append(Change(lazy("Now repeats") if group.repeats else lazy("No longer repeats")))
        found.append(QuestionChanges(group.key, group.labels, tuple(changes)))
    return found


def _texts(what: Any, old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    """What reads otherwise, language by language."""
    for language in dict.fromkeys((*old, *new)):
        was, now = (_written(texts.get(language, "")) for texts in (old, new))
        if was != now:
            named = (
                what
                if language == "default"
                else lazy("%(what)s · %(language)s", what=what, language=language)
            )
            yield Change(named, was, now)


def _written(text: str) -> str:
    """A text of an author; pyxform writes a dash where a language has none."""
    return "" if text == "-" else text


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Of the same keys in two orders, the fewest that had to move (those outside a longest common row)."""
    if old == new:
        return set()
    place = {key: number for number, key in enumerate(old)}
    ends: list[str] = []
    before: dict[str, str | None] = {}
    for key in new:
        at = _first_not_before(ends, place, key)
        before[key] = ends[at - 1] if at else None
        ends[at : at + 1] = [key]
    stays: set[str] = set()
    last: str | None = ends[-1] if ends else None
    while last is not None:
        stays.add(last)
        last = before[last]
    return set(new) - stays


def _first_not_before(ends: list[str], place: dict[str, int], key: str) -> int:
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if place[ends[middle]] < place[key]:
            low = middle + 1
        else:
            high = middle
    return low


def _without(these: Iterable[str], those: Iterable[str]) -> list[str]:
    known = set(those)
    return [each for each in these if each not in known]


def _first(labels: dict[str, str]) -> str:
    return next(iter(labels.values()), "")
