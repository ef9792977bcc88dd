"""Rules that a mission adds to its forms: expressions over answers, as in XLSForm, that mark what to look at.

``${turnout} > ${registered}`` marks a report in which it is true. What cannot be known (a question that was
not asked, a number that is none) marks nothing.
"""

from __future__ import annotations

import re

from lxml import etree

from eom.checklists.openrosa_checks import JAVAROSA, Expression, Rules
from eom.checklists.openrosa_functions import MOMENT, NotEvaluated, truth
from eom.checklists.xlsform_form import PublishedForm
from eom.core import clock
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy

MAX_EXPRESSION = 1000
_NAMED = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def compiled(form: PublishedForm, expression: str) -> Expression:
    """The rule ready for reports of a form: told their root, it says True, False or None (cannot be known).

    Raises InvalidInput on "expression": too long, a question that the form has not, no expression at all,
    a function that there is not.
    """
    text = expression.strip()
    if not text or len(text) > MAX_EXPRESSION:
        raise _refused(lazy("Write an expression of 1 to %(limit)s characters.", limit=MAX_EXPRESSION))
    rules = Rules(form)
    root = str(rules.shape.tag)
    paths = {each.key: each.path for each in form.questions}

    def path(named: re.Match[str]) -> str:
        if named[1] not in paths:
            raise _refused(lazy("The form has no question “%(name)s”.", name=named[1][:60]))
        return f"/{root}/{paths[named[1]]}"

    try:
        found = etree.XPath(
            _NAMED.sub(path, text),
            namespaces={"jr": JAVAROSA},
            extensions=rules.extensions,
            smart_strings=False,
        )
    except (etree.XPathError, ValueError) as error:
        raise _refused(lazy("This is no expression: %(why)s.", why=str(error)[:100])) from error
    _try_out(found, rules.shape)

    def holds(node: etree._Element) -> bool | None:
        try:
            return truth(found(node))
        except (etree.XPathError, NotEvaluated, TypeError, ValueError, OverflowError):
            return None

    return holds


def marks(form_rules: list[tuple[int, Expression]], root: etree._Element) -> list[int]:
    """The ids of the rules that are true of a report."""
    before = MOMENT.set(clock.now())
    try:
        return [id_ for id_, holds in form_rules if holds(root)]
    finally:
        MOMENT.reset(before)


def _try_out(found: etree.XPath, blank: etree._Element) -> None:
    """Evaluate on an empty report: an unknown function is only found out then."""
    before = MOMENT.set(clock.now())
    try:
        found(blank)
    except etree.XPathError as error:
        raise _refused(lazy("This is no expression: %(why)s.", why=str(error)[:100])) from error
    except NotEvaluated:
        raise _refused(lazy("It uses something that the server cannot evaluate.")) from None
    except (TypeError, ValueError, OverflowError):
        # What an empty report cannot say, a filled one may.
        return
    finally:
        MOMENT.reset(before)


def _refused(message: object) -> InvalidInput:
    return InvalidInput(
        message, "expression", next_step=lazy("Write it as in an XLSForm, with questions as ${name}.")
    )
