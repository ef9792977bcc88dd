"""The annual report as IATI 2.03 activities: one a mission, with the year's transactions.

Codes are those of the standard's code lists: transaction types 1 incoming funds, 4 expenditure,
7 reimbursement, 11 incoming commitment; sector 15151 «Elections» of the OECD DAC's purpose codes
(vocabulary 1); organisation role 1 funding, 2 accountable, 4 implementing; activity status by the
mission's days. Help in kind is no transaction: the description tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lxml import etree

from eom.core.countries import alpha2
from eom.core.documents import clean
from eom.core.errors import Refused
from eom.core.i18n import _, country_name, in_locale, lazy, money
from eom.core.money import share_out, to_units
from eom.reporting.annual.columns import object_heading
from eom.reporting.annual.controls import in_kind_by_mission
from eom.reporting.annual.figures import AnnualFigures, Issue, MissionFigures, SourceFigures, snapshot_hash
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.annual.tables import processes

VERSION = "2.03"
# The Organization of American States in the DAC's list of channels of delivery.
ORGANISATION = "XM-DAC-47079"
MULTILATERAL, GOVERNMENT = "40", "10"
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
INCOMING_FUNDS, EXPENDITURE, REIMBURSEMENT, INCOMING_COMMITMENT = "1", "4", "7", "11"
PURPOSE_CODES, ELECTIONS = "1", "15151"
PIPELINE, IMPLEMENTATION, FINALISATION, CLOSED, CANCELLED = "1", "2", "3", "4", "5"
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
ORIGINAL, COMMITTED, NATIONAL = "1", "2", "4"
LONGEST_BUDGET = 365
_XML = "{http://www.w3.org/XML/1998/namespace}lang"


def write_iati(figures: AnnualFigures, lang: str, issue: Issue | None = None) -> bytes:
    """The XML; narratives are in ``lang`` (needs an application context).

    The same figures, language and issue give the same bytes. Raises Refused for a year in which no
    mission had activity: the standard knows no empty file.
    """
    if not figures.missions:
        raise Refused(
            lazy("No mission had activity in %(year)d: there is no activity to publish.", year=figures.year)
        )
    with in_locale(lang):
        return _Writer(figures, lang, issue or Issue()).write()


@dataclass(frozen=True)
class _Money:
    """A transaction: its type, whose money, how much (US cents), and what for."""

    kind: str
    reference: str
    on: date
    cents: int
    description: str
    provider: SourceFigures | None = None
    receiver: SourceFigures | None = None


class _Writer:
    """Writes the activities of one snapshot."""

    def __init__(self, figures: AnnualFigures, lang: str, issue: Issue) -> None:
        self.figures, self.lang, self.issue = figures, lang, issue
        self.sources = {source.award: source for source in figures.sources}
        self.last_day = min(date(figures.year, 12, 31), figures.prepared_as_of)
        self.gifts = in_kind_by_mission(figures)

    @property
    def updated(self) -> str:
        """When the file was made, as the standard writes it."""
        return f"{(self.issue.issued_on or self.figures.prepared_as_of).isoformat()}T00:00:00Z"

    def write(self) -> bytes:
        """The whole file."""
        root = etree.Element("iati-activities", {"version": VERSION, "generated-datetime": self.updated})
        said = (
            f" annual report {self.figures.year}, revision {self.issue.revision}, {self.issue.status.value};"
        )
        root.append(etree.Comment(f"{said} snapshot SHA-256 {snapshot_hash(self.figures)} "))
        for mission in self.figures.missions:
            root.append(self._activity(mission))
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _activity(self, mission: MissionFigures) -> Any:
        made = etree.Element("iati-activity", {
            _XML: self.lang, "default-currency": self.figures.currency, "last-updated-datetime": self.updated,
            "humanitarian": "0",
        })  # fmt: skip
        etree.SubElement(made, "iati-identifier").text = identifier(mission.code)
        self._told(made, "reporting-org", _organisation(), {"ref": ORGANISATION, "type": MULTILATERAL})
        self._told(made, "title", self._title(mission))
        self._told(made, "description", self._description(mission), {"type": "1"})
        self._organisations(made, mission)
        first, last = days_of(mission, self.figures.year)
        self._days(made, mission, first, last)
        etree.SubElement(made, "activity-scope", {"code": NATIONAL})
        if code := alpha2(mission.country):
            self._told(
                made, "recipient-country", country_name(mission.country), {"code": code, "percentage": "100"}
            )
        etree.SubElement(
            made, "sector", {"vocabulary": PURPOSE_CODES, "code": ELECTIONS, "percentage": "100"}
        )
        for start_on, end_on, cents in budgets(mission.budget_cents, first, last):
            self._budget(made, start_on, end_on, cents)
        for each in self._transactions(mission):
            self._transaction(made, each)
        return made

    def _days(self, made: Any, mission: MissionFigures, first: date, last: date) -> None:
        """The activity's status, then its days: actual ones when they are past."""
        as_of = self.figures.prepared_as_of
        etree.SubElement(made, "activity-status", {"code": self._status(mission, first, last)})
        start = ACTUAL_START if first <= as_of else PLANNED_START
        end = ACTUAL_END if last < as_of else PLANNED_END
        for day, kind in ((first, start), (last, end)):
            etree.SubElement(made, "activity-date", {"iso-date": day.isoformat(), "type": kind})

    def _title(self, mission: MissionFigures) -> str:
        words = mission.name or _(
            "Electoral observation mission: %(country)s", country=country_name(mission.country)
        )
        return f"{_('DEMONSTRATION')}: {words}" if self.figures.is_demonstration else str(words)

    def _description(self, mission: MissionFigures) -> str:
        text = _(
            "Electoral observation mission of the Organization of American States to %(country)s: %(process)s. "
            "Transactions are those of the fiscal year %(year)d.",
            country=country_name(mission.country), process=processes(mission) or "–", year=self.figures.year,
        )  # fmt: skip
        if cents := self.gifts.get(mission.code, 0):
            text += " " + _("Help in kind, valued at %(amount)s, is in no transaction.", amount=money(cents))
        return str(text)

    def _organisations(self, made: Any, mission: MissionFigures) -> None:
        """Who pays, and the Organization, which answers for the mission and carries it out."""
        paying = {part.award for part in self.figures.parts if part.mission_code == mission.code}
        paying |= {cell.award for cell in self.figures.matrix if cell.mission_code == mission.code}
        donors = {self.sources[award].donor: self.sources[award] for award in sorted(paying)}
        for _donor, source in sorted(donors.items()):
            self._party(made, "participating-org", source, {"role": FUNDING})
        for role in (ACCOUNTABLE, IMPLEMENTING):
            self._party(made, "participating-org", None, {"role": role})

    def _status(self, mission: MissionFigures, first: date, last: date) -> str:
        as_of = self.figures.prepared_as_of
        if mission.is_cancelled:
            return CANCELLED
        if first > as_of:
            return PIPELINE
        if last >= as_of:
            return IMPLEMENTATION
        return CLOSED if mission.is_final else FINALISATION

    def _budget(self, made: Any, first: date, last: date, cents: int) -> None:
        budget = etree.SubElement(made, "budget", {"type": ORIGINAL, "status": COMMITTED})
        etree.SubElement(budget, "period-start", {"iso-date": first.isoformat()})
        etree.SubElement(budget, "period-end", {"iso-date": last.isoformat()})
        self._value(budget, cents, first)

    def _transactions(self, mission: MissionFigures) -> Iterator[_Money]:
        parts = [part for part in self.figures.parts if part.mission_code == mission.code]
        for source in self.figures.sources:
            if source.mission_code == mission.code and source.agreed_cents:
                on = min(source.agreed_on or self.last_day, self.last_day)
                yield _Money(INCOMING_COMMITMENT, f"agreed-{source.award}", on, source.agreed_cents,
                             _("Agreement %(award)s", award=source.award), provider=source)  # fmt: skip
        for part in parts:
            if part.allocated_cents:
                yield _Money(INCOMING_FUNDS, f"funds-{part.award}", self.last_day, part.allocated_cents,
                             _("Set aside for the mission in the year"), provider=self.sources[part.award])  # fmt: skip
        yield from self._spending(mission)
        for part in parts:
            if part.refunds_cents:
                yield _Money(REIMBURSEMENT, f"refund-{part.award}", self.last_day, part.refunds_cents,
                             _("Refund to the donor"), receiver=self.sources[part.award])  # fmt: skip

    def _spending(self, mission: MissionFigures) -> Iterator[_Money]:
        """Each source's spending by object, then its indirect cost recovery."""
        recovered: dict[str, int] = {}
        for cell in self.figures.matrix:
            if cell.mission_code != mission.code:
                continue
            recovered[cell.award] = recovered.get(cell.award, 0) + cell.icr_cents
            if cell.spent_cents:
                yield _Money(EXPENDITURE, f"spent-{cell.award}-{cell.object}", self.last_day, cell.spent_cents,
                             f"{object_heading(cell.object)} · {cell.award}")  # fmt: skip
        for award, cents in recovered.items():
            if cents:
                yield _Money(EXPENDITURE, f"icr-{award}", self.last_day, cents,
                             f"{_('Indirect cost recovery')} · {award}")  # fmt: skip

    def _transaction(self, made: Any, money_: _Money) -> None:
        reference = f"{self.figures.year}-{money_.reference}"
        each = etree.SubElement(made, "transaction", {"ref": _clean(reference), "humanitarian": "0"})
        etree.SubElement(each, "transaction-type", {"code": money_.kind})
        etree.SubElement(each, "transaction-date", {"iso-date": money_.on.isoformat()})
        self._value(each, money_.cents, money_.on)
        self._told(each, "description", money_.description)
        self._party(each, "provider-org", money_.provider)
        if money_.kind != EXPENDITURE:
            self._party(each, "receiver-org", money_.receiver)

    def _value(self, made: Any, cents: int, on: date) -> None:
        value = etree.SubElement(
            made, "value", {"currency": self.figures.currency, "value-date": on.isoformat()}
        )
        value.text = f"{to_units(cents):f}"

    def _party(
        self, made: Any, tag: str, source: SourceFigures | None, more: dict[str, str] | None = None
    ) -> None:
        """A source, or the Organization where none is given: the Regular Fund is its own money too."""
        facts = dict(more or {})
        if source is None or source.kind == SourceKind.REGULAR_FUND:
            facts |= {"ref": ORGANISATION, "type": MULTILATERAL}
        elif source.kind in (SourceKind.MEMBER_STATE, SourceKind.PERMANENT_OBSERVER):
            facts["type"] = GOVERNMENT
        self._told(made, tag, source.donor if source else _organisation(), facts)

    def _told(self, made: Any, tag: str, words: Any, facts: dict[str, str] | None = None) -> None:
        each = etree.SubElement(made, tag, facts or {})
        etree.SubElement(each, "narrative").text = _clean(str(words)) or "–"


def identifier(code: str) -> str:
    """The activity's identifier: the Organization's, then the mission's code."""
    return f"{ORGANISATION}-{_clean(code)}"


def days_of(mission: MissionFigures, year: int) -> tuple[date, date]:
    """A mission's first and last day: as planned, or of its polling days, or of the year."""
    known = [each for each in (mission.starts_on, mission.ends_on, *mission.polling_days) if each]
    first, last = min(known, default=date(year, 1, 1)), max(known, default=date(year, 12, 31))
    return first, last


def budgets(cents: int, first: date, last: date) -> list[tuple[date, date, int]]:
    """(first day, last day, cents) of periods of a year at most, shared by days to the cent."""
    if cents <= 0:
        return []
    periods = []
    while first <= last:
        end = min(first + timedelta(LONGEST_BUDGET - 1), last)
        periods.append((first, end))
        first = end + timedelta(1)
    shares = share_out(cents, [(end - begin).days + 1 for begin, end in periods])
    return [(begin, end, share) for (begin, end), share in zip(periods, shares, strict=True) if share]


def _organisation() -> Any:
    return _("General Secretariat of the Organization of American States")


def _clean(text: str) -> str:
    return clean(text).strip()
