"""Looks at a submission with its form's own rules: required, relevant, constraint, types and choices.

Nothing is refused here: the field cannot be asked twice. What is wrong comes back as flags.
A rule that the server cannot evaluate (it uses an attached list, a random number) raises no flag.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from lxml import etree

from eom.checklists.openrosa import Submission
from eom.checklists.openrosa_answers import typed
from eom.checklists.openrosa_functions import MOMENT, NotEvaluated, functions, text, truth
from eom.checklists.openrosa_xml import local_name, parse
from eom.checklists.xlsform_form import PublishedForm, Question
from eom.checklists.xlsform_reading import read_form
from eom.core.i18n import lazy
from eom.core.types import Labelled

JAVAROSA = "http://openrosa.org/javarosa"
MODEL = "{http://www.w3.org/2002/xforms}model"
CHOSEN = frozenset({"select_one", "select_multiple", "rank"})


class Rule(Labelled):
    """Which rule of the form an answer breaks."""

    MISSING = "missing"
    CONSTRAINT = "constraint"
    UNREADABLE = "unreadable"
    CHOICE = "choice"
    UNKNOWN = "unknown"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        """The words for people by value."""
        return {
            cls.MISSING: lazy("A required answer is missing"),
            cls.CONSTRAINT: lazy("The answer breaks a rule of the form"),
            cls.UNREADABLE: lazy("The answer is not of the question’s kind"),
            cls.CHOICE: lazy("The answer is not among the choices"),
            cls.UNKNOWN: lazy("The form has no such question"),
        }


@dataclass(frozen=True)
class Flag:
    """One thing to look at. ``row`` is the number of the repeat from 1, or 0; ``value`` as it was sent."""

    rule: Rule
    question: str
    value: str = ""
    row: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The flag as JSON types."""
        return {"rule": self.rule.value, "question": self.question, "value": self.value, "row": self.row}


def check_answers(form: PublishedForm, submission: Submission, at: datetime) -> list[Flag]:
    """What breaks the form's rules, in the order of the form. ``at`` is what today() and now() mean."""
    rules = _rules(form.xform)
    before = MOMENT.set(at)
    try:
        return _Check(rules, submission.root).flags
    finally:
        MOMENT.reset(before)


@lru_cache(maxsize=64)
def _rules(xform: bytes) -> _Rules:
    return _Rules(read_form(xform))


class _Rules:
    """A form's expressions compiled once, and the shape of its instance."""

    def __init__(self, form: PublishedForm) -> None:
        self.questions = {question.path: question for question in form.questions}
        self.repeats = {group.path for group in form.groups if group.repeats}
        instances = parse(form.xform).findall(f".//{MODEL}/{{*}}instance")
        self.shape = _bare(instances[0][0])
        self.lists = {each.get("id", ""): each for each in instances[1:]}
        self.extensions = functions(self._instance)
        self.relevant = {
            group.path: self._compiled(group.relevant) for group in form.groups if group.relevant
        }
        self.relevant |= {
            each.path: self._compiled(each.relevant) for each in form.questions if each.relevant
        }
        self.required = {each.path: self._compiled(each.required) for each in form.questions if each.required}
        self.constraint = {
            each.path: self._compiled(each.constraint) for each in form.questions if each.constraint
        }

    def _compiled(self, expression: str) -> etree.XPath | None:
        try:
            return etree.XPath(expression, namespaces={"jr": JAVAROSA}, extensions=self.extensions)
        except etree.XPathError:
            return None

    def _instance(self, name: str) -> list[etree._Element]:
        listed = self.lists.get(name)
        if listed is None or listed.get("src"):
            raise NotEvaluated
        return [_bare(listed)]

    def holds(self, rules: dict[str, etree.XPath | None], path: str, node: etree._Element) -> bool | None:
        """Whether the rule of a path holds at a node; True without a rule, None when it cannot be known."""
        if path not in rules:
            return True
        rule = rules[path]
        try:
            return None if rule is None else truth(rule(node))
        except (etree.XPathError, NotEvaluated, TypeError, ValueError, OverflowError):
            return None


class _Check:
    """One walk over one submission."""

    def __init__(self, rules: _Rules, sent: etree._Element) -> None:
        self.rules = rules
        self.flags: list[Flag] = []
        root = _bare(sent)
        root.tag = rules.shape.tag
        self._complete(root, rules.shape, "")
        self._walk(root, "", True, 0)

    def _complete(self, node: etree._Element, shape: etree._Element, prefix: str) -> None:
        """Add the nodes that the device left out as not relevant, empty, so that rules can refer to them."""
        for part in {each.tag: each for each in reversed(shape)}.values():
            path = f"{prefix}{part.tag}"
            present = node.findall(part.tag)
            if not present and path not in self.rules.repeats:
                present = [etree.SubElement(node, part.tag)]
            if len(part):
                for each in present:
                    self._complete(each, part, f"{path}/")

    def _walk(self, node: etree._Element, prefix: str, relevant: bool | None, row: int) -> None:
        rows: dict[str, int] = {}
        for child in node:
            path = f"{prefix}{child.tag}"
            if path == "meta":
                continue
            if path in self.rules.repeats:
                rows[path] = rows.get(path, 0) + 1
            here = self.rules.holds(self.rules.relevant, path, child) if relevant else relevant
            inner = rows.get(path, row)
            question = self.rules.questions.get(path)
            if question is not None:
                if here is not False:
                    self._look(question, child, here, inner)
            elif len(child) or path in self.rules.repeats:
                self._walk(child, f"{path}/", here, inner)
            elif value := text(child):
                self._flag(Rule.UNKNOWN, path, value, inner)

    def _look(self, question: Question, node: etree._Element, relevant: bool | None, row: int) -> None:
        value, path = (node.text or "").strip(), question.path
        if not value:
            required = path in self.rules.required and self.rules.holds(self.rules.required, path, node)
            if question.is_asked and required and relevant:
                self._flag(Rule.MISSING, question.key, "", row)
            return
        if not typed(question, value)[1]:
            self._flag(Rule.UNREADABLE, question.key, value, row)
        if question.kind in CHOSEN and question.choices:
            chosen = [value] if question.kind == "select_one" else value.split()
            if set(chosen) - {choice.name for choice in question.choices}:
                self._flag(Rule.CHOICE, question.key, value, row)
        if self.rules.holds(self.rules.constraint, path, node) is False:
            self._flag(Rule.CONSTRAINT, question.key, value, row)

    def _flag(self, rule: Rule, question: str, value: str, row: int) -> None:
        self.flags.append(Flag(rule, question, value[:200], row))


def _bare(element: etree._Element) -> etree._Element:
    """A copy without namespaces, as a document of its own: rules are written without prefixes."""
    bare = copy.deepcopy(element)
    for each in bare.iter():
        each.tag = local_name(each)
    etree.cleanup_namespaces(bare)
    return bare
