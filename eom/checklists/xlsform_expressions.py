"""Checks the expressions of an XLSForm (relevant, constraint, calculation ...) before a device sees them.

pyxform itself lets a broken XPath through (only its Java companion looks), so every expression is
compiled here, and its references, functions and attached lists are looked up.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from eom.core.i18n import lazy

# XPath 1.0, then what the ODK XForms specification adds.
_XPATH_AND_ODK = (
    "boolean ceiling concat contains count false floor id lang last local-name name namespace-uri "
    "node normalize-space not number position processing-instruction round starts-with string "
    "string-length substring substring-after substring-before sum text comment translate true abs "
    "acos area asin atan atan2 base64-decode base64-encode boolean-from-string checklist coalesce "
    "cos count-non-empty count-selected current date date-time decimal-date-time decimal-time "
    "digest distance ends-with exp exp10 extract-signed format-date format-date-time geofence "
    "geohash if indexed-repeat instance int intersects join log log10 max min now once pi pow "
    "property pulldata random randomize regex selected selected-at sin sqrt substr tan "
    "thousands-sep today uuid version weighted-checklist jr:choice-name jr:itext "
)
FUNCTIONS = frozenset(_XPATH_AND_ODK.split())
REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")
_UNCLOSED = re.compile(r"\$\{[^}]*$|\$(?!\{)")
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*\(")
_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
MAX_LENGTH = 10_000


def straightened(expression: str) -> str:
    """The expression with typographic quotation marks made plain, as pyxform does."""
    return expression.translate(_CURLY)


def fault_of(expression: str, names: frozenset[str]) -> Any | None:
    """What is wrong with an expression, as a sentence; None when it is sound.

    ``names`` are the questions and groups of the survey sheet.
    """
    expression = straightened(expression)
    if len(expression) > MAX_LENGTH:
        return lazy("An expression of at most %(limit)s characters", limit=MAX_LENGTH)
    bare = _TEXT.sub("''", expression)
    # Also inside texts: pyxform replaces references there too.
    for name in REFERENCE.findall(expression):
        if name not in names:
            return lazy("The name of a question of this form: there is no “%(name)s”", name=name)
    if _UNCLOSED.search(REFERENCE.sub("", bare)):
        return lazy("References written as ${name}")
    return _fault_of_calls(bare) or _fault_of_syntax(expression)


def _fault_of_calls(bare: str) -> Any | None:
    for name in _CALL.findall(bare):
        # "and (...)" and the like are operators, not calls.
        if name not in FUNCTIONS and name not in ("and", "or", "div", "mod"):
            return lazy("Functions that ODK knows: there is no %(name)s()", name=name)
    return None


def _fault_of_syntax(expression: str) -> Any | None:
    try:
        etree.XPath(REFERENCE.sub(" /x ", expression), namespaces={"jr": "http://openrosa.org/javarosa"})
    except (etree.XPathError, ValueError):
        return lazy("A complete expression: look at the brackets, quotation marks and operators")
    return None
