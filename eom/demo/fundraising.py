"""Missions that lie ahead, whose money is being raised: invented, with days counted from the day of loading."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from eom.core import clock
from eom.core.storage import Store
from eom.extensions import db
from eom.finance.models.agreement import PaperKind, ReportKind
from eom.finance.models.award import Award, Donor, InKindKind, MovementKind
from eom.finance.models.pledge import DonorPledge, PledgeManner, PledgeState
from eom.finance.queries.agreements import instalments_of
from eom.finance.services import (
    agreements,
    appeals,
    awards,
    budgets,
    contacts,
    in_kind,
    instalments,
    movements,
    papers,
    pledges,
    regular_fund,
    report_dues,
)
from eom.missions.models.mission import Mission
from eom.missions.models.process import ProcessKind, RoundKind
from eom.missions.services import processes, register

# country, name, days from today to polling (none: not called yet), kind, thousands of dollars by object
AHEAD: tuple[tuple[str, str, int | None, ProcessKind, dict[int, int]], ...] = (
    ("HND", "Primary elections (invented)", 75, ProcessKind.PRIMARY, {2: 8, 4: 96, 5: 7, 6: 9, 7: 12, 8: 48, 9: 30}),
    ("JAM", "General elections (invented)", 165, ProcessKind.GENERAL, {2: 4, 4: 54, 5: 4, 6: 5, 7: 7, 8: 26, 9: 15}),
    ("PRY", "Municipal elections (invented)", 290, ProcessKind.MUNICIPAL, {4: 72, 5: 5, 6: 6, 7: 9, 8: 34, 9: 18}),
    ("SUR", "General elections (invented)", 430, ProcessKind.LEGISLATIVE, {}),
    ("HTI", "General elections (invented), not called yet", None, ProcessKind.PRESIDENTIAL, {}),
)  # fmt: skip
# donor, name, role, e-mail
CONTACTS = (
    ("CAN", "Chloé Tremblay (invented)", "First Secretary, Permanent Mission", "chloe.tremblay@example.org"),
    ("CAN", "Grants unit (invented)", "Receives reports", "grants@example.org"),
    ("ESP", "Nuria Vidal (invented)", "Observer to the Organization", "nuria.vidal@example.org"),
    ("USA", "Office of contributions (invented)", "Agreements", "contributions@example.org"),
)
# The least that a reader of PDF opens: one empty page.
AGREEMENT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
BASIS = "Standard rate of the agreement."


def raise_funds(givers: dict[str, Donor], store: Store) -> int:
    """Everything; returns how many missions were made."""
    today = clock.today()
    made = {each[0]: _mission(today, *each) for each in AHEAD}
    for key, name, role, email in CONTACTS:
        contacts.add_contact(givers[key], name=name, role=role, email=email, is_demonstration=True)
    _agreed(givers, made, today, store)
    _promised(givers, made, today)
    _regular(made, today)
    in_kind.record_in_kind(
        givers["ESP"], mission_id=made["HND"].id, kind=InKindKind.PERSONNEL, valued_cents=12_400_00,
        description="Seconded specialist in electoral organisation", basis="Salary scale of the donor",
        given_on=today - timedelta(days=9), is_demonstration=True,
    )  # fmt: skip
    appeals.write_appeal(
        made["JAM"], contact_name="Department of Electoral Cooperation and Observation (demonstration)",
        contact_email="electoral.missions@example.org", contact_phone="+1 202 555 0100",
    )  # fmt: skip
    return len(made)


def _mission(
    today: date, country: str, name: str, days: int | None, kind: ProcessKind, needs: dict[int, int]
) -> Mission:
    polling = today + timedelta(days=days) if days else None
    mission = register.create_mission(
        code=f"{country}-{(polling or today + timedelta(days=365)).year}-D", name=name, country=country,
        starts_on=polling - timedelta(days=21) if polling else None, ends_on=polling and polling + timedelta(days=6),
        note="Demonstration: nothing here is real.", is_demonstration=True,
    )  # fmt: skip
    processes.add_process(mission, kind=kind, name=None)
    if polling:
        processes.add_round(
            mission,
            kind=RoundKind.FIRST,
            polling_on=polling,
            opens_at=time(7),
            closes_at=time(17),
            time_zone="UTC",
        )
    for number, thousands in needs.items():
        budgets.plan_line(
            mission, object_number=number, description="Plan of the mission", usd_cents=thousands * 1000_00,
            is_demonstration=True,
        )  # fmt: skip
    return mission


def _pledge(
    givers: dict[str, Donor],
    key: str,
    mission: Mission | None,
    dollars: int | None,
    day: date,
    manner: PledgeManner,
) -> DonorPledge:
    return pledges.record_pledge(
        donor=givers[key], mission_id=mission.id if mission else None, amount_cents=dollars and dollars * 100,
        pledged_on=day, manner=manner, is_demonstration=True,
    )  # fmt: skip


def _agreed(givers: dict[str, Donor], made: dict[str, Mission], today: date, store: Store) -> None:
    """One pledge that became two awards: one for a mission, paid in instalments, and a general one."""
    ago = [today - timedelta(days=each) for each in range(200)]
    promise = _pledge(givers, "CAN", None, 180_000, ago[120], PledgeManner.NOTE)
    first = _award(givers["CAN"], f"CAN-{today.year}-07", made["HND"], 110_000, ago[95], promise)
    _terms(first, today, ago, store)
    general = _award(givers["CAN"], f"CAN-{today.year}-08", None, 70_000, ago[90], promise)
    _receipt(general, 70_000, ago[80])
    awards.allocate(
        general, mission_id=made["JAM"].id, usd_cents=35_000_00, allocated_on=ago[40],
        decision="Decision of the demonstration", is_demonstration=True,
    )  # fmt: skip


def _terms(award: Award, today: date, ago: list[date], store: Store) -> None:
    """Instalments of which one is overdue, reports of which one is late, a document and an amendment."""
    for due_on, dollars, condition in (
        (ago[60], 60_000, "On signature"), (ago[12], 30_000, "After the first report"),
        (today + timedelta(days=40), 20_000, "After the preliminary visit"),
    ):  # fmt: skip
        instalments.foresee(
            award, due_on=due_on, amount_cents=dollars * 100, condition=condition, is_demonstration=True
        )
    _receipt(award, 60_000, ago[58])
    for kind, due_on, sent_on in (
        (ReportKind.FINANCIAL, ago[15], ago[17]), (ReportKind.INTERIM, ago[3], None),
        (ReportKind.FINAL, today + timedelta(days=180), None),
    ):  # fmt: skip
        report_dues.ask_for_report(award, kind=kind, due_on=due_on, sent_on=sent_on, is_demonstration=True)
    papers.keep_paper(award, store, AGREEMENT, "agreement.pdf", kind=PaperKind.AGREEMENT)
    agreements.amend(
        award, reference="A1", signed_on=ago[30], summary="The mission is longer than was foreseen",
        agreed_cents=125_000_00, ends_on=today + timedelta(days=365), icr_percent=award.icr_percent,
        is_demonstration=True,
    )  # fmt: skip


def _promised(givers: dict[str, Donor], made: dict[str, Mission], today: date) -> None:
    ago = [today - timedelta(days=each) for each in range(200)]
    _pledge(givers, "ESP", made["HND"], 30_000, ago[21], PledgeManner.LETTER)
    _pledge(givers, "USA", made["JAM"], 40_000, ago[35], PledgeManner.CONFERENCE)
    _pledge(givers, "NLD", made["JAM"], None, ago[20], PledgeManner.SPOKEN)
    _pledge(givers, "CHE", None, 60_000, ago[50], PledgeManner.CONFERENCE)
    lost = _pledge(givers, "KOR", made["PRY"], 25_000, ago[150], PledgeManner.PUBLIC)
    pledges.end_pledge(
        lost, state=PledgeState.WITHDRAWN, on=ago[44], reason="The donor's budget was cut (invented)"
    )


def _regular(made: dict[str, Mission], today: date) -> None:
    year = regular_fund.appropriate(
        year=today.year, usd_cents=55_000_00, decided_on=date(today.year, 1, 1), is_demonstration=True,
        decision=f"Programme budget {today.year}, electoral observation (invented)",
    )  # fmt: skip
    _receipt(year, 55_000, date(today.year, 1, 1))
    awards.allocate(
        year, mission_id=made["HND"].id, usd_cents=18_000_00, allocated_on=today, decision="Decision of the demonstration",
        is_demonstration=True,
    )  # fmt: skip


def _award(
    donor: Donor, reference: str, mission: Mission | None, dollars: int, day: date, pledge: DonorPledge
) -> Award:
    return awards.record_award(
        reference=reference, donor=donor, title="Electoral observation (invented)", agreed_cents=dollars * 100,
        mission_id=mission.id if mission else None, agreed_on=day, starts_on=day, ends_on=day + timedelta(days=365),
        icr_percent=Decimal(11), icr_basis=BASIS, pledge=pledge, pledge_part_cents=dollars * 100,
        purpose="That elections are observed, and that what is recommended is followed up.", is_demonstration=True,
    )  # fmt: skip


def _receipt(award: Award, dollars: int, day: date) -> None:
    expected = [each.row for each in instalments_of(db.session(), award) if each.due_cents > 0]
    movements.record_movement(
        award, kind=MovementKind.RECEIPT, moved_on=day, reference=f"{award.reference}-R1", amount_cents=dollars * 100,
        instalment=expected[0] if expected else None, is_demonstration=True,
    )  # fmt: skip
