"""The rules of a form compiled: required, relevant, constraint; and what is told of an answer that breaks one.

A rule that the server cannot evaluate (it uses an attached list, a random number) is neither kept nor
broken, and raises no flag.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from eom.checklists.openrosa_functions import NotEvaluated, functions, truth
from eom.checklists.openrosa_xml import parse, strip_namespaces
from eom.checklists.xlsform_form import PublishedForm
from eom.core.i18n import lazy
from eom.core.types import Labelled

JAVAROSA = "http://openrosa.org/javarosa"
MODEL = "{http://www.w3.org/2002/xforms}model"
CHOSEN = frozenset({"select_one", "select_multiple", "rank"})
_CALLED = re.compile(r"([\w:-]+)\s*\(")

# What a rule says at an element: True, False, or None when it cannot be known.
Expression = Callable[[etree._Element], bool | None]


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


class Rules:
    """A form's expressions compiled once by path, and the shape of its instance, without namespaces."""

    def __init__(self, form: PublishedForm) -> None:
        instances = parse(form.xform).findall(f".//{MODEL}/{{*}}instance")
        self.shape = _bare(instances[0][0])
        self.lists = {each.get("id", ""): each for each in instances[1:]}
        self.extensions = functions(self._instance)
        self.relevant = self._compiled(
            {group.path: group.relevant for group in form.groups}
            | {each.path: each.relevant for each in form.questions}
        )
        self.required = self._compiled({each.path: each.required for each in form.questions})
        self.constraint = self._compiled({each.path: each.constraint for each in form.questions})

    def _compiled(self, rules: dict[str, str]) -> dict[str, Expression]:
        return {path: self._expression(rule) for path, rule in rules.items() if rule}

    def _expression(self, rule: str) -> Expression:
        if rule == "true()":
            return _always
        # Every function given costs time at each evaluation: only those that the rule calls.
        called = {name.rpartition(":")[2] for name in _CALLED.findall(rule)}
        given = {key: function for key, function in self.extensions.items() if key[1] in called}
        try:
            compiled = etree.XPath(
                rule, namespaces={"jr": JAVAROSA}, extensions=given or None, smart_strings=False
            )
        except etree.XPathError:
            return _unknown

        def holds(node: etree._Element) -> bool | None:
            try:
                return truth(compiled(node))
            except (etree.XPathError, NotEvaluated, TypeError, ValueError, ArithmeticError):
                return None

        return holds

    def _instance(self, name: str) -> list[etree._Element]:
        listed = self.lists.get(name)
        if listed is None or listed.get("src"):
            raise NotEvaluated
        return [_bare(listed)]


def _always(_node: etree._Element) -> bool:
    return True


def _unknown(_node: etree._Element) -> None:
    return None


def _bare(element: etree._Element) -> etree._Element:
    """A copy without namespaces, as a document of its own."""
    bare = deepcopy(element)
    strip_namespaces(bare)
    etree.cleanup_namespaces(bare)
    return bare
