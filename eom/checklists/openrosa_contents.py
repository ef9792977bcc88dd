"""What a submission says, read by its form in one walk: typed answers, files named, rules broken.

A form is compiled once and kept; reading then costs some tens of microseconds. Nothing is refused here:
the field cannot be asked twice. What is wrong comes back as flags.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from eom.checklists.openrosa import Submission
from eom.checklists.openrosa_answers import Convert, converter
from eom.checklists.openrosa_checks import CHOSEN, Expression, Flag, Rule, Rules
from eom.checklists.openrosa_functions import MOMENT, text
from eom.checklists.xlsform_form import MEDIA_KINDS, PublishedForm, Question
from eom.checklists.xlsform_reading import read_form

Answers = dict[str, Any]
Conditions = tuple[tuple[Expression, etree._Element], ...]


@dataclass(frozen=True)
class Contents:
    """The answers by question key, the files that the XML names, and the flags in the order of the form."""

    answers: Answers
    files: tuple[str, ...]
    flags: list[Flag]


class FormReader:
    """A form compiled for reading what is filled in it."""

    def __init__(self, form: PublishedForm) -> None:
        self.form = form
        rules = Rules(form)
        questions = {question.path: question for question in form.questions}
        repeats = {group.path: group.key for group in form.groups if group.repeats}
        self.tag = rules.shape.tag
        self.top = _group(rules.shape, "", rules, questions, repeats)
        self.has_audit = any(each.key == "audit" and each.kind == "metadata" for each in form.questions)

    def read(self, submission: Submission, at: datetime) -> Contents:
        """Read a submission; ``at`` is what today() and now() mean to its rules.

        Its tree gets the elements that the device left out as not relevant, so that rules find them.
        """
        before = MOMENT.set(at)
        try:
            walk = _Walk()
            submission.root.tag = self.tag
            walk.complete(submission.root, self.top)
            walk.group(submission.root, self.top, walk.answers, (), 0)
        finally:
            MOMENT.reset(before)
        if self.has_audit:
            meta = next(submission.root.iterchildren("meta"), None)
            walk.files += [_text_of(each) for each in ([] if meta is None else meta.iterchildren("audit"))]
        files = tuple(dict.fromkeys(name for name in walk.files if name))
        return Contents(walk.answers, files, walk.flags)


@lru_cache(maxsize=64)
def _compiled(xform: bytes) -> FormReader:
    return FormReader(read_form(xform))


def contents(form: PublishedForm, submission: Submission, at: datetime) -> Contents:
    """What a submission says."""
    return _compiled(form.xform).read(submission, at)


class _Asked(NamedTuple):
    """A question, ready to read."""

    key: str
    is_asked: bool
    is_file: bool
    convert: Convert | None
    may_choose: Callable[[str], bool] | None
    relevant: Expression | None
    required: Expression | None
    constraint: Expression | None


@dataclass
class _Group:
    """A group or repeat, or the whole form: what stands in it by name. ``repeat`` is a repeat's key."""

    path: str
    repeat: str | None
    relevant: Expression | None
    inside: dict[str, _Asked | _Group] = field(default_factory=dict)
    # Names that every instance has; a repeat may have none.
    expected: tuple[str, ...] = ()


def _group(
    shape: etree._Element, path: str, rules: Rules, questions: dict[str, Question], repeats: dict[str, str]
) -> _Group:
    made = _Group(path.rstrip("/"), repeats.get(path.rstrip("/")), rules.relevant.get(path.rstrip("/")))
    for part in reversed(shape):
        below = f"{path}{part.tag}"
        if below in questions:
            made.inside[part.tag] = _asked(questions[below], rules)
        elif below != "meta" and (len(part) or below in repeats):
            made.inside[part.tag] = _group(part, f"{below}/", rules, questions, repeats)
    names = dict.fromkeys(part.tag for part in shape)
    made.expected = tuple(name for name in names if f"{path}{name}" not in repeats)
    return made


def _asked(question: Question, rules: Rules) -> _Asked:
    return _Asked(
        key=question.key,
        is_asked=question.is_asked,
        is_file=question.kind in MEDIA_KINDS,
        convert=converter(question.kind),
        may_choose=_choosing(question) if question.kind in CHOSEN and question.choices else None,
        relevant=rules.relevant.get(question.path),
        required=rules.required.get(question.path),
        constraint=rules.constraint.get(question.path),
    )


def _choosing(question: Question) -> Callable[[str], bool]:
    """What tells whether an answer is among the choices, or all of several are."""
    choices = frozenset(choice.name for choice in question.choices)
    if question.kind == "select_one":
        return choices.__contains__
    return lambda value: choices.issuperset(value.split())


class _Walk:
    """One walk over one submission."""

    def __init__(self) -> None:
        self.answers: Answers = {}
        self.files: list[str] = []
        self.flags: list[Flag] = []

    def complete(self, node: etree._Element, group: _Group) -> None:
        """Add the elements that the device left out, empty."""
        present = {child.tag for child in node}
        for name in group.expected:
            if name not in present:
                etree.SubElement(node, name)
        for child in node:
            below = group.inside.get(child.tag)
            if isinstance(below, _Group):
                self.complete(child, below)

    def group(
        self, node: etree._Element, group: _Group, into: Answers, conditions: Conditions, row: int
    ) -> None:
        """Read what stands in a group. ``conditions`` are those of the groups around, outermost first."""
        rows: dict[str, int] = {}
        for child in node:
            below = group.inside.get(child.tag)
            if isinstance(below, _Asked):
                self.question(child, below, into, conditions, row)
            elif below is None:
                self.unknown(child, group, into, row)
            else:
                inner = conditions if below.relevant is None else (*conditions, (below.relevant, child))
                if below.repeat is None:
                    self.group(child, below, into, inner, row)
                else:
                    rows[child.tag] = number = rows.get(child.tag, 0) + 1
                    one: Answers = {}
                    into.setdefault(below.repeat, []).append(one)
                    self.group(child, below, one, inner, number)

    def question(
        self, node: etree._Element, asked: _Asked, into: Answers, conditions: Conditions, row: int
    ) -> None:
        """Read one answer and look at it; what is not relevant is not looked at."""
        value = (node.text or "").strip()
        if not value:
            is_needed = asked.required is not None and asked.is_asked and asked.required(node)
            if is_needed and _applies(asked, node, conditions):
                self.flags.append(Flag(Rule.MISSING, asked.key, "", row))
            return
        if asked.is_file:
            self.files.append(value)
        is_readable = True
        if asked.convert is None:
            into[asked.key] = value
        else:
            into[asked.key], is_readable = asked.convert(value)
        is_choice = asked.may_choose is None or asked.may_choose(value)
        is_kept = asked.constraint is None or asked.constraint(node) is not False
        if is_readable and is_choice and is_kept:
            return
        if _applies(asked, node, conditions) is not False:
            rules = {Rule.UNREADABLE: is_readable, Rule.CHOICE: is_choice, Rule.CONSTRAINT: is_kept}
            self.flags += [
                Flag(rule, asked.key, value[:200], row) for rule, holds in rules.items() if not holds
            ]

    def unknown(self, node: etree._Element, group: _Group, into: Answers, row: int) -> None:
        """Something that the form does not have; the form's own ``meta`` is none of its questions."""
        if node.tag == "meta" and not group.path:
            return
        path = f"{group.path}/{node.tag}".lstrip("/")
        if len(node):
            self.group(node, _Group(path, None, None), into, (), row)
        elif value := text(node):
            self.flags.append(Flag(Rule.UNKNOWN, path, value[:200], row))


def _applies(asked: _Asked, node: etree._Element, conditions: Conditions) -> bool | None:
    """Whether a question and all the groups around it are relevant; None when it cannot be known."""
    for condition, at in conditions:
        if (holds := condition(at)) is not True:
            return holds
    return True if asked.relevant is None else asked.relevant(node)


def _text_of(node: etree._Element) -> str:
    return (node.text or "").strip()
