"""Rules that a mission adds: kept only when they can be evaluated, asked of every report, old and new."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eom.checklists import openrosa
from eom.checklists.models.form import Form, FormVersion
from eom.checklists.models.rule import FlagRule
from eom.checklists.models.submission import Submission
from eom.checklists.openrosa_contents import contents
from eom.checklists.openrosa_rules import compiled, marks
from eom.checklists.queries.addresses import Address
from eom.checklists.queries.forms import definition
from eom.checklists.queries.rules import PREFIX, ready
from eom.checklists.services.reading import MAX_FLAGS, Flag
from eom.checklists.services.unpacking import Parcel
from eom.core.db import get_in
from eom.core.errors import Conflict, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission

AT_ONCE = 500

Progress = Callable[[int, int, str], None]


def flags_of(address: Address, parcel: Parcel) -> list[Flag]:
    """The flags that the mission's rules raise at a report that has been read."""
    known = ready(db.session(), address.form_id, address.version_id, address.rules_mark)
    return [_flag(id_) for id_ in marks(known, parcel.sent.root)] if known else []


def add_rule(mission: Mission, *, form_id: int, words: str, expression: str) -> FlagRule:
    """Add a rule to a form. Raises InvalidInput when it cannot be evaluated, Conflict when its words are taken."""
    form = get_in(db.session(), Form, form_id, mission_id=mission.id)
    compiled(definition(_newest(form)), expression)
    _free(form, words, None)
    rule = FlagRule(mission_id=mission.id, form=form, words=words.strip(), expression=expression.strip())
    db.session.add(rule)
    _touch(form)
    return rule


def edit_rule(rule: FlagRule, *, words: str, expression: str, is_on: bool) -> None:
    """Change a rule, or switch it off. Raises as ``add_rule``."""
    compiled(definition(_newest(rule.form)), expression)
    _free(rule.form, words, rule.id)
    rule.words, rule.expression, rule.is_on = words.strip(), expression.strip(), is_on
    _touch(rule.form)


def apply_rules(form: Form, progress: Progress | None = None) -> int:
    """Ask the rules of every report of a form anew; return how many reports changed. Their own flags stay."""
    query = sa.select(Submission.id).where(Submission.form_id == form.id).order_by(Submission.id)
    ids, changed = list(db.session.scalars(query)), 0
    for first in range(0, len(ids), AT_ONCE):
        part = ids[first : first + AT_ONCE]
        rows = db.session.scalars(
            sa.select(Submission)
            .where(Submission.id.in_(part))
            .options(joinedload(Submission.document))
            .execution_options(populate_existing=True)
        )
        changed += sum(_flag_anew(each, form) for each in rows)
        db.session.flush()
        if progress:
            progress(min(first + AT_ONCE, len(ids)), len(ids), "")
    return changed


def _flag_anew(submission: Submission, form: Form) -> bool:
    version = submission.version
    known = ready(db.session(), form.id, version.id, form.rules_mark)
    own = [each for each in submission.flags if not str(each.get("rule", "")).startswith(PREFIX)]
    found = own + [_flag(id_) for id_ in (_marks(submission, version, known) if known else [])]
    if found == submission.flags:
        return False
    submission.flags, submission.flag_count = found[:MAX_FLAGS], len(found[:MAX_FLAGS])
    return True


def _marks(submission: Submission, version: FormVersion, known: Any) -> list[int]:
    sent = openrosa.read_submission(submission.xml)
    contents(definition(version), sent, submission.received_at)
    return marks(known, sent.root)


def _flag(rule_id: int) -> Flag:
    return {"rule": f"{PREFIX}{rule_id}", "question": "", "value": "", "row": 0}


def _newest(form: Form) -> FormVersion:
    query = sa.select(FormVersion).where(FormVersion.form_id == form.id)
    newest = db.session.scalars(query.order_by(FormVersion.is_current.desc(), FormVersion.id.desc())).first()
    if newest is None:
        raise Refused(lazy("This form has no published version."))
    return newest


def _free(form: Form, words: str, but: int | None) -> None:
    taken = db.session.scalar(
        sa.select(FlagRule.id).where(FlagRule.form_id == form.id, FlagRule.words == words.strip())
    )
    if taken not in (None, but):
        raise Conflict(lazy("A rule of this form has these words already."), "words")


def _touch(form: Form) -> None:
    # A number that no other state of the rules had, on any process.
    form.rules_mark = secrets.randbelow(2**31 - 1) + 1
    db.session.flush()
