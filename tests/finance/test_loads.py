"""Loads of the ledger: idempotent, to the cent, credits and reversals, taken back as a whole."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import AppError, InvalidFile
from eom.extensions import db
from eom.finance.models.ledger import Expenditure
from eom.finance.models.load import LedgerLoad
from eom.finance.queries import balances, loads
from eom.finance.services import awards, closing, ledger, ledger_intake
from eom.finance.services import loads as services
from eom.finance.services.ledger_lines import Line
from tests.factories.finance import a_rate, an_award


def line(row, amount=1000, award="CAN-1", **values):
    given = {
        "row": row, "mission": None, "award": award, "object_number": 4, "incurred_on": date(2019, 10, 20),
        "voucher": f"V{row}", "payee": "Agency", "amount_cents": amount, "currency": "USD", "reference": f"L{row}",
    }  # fmt: skip
    return Line(**given | values)


def take(*lines, mission=None):
    return ledger_intake.take(lines, mission=mission, file_name="extract.csv", data=b"bytes")


def refused(*lines, mission=None):
    with pytest.raises(InvalidFile) as caught:
        take(*lines, mission=mission)
    return [(each.row, each.column, str(each.expected)) for each in caught.value.errors]


def spent() -> Counter:
    """What the books say by award, mission, year and object: direct and ICR (US cents)."""
    of = Expenditure
    key = (of.award_id, of.mission_id, of.fiscal_year, of.object_number)
    rows = db.session.execute(
        sa.select(*key, sa.func.sum(of.usd_cents), sa.func.sum(of.icr_cents)).group_by(*key)
    )
    found = Counter()
    for *where, usd, icr in rows:
        found["usd", *where], found["icr", *where] = int(usd), int(icr)
    return Counter({key: cents for key, cents in found.items() if cents})


@pytest.fixture
def books(cast):
    """An earmarked award with ICR, and a general one that serves both missions."""
    an_award(cast.a, reference="CAN-1", icr_percent=Decimal(11))
    general = an_award(None, reference="GEN-1", icr_percent=Decimal("7.5"))
    for mission in (cast.a, cast.b):
        awards.allocate(
            general,
            mission_id=mission.id,
            usd_cents=4_000_000,
            allocated_on=date(2019, 1, 3),
            decision="Memo",
        )
    a_rate("BOB", date(2019, 10, 1), "6.86")
    a_rate("BOB", date(2019, 11, 1), "6.91")
    return cast


def test_a_file_across_missions_and_awards(books):
    booked = take(
        line(2), line(3, award="gen-1", mission="PER-2021"), line(4, 686_00, currency="BOB"),
    )  # fmt: skip
    assert (booked.added_count, booked.usd_cents, booked.icr_cents) == (
        3,
        1000 + 1000 + 100_00,
        110 + 75 + 1100,
    )
    found = loads.shares(db.session(), booked.load)
    assert [(s.award.reference, s.mission.code, s.line_count, s.usd_cents) for s in found] == [
        ("CAN-1", "BOL-2019", 2, 11_000),
        ("GEN-1", "PER-2021", 1, 1000),
    ]
    assert refused(line(5, award="GEN-1"))[0][:2] == (5, "mission")


def test_a_reference_with_other_content_is_an_error_that_shows_both(books):
    take(line(2))
    told = refused(line(2, 2000, voucher="W2"), line(3))
    assert [each[:2] for each in told] == [(2, "voucher"), (2, "amount")]
    assert "10.00 USD, as it was loaded before" in told[1][2]
    assert refused(line(3), line(4, reference="L3"))[0][2] == "a reference used once; row 3 has it already"


def test_a_credit_that_names_its_line_takes_it_back_to_the_cent(books):
    take(line(2, 99_99, currency="BOB"))
    take(line(3, -99_99, currency="BOB", reverses="L2", incurred_on=date(2019, 11, 3)))
    assert spent() == Counter()
    first, second = db.session.scalars(sa.select(Expenditure).order_by(Expenditure.id))
    assert (second.reverses_id, second.rate) == (first.id, first.rate)
    # In one file, whichever stands first.
    take(line(5, -700, reverses="L6"), line(6, 700))
    assert spent() == Counter()


@pytest.mark.parametrize(
    ("values", "column", "words"),
    [
        ({"reverses": "L9"}, "reverses", "a line in this file or in the books"),
        ({"reverses": "L2", "amount_cents": -999}, "amount", "10.00 USD, all of the line"),
        ({"reverses": "L2", "object_number": 5}, "reverses", "same award and object"),
        ({"reverses": "L2", "incurred_on": date(2019, 10, 19)}, "reverses", "dated no later"),
        ({"reverses": "L3"}, "reverses", "nothing has taken back"),
        ({"amount_cents": -5000}, "amount", "no more back than was spent"),
    ],
)
def test_a_credit_that_cannot_be(books, values, column, words):
    take(line(2), line(3), line(4, -1000, reverses="L3"))
    told = refused(line(10, -1000, **{"amount_cents": -1000, **values}) if "amount_cents" not in values
                   else line(10, values["amount_cents"], **{k: v for k, v in values.items() if k != "amount_cents"}))  # fmt: skip
    assert told[0][1] == column
    assert words in told[0][2]


def test_a_part_given_back_is_a_line_below_zero(books):
    take(line(2, 1000), line(3, -400))
    amounts = list(db.session.scalars(sa.select(Expenditure.usd_cents).order_by(Expenditure.id)))
    assert amounts == [1000, -400]
    assert sum(spent().values()) == 600 + 66


def test_what_a_file_gives_back_pays_for_what_it_spends(books):
    take(line(2, 9_000_000))
    assert "has $100.00 left" in refused(line(3, 1_000_000))[0][2]
    take(line(3, 1_000_000), line(4, -2_000_000))
    assert len(db.session.scalars(sa.select(Expenditure)).all()) == 3


def test_a_load_is_not_taken_back_twice_nor_in_a_closed_year(books):
    booked = take(line(2))
    closing.close_year(2019, by="Clara")
    with pytest.raises(AppError, match="fiscal year 2019 was closed"):
        services.reverse_load(booked.load, reason="Wrong file")


def test_money_given_back_by_a_load_must_still_be_there_to_take_the_load_back(books):
    take(line(2, 9_000_000))
    credit = take(line(3, -2_000_000))
    take(line(4, 1_500_000))
    with pytest.raises(AppError, match="cannot go out of it"):
        services.reverse_load(credit.load, reason="Wrong file")


def test_a_reversal_of_an_earlier_line_is_undone_with_its_load(books):
    first = take(line(2))
    before = spent()
    credit = take(line(3, -1000, reverses="L2"))
    back = services.reverse_load(credit.load, reason="It was no credit")
    assert spent() == before
    assert [(s.usd_cents, s.line_count) for s in loads.shares(db.session(), back)] == [(1000, 1)]
    # The file of the credit may come again, and the first load leaves with what was booked anew for it.
    again = take(line(3, -1000, reverses="L2"))
    assert spent() == Counter()
    services.reverse_load(again.load, reason="No credit after all")
    services.reverse_load(first.load, reason="Not ours")
    assert spent() == Counter()


def test_what_was_taken_back_by_hand_stays_so(books):
    booked = take(line(2), line(3))
    one = db.session.scalars(sa.select(Expenditure).order_by(Expenditure.id)).first()
    ledger.reverse_expenditure(one, on=date(2019, 10, 21), reason="Not paid")
    services.reverse_load(booked.load, reason="Wrong file")
    assert spent() == Counter()


def test_more_lines_than_one_statement_takes(books):
    booked = take(*(line(n, 1) for n in range(2, 2103)))
    assert booked.added_count == 2101
    assert take(*(line(n, 1) for n in range(2, 2104))).known_count == 2101
    services.reverse_load(booked.load, reason="A test")
    assert sum(spent().values()) == 1


AMOUNTS = st.integers(1, 40_000)
LINES = st.lists(
    st.tuples(
        AMOUNTS, st.sampled_from([("CAN-1", "BOL-2019"), ("GEN-1", "BOL-2019"), ("GEN-1", "PER-2021")]),
        st.sampled_from(["USD", "BOB"]), st.integers(1, 9), st.sampled_from([date(2019, 10, 4), date(2019, 11, 30)]),
        st.sampled_from(["debit", "debit", "reversed", "part"]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def extract(drawn, start: int) -> list[Line]:
    """Lines as drawn, each followed by its reversal or a part given back where it is drawn so."""
    lines = []
    for amount, (award, code), currency, number, day, what in drawn:
        row = start + len(lines)
        values = {"mission": code, "currency": currency, "object_number": number, "incurred_on": day}
        lines.append(line(row, amount, award, **values))
        if what == "reversed":
            lines.append(line(row + 1, -amount, award, reverses=f"L{row}", **values))
        elif what == "part" and amount > 1:
            lines.append(line(row + 1, -(amount // 2), award, **values))
    return lines


@given(LINES, LINES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_load_and_its_reversal_leave_every_balance_and_twice_is_once(books, first, second):
    with db.session.begin_nested() as savepoint:
        take(*extract(first, 2))
        before, standing = spent(), held(books)
        lines = extract(second, 1000)
        booked = take(*lines)
        once = spent()
        assert take(*lines) == ledger_intake.Booked(0, len(lines), 0)
        assert spent() == once
        services.reverse_load(booked.load, reason="A test")
        assert (spent(), held(books)) == (before, standing)
        anew = take(*lines)
        assert (anew.added_count, spent()) == (len(lines), once)
        savepoint.rollback()


def held(cast) -> list[int]:
    """What each award holds, and each part of the general one (US cents)."""
    found = []
    for award in awards_of_the_books():
        found.append(balances.award_balance(db.session(), award).available_cents)
        found += [sum(balances.allocated_and_spent(db.session(), award.id, m.id)) for m in (cast.a, cast.b)]
    return found


def awards_of_the_books():
    from eom.finance.models.award import Award

    return db.session.scalars(sa.select(Award).order_by(Award.id))


def test_a_load_says_who_and_from_which_file(books):
    load = take(line(2)).load
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LedgerLoad)) == 1
    assert (load.file_name, len(load.sha256), load.loaded_by) == ("extract.csv", 64, "system")
    assert take(line(2)).load is None
