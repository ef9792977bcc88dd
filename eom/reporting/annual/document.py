"""The annual report as JSON: its figures, who signed them, and the verdict of every control.

The SHA-256 is that of ``figures`` alone, written with sorted names and no spaces in UTF-8, so that
anyone can compute it again.
"""

from __future__ import annotations

import json
from typing import Any

from eom.core.i18n import in_locale
from eom.reporting.annual.columns import column_name, part_name
from eom.reporting.annual.controls import Control, controls
from eom.reporting.annual.figures import AnnualFigures, Change, Issue, canonical_json, snapshot_hash


def write_json(figures: AnnualFigures, lang: str, issue: Issue | None = None) -> bytes:
    """The JSON document; amounts are whole cents, words are in ``lang`` (needs an application context)."""
    with in_locale(lang):
        written = _document(figures, lang, issue or Issue())
    return json.dumps(written, ensure_ascii=False, indent=1).encode() + b"\n"


def _document(figures: AnnualFigures, lang: str, issue: Issue) -> dict[str, Any]:
    return {
        "report": "annual-report",
        "mandate": "AG/RES. 2931 (XLIX-O/19), xi.7",
        "year": figures.year,
        "language": lang,
        "status": str(issue.status.value),
        "status_label": str(issue.status.label),
        "revision": issue.revision,
        "prepared_by": issue.prepared_by,
        "reviewed_by": issue.reviewed_by,
        "issued_by": issue.issued_by,
        "issued_on": issue.issued_on.isoformat() if issue.issued_on else None,
        "is_demonstration": figures.is_demonstration,
        "currency": figures.currency,
        "unit": "cent",
        "sha256": snapshot_hash(figures),
        "totals": totals(figures),
        "controls": [_control(each) for each in controls(figures)],
        "changes": [_change(each) for each in issue.changes],
        "figures": json.loads(canonical_json(figures)),
    }


def _control(control: Control) -> dict[str, Any]:
    left, right = control.key.sides
    return {
        "control": str(control.key.value),
        "label": str(control.key.label),
        "left_label": str(left),
        "left": control.left,
        "right_label": str(right),
        "right": control.right,
        "agrees": control.agrees,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "list": part_name(change.part),
        "row": change.key,
        "column": column_name(change.column),
        "before": change.before_cents,
        "after": change.after_cents,
    }


def totals(figures: AnnualFigures) -> dict[str, int]:
    """The main figures, in cents."""
    sources, missions = figures.sources, figures.missions
    return {
        "pledged": sum(each.pledged_cents for each in sources),
        "agreed": sum(each.agreed_cents for each in sources),
        "opening": sum(each.opening_cents for each in sources),
        "received": sum(each.received_cents for each in sources),
        "direct": sum(each.direct_cents for each in missions),
        "icr": sum(each.icr_cents for each in missions),
        "spent": sum(each.spent_cents for each in missions),
        "refunds": sum(each.refunds_cents for each in sources),
        "closing": sum(each.closing_cents for each in sources),
        "set_aside": sum(each.closing_cents for each in missions),
        "in_kind": sum(each.valued_cents for each in figures.in_kind),
    }
