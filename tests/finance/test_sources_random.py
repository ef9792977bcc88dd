"""Random years of fundraising: whatever is recorded, the sums agree and nothing exceeds what it may."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import AppError
from eom.extensions import db
from eom.finance.models.agreement import AwardInstalment, InstalmentReceipt
from eom.finance.models.award import Allocation, Award, AwardMovement, DonorKind, MovementKind
from eom.finance.models.pledge import DonorPledge, PledgeManner, PledgeState
from eom.finance.queries import award_parts, fundraising, history, regular_fund
from eom.finance.queries import awards as accounts
from eom.finance.services import agreements, awards, instalments, ledger, movements, pledges
from tests.factories.finance import a_donor, a_rate
from tests.factories.missions import make_mission

DAYS = st.integers(0, 700).map(lambda n: date(2019, 1, 1) + timedelta(n))
WHATS = (
    "pledge", "award", "award", "raise", "change pledge", "end", "reopen", "instalment", "receive", "receive", "receive",
    "match", "refund", "reverse", "allocate", "allocate", "spend", "untie",
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One thing that finance does; the numbers choose among what is there."""

    what: str
    day: date
    cents: int
    first: int
    second: int
    is_euro: bool


ACTS = st.lists(
    st.builds(Act, st.sampled_from(WHATS), DAYS, st.integers(1, 10**6), st.integers(0, 50), st.integers(0, 50), st.booleans()),
    min_size=5, max_size=40,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_recorded_the_sums_agree(app, acts):
    with db.session.begin_nested() as point:
        for year in (2019, 2020):
            for month in range(1, 13):
                a_rate("EUR", date(year, month, 1), f"0.8{month:02d}")
        missions = [make_mission(f"ECU-201{n}") for n in range(3)]
        donors = [
            a_donor(),
            a_donor(kind=DonorKind.REGULAR_FUND, country=None),
            a_donor(kind=DonorKind.OTHER),
        ]
        for number, act in enumerate(acts):
            try:
                with db.session.begin_nested():
                    _do(act, number, missions, donors)
            except AppError:
                db.session.expire_all()  # a rule said no: nothing of it was recorded
        _check_pledges()
        _check_agreements()
        _check_money(missions)
        _check_sums(missions, donors)
        point.rollback()


def _rows(model):
    return db.session.scalars(sa.select(model).order_by(model.id)).all()


def _one(rows, number: int):
    if not rows:
        raise AppError("there is none yet")
    return rows[number % len(rows)]


def _do(act: Act, number: int, missions, donors) -> None:
    currency = "EUR" if act.is_euro else "USD"
    mission = missions[act.second % 3] if act.second % 4 else None
    if act.what == "pledge":
        pledges.record_pledge(
            donor=_one(donors, act.first), currency=currency, amount_cents=act.cents if act.second != 7 else None,
            pledged_on=act.day, manner=PledgeManner.LETTER, mission_id=mission.id if mission else None,
        )  # fmt: skip
    elif act.what == "award":
        promised = _rows(DonorPledge)
        pledge = _one(promised, act.second) if promised and act.first % 3 else None
        awards.record_award(
            reference=f"A{number}", donor=pledge.donor if pledge else _one(donors, act.first), title="Award",
            currency=currency, agreed_cents=act.cents if act.first % 5 else None, agreed_on=act.day,
            mission_id=mission.id if mission else None, pledge=pledge,
            pledge_part_cents=act.cents if pledge and act.first % 2 and pledge.amount_cents else None,
        )  # fmt: skip
    elif act.what in ("change pledge", "end", "reopen"):
        _change(act, _one(_rows(DonorPledge), act.first))
    elif act.what in ("match", "reverse"):
        _settle(act)
    else:
        _move(act, number, _one(_rows(Award), act.first), mission)


def _change(act: Act, pledge: DonorPledge) -> None:
    if act.what == "reopen":
        pledges.reopen_pledge(pledge, reason="Expected again")
    elif act.what == "end":
        state = PledgeState.LAPSED if act.is_euro else PledgeState.WITHDRAWN
        pledges.end_pledge(pledge, state=state, on=act.day, reason="Nothing came")
    else:
        pledges.edit_pledge(
            pledge, donor=pledge.donor, mission_id=pledge.mission_id, currency=pledge.currency, amount_cents=act.cents,
            pledged_on=pledge.pledged_on, manner=pledge.manner, paper=None, note=None,
        )  # fmt: skip


def _settle(act: Act) -> None:
    movement = _one(_rows(AwardMovement), act.first)
    if act.what == "reverse":
        movements.reverse_movement(movement, on=act.day, reason="Wrong")
    else:
        instalments.match(
            _one(_rows(AwardInstalment), act.second), movement, act.cents if act.is_euro else None
        )


def _move(act: Act, number: int, award: Award, mission) -> None:
    if act.what == "raise":
        agreements.amend(
            award, reference=f"M{number}", signed_on=act.day, summary="Changed", agreed_cents=act.cents,
            ends_on=award.ends_on, icr_percent=award.icr_percent,
        )  # fmt: skip
    elif act.what == "untie":
        names = ("reference", "donor", "title", "currency", "mission_id", "agreed_cents", "agreed_on", "starts_on",
                 "ends_on", "icr_percent", "icr_basis", "purpose", "restrictions", "appropriation_year")  # fmt: skip
        awards.edit_award(award, **{name: getattr(award, name) for name in names})
    elif act.what == "instalment":
        instalments.foresee(award, due_on=act.day, amount_cents=act.cents // 3 + 1)
    elif act.what in ("receive", "refund"):
        expected = [row for row in _rows(AwardInstalment) if row.award_id == award.id]
        movements.record_movement(
            award, kind=MovementKind.RECEIPT if act.what == "receive" else MovementKind.REFUND, moved_on=act.day,
            reference=f"R{number}", amount_cents=act.cents, currency="USD" if act.second % 5 == 0 else None,
            instalment=expected[0] if expected and act.what == "receive" and act.second % 2 else None,
        )  # fmt: skip
    elif mission is not None and act.what == "allocate":
        awards.allocate(
            award, mission_id=mission.id, usd_cents=act.cents * (-1 if act.is_euro else 1), allocated_on=act.day,
            decision="Decision",
        )  # fmt: skip
    elif mission is not None:
        ledger.record_expenditure(
            mission, award=award, object_number=4, incurred_on=act.day, voucher=str(number), payee="Someone",
            amount_cents=act.cents,
        )  # fmt: skip


def _check_pledges() -> None:
    for pledge in _rows(DonorPledge):
        parts = [part for part in pledge.parts if part.amount_cents is not None]
        taken, dollars = sum(part.amount_cents for part in parts), sum(part.usd_cents for part in parts)
        assert all(part.usd_cents >= 0 and part.amount_cents > 0 for part in parts)
        assert all(part.award.donor_id == pledge.donor_id for part in pledge.parts)
        if pledge.amount_cents is None:
            assert not parts
            continue
        assert taken <= pledge.amount_cents
        assert dollars <= pledge.usd_cents
        assert taken < pledge.amount_cents or dollars == pledge.usd_cents
        agreed = sum(part.amount_cents for part in parts if part.award.agreed_cents is not None)
        if not pledge.state.has_ended:
            assert (pledge.state is PledgeState.AGREED) is (agreed == pledge.amount_cents)


def _check_agreements() -> None:
    foreseen, paid, matched = defaultdict(int), defaultdict(int), defaultdict(int)
    for row in _rows(AwardInstalment):
        foreseen[row.award_id] += row.amount_cents
    for each in _rows(InstalmentReceipt):
        paid[each.instalment_id] += each.amount_cents
        matched[each.movement_id] += each.amount_cents
    for award in _rows(Award):
        assert foreseen[award.id] <= (award.agreed_cents or 0)
    for row in _rows(AwardInstalment):
        assert 0 <= paid[row.id] <= row.amount_cents
    by_reference = {(m.award_id, m.kind, m.reference): m for m in _rows(AwardMovement)}
    for movement in by_reference.values():
        if movement.amount_cents > 0:
            assert 0 <= matched[movement.id] <= instalments.worth(movement, movement.award)
        back = by_reference.get((movement.award_id, movement.kind, movement.reversal_reference))
        if back is not None:
            assert matched[movement.id] + matched[back.id] == 0
            assert (back.amount_cents, back.usd_cents) == (-movement.amount_cents, -movement.usd_cents)


def _check_money(missions) -> None:
    books = accounts.accounts(db.session())
    for award in _rows(Award):
        account = books[award.id]
        assert account.available_cents >= 0
        assert account.allocated_cents <= max(award.agreed_usd_cents or 0, account.moved_cents)
        assert all(part.left_cents >= 0 for part in accounts.parts_of(db.session(), award))
    for part in award_parts.parts(db.session(), [mission.id for mission in missions]):
        assert 0 <= part.received_cents <= part.agreed_cents


def _check_sums(missions, donors) -> None:
    ids = [mission.id for mission in missions]
    money = fundraising.fundings(db.session(), ids)
    books = accounts.accounts(db.session())
    given = defaultdict(int)
    for row in _rows(Allocation):
        given[row.award_id] += row.usd_cents
    general = [award for award in _rows(Award) if award.is_general]
    own = [
        part for part in award_parts.parts(db.session(), ids) if part.award_id not in {a.id for a in general}
    ]
    # A general award gives what it allocated, and what came in of it is shared out to the cent.
    assert sum(m.agreed_cents for m in money.values()) == sum(given.values()) + sum(
        p.agreed_cents for p in own
    )
    assert sum(m.received_cents for m in money.values()) == sum(p.received_cents for p in own) + sum(
        min(books[a.id].moved_cents, given[a.id]) for a in general
    )
    promised = sum(m.pledged_cents for m in money.values()) + fundraising.general_pledges(db.session())
    stands = defaultdict(int)
    for pledge in _rows(DonorPledge):
        for part in pledge.parts:
            stands[pledge.id] += (part.usd_cents or 0) if part.award.agreed_cents is not None else 0
    assert promised == sum(
        (p.usd_cents or 0) - stands[p.id] for p in _rows(DonorPledge) if p.state is PledgeState.OPEN
    )
    for one in money.values():
        assert one.gap_cents == max(one.needed_cents - one.agreed_cents, 0)
        assert one.agreed_cents == sum(giver.agreed_cents for giver in one.givers)
    for donor in donors:
        _check_history(donor)
    years = regular_fund.total(regular_fund.appropriations(db.session()))
    regular = [a for a in _rows(Award) if a.donor.kind is DonorKind.REGULAR_FUND]
    assert years.appropriated_cents == sum(a.agreed_usd_cents or 0 for a in regular)


def _check_history(donor) -> None:
    total = history.total(history.years(db.session(), donor))
    own = [award for award in _rows(Award) if award.donor_id == donor.id]
    moved = [m for m in _rows(AwardMovement) if m.award.donor_id == donor.id]
    assert total.agreed_cents == sum(award.agreed_usd_cents or 0 for award in own)
    assert total.pledged_cents == sum(p.usd_cents or 0 for p in _rows(DonorPledge) if p.donor_id == donor.id)
    for kind, cents in (
        (MovementKind.RECEIPT, total.received_cents), (MovementKind.REFUND, total.refunded_cents),
    ):  # fmt: skip
        assert cents == sum(m.usd_cents for m in moved if m.kind is kind)
