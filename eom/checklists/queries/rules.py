"""The rules that a mission adds to its forms, ready to be asked."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, object_session

from eom.checklists.models.form import Form, FormVersion
from eom.checklists.models.rule import FlagRule
from eom.checklists.models.submission import Submission
from eom.checklists.openrosa_checks import Expression
from eom.checklists.openrosa_rules import compiled
from eom.checklists.queries.forms import definition
from eom.core.db import get_in
from eom.core.errors import InvalidInput
from eom.missions.models.mission import Mission

PREFIX = "mission:"
MAX_KEPT = 200

Ready = list[tuple[int, Expression]]
# By version and the mark of its form's rules, which changes with every rule.
_kept: dict[tuple[int, int], Ready] = {}


def rules(session: Session, mission: Mission) -> Sequence[FlagRule]:
    """The rules of a mission by form and words."""
    query = (
        sa.select(FlagRule)
        .join(FlagRule.form)
        .where(FlagRule.mission_id == mission.id)
        .options(joinedload(FlagRule.form))
    )
    return session.scalars(query.order_by(Form.title, FlagRule.words)).all()


def rule_in(session: Session, mission: Mission, rule_id: int) -> FlagRule:
    """A rule of a mission. Raises NotFound."""
    return get_in(session, FlagRule, rule_id, mission_id=mission.id)


def words_of_rules(submission: Submission) -> dict[str, str]:
    """What the flags of the rules of a report's form are called, by what a flag holds."""
    session = object_session(submission)
    assert session is not None
    return words_by_rule(session, submission.form_id)


def words_by_rule(session: Session, form_id: int) -> dict[str, str]:
    """What the flags of a form's own rules are called, by what a flag holds."""
    rows = session.execute(sa.select(FlagRule.id, FlagRule.words).where(FlagRule.form_id == form_id))
    return {f"{PREFIX}{id_}": words for id_, words in rows.tuples()}


def ready(session: Session, form_id: int, version_id: int, mark: int) -> Ready:
    """The rules that are on for a version, compiled once; one whose question it has not is left out."""
    if not mark:
        return []
    if (known := _kept.get((version_id, mark))) is not None:
        return known
    form = definition(session.get_one(FormVersion, version_id))
    found: Ready = []
    query = sa.select(FlagRule).where(FlagRule.form_id == form_id, FlagRule.is_on).order_by(FlagRule.id)
    for rule in session.scalars(query):
        try:
            found.append((rule.id, compiled(form, rule.expression)))
        except InvalidInput:
            continue
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept[(version_id, mark)] = found
    return found


def any_of_mission(flags: Sequence[dict[str, object]]) -> bool:
    """Whether a rule of the mission raised some of these flags."""
    return any(str(each.get("rule", "")).startswith(PREFIX) for each in flags)
