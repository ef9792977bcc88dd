"""Figures that were read a moment ago, kept while nothing can have changed them.

A report's snapshot is kept under its own hash. The books as they stand are kept under the heads of the
audit trail's chains: every change of a record writes an entry there in its own transaction, so the same
heads are the same books. Who prepares, reviews or issues a report reads the books anew all the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import clock
from eom.core.audit_chain import AuditChain
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.models import AnnualReport
from eom.reporting.queries.annual import figures_of
from eom.reporting.queries.annual_reports import figures_in

LIMIT = 6
_kept: OrderedDict[Hashable, AnnualFigures] = OrderedDict()
_lock = Lock()


def figures_now(session: Session, year: int) -> AnnualFigures:
    """The snapshot of a fiscal year as the books stand now."""
    heads = tuple(session.execute(sa.select(AuditChain.id, AuditChain.length, AuditChain.last_hash)).tuples())
    if session.new or session.dirty or session.deleted:
        return figures_of(session, year)
    key = (str(session.get_bind().engine.url), year, clock.today(), tuple(sorted(heads)))
    return _found(key, lambda: figures_of(session, year))


def figures_of_report(report: AnnualReport) -> AnnualFigures:
    """The figures that a report holds."""
    return _found(report.sha256, lambda: figures_in(report))


def _found(key: Hashable, read: Callable[[], AnnualFigures]) -> AnnualFigures:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    figures = read()
    with _lock:
        _kept[key] = figures
        while len(_kept) > LIMIT:
            _kept.popitem(last=False)
    return figures
