"""Donors: rules and pages."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.core.errors import AppError, Conflict
from eom.extensions import db
from eom.finance.models.award import Donor, DonorKind
from eom.finance.services import donors
from tests.factories.finance import a_donor, an_award

FIELDS = {"name": "Spain", "kind": "permanent_observer", "country": "ESP"}


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"name": "  "}, "needs a name", "name"),
        ({"country": None}, "Say which country", "country"),
        ({"country": "XXX"}, "“XXX” is no country", "country"),
        ({"country": "ESP"}, "Spain is no member state", "kind"),
        ({"kind": DonorKind.PERMANENT_OBSERVER}, "Canada is a member state", "kind"),
    ],
)
def test_each_rule_says_what_is_wrong_and_where(cast, wrong, words, field):
    with pytest.raises(AppError) as refused:
        a_donor(**wrong)
    assert words in str(refused.value)
    assert refused.value.field == field


def test_a_name_is_given_once_whatever_its_case(cast):
    a_donor(name="Government of Canada")
    with pytest.raises(Conflict) as refused:
        a_donor(name="government  of CANADA")
    assert refused.value.field == "name"


def test_a_donor_may_be_saved_as_it_is(cast):
    donor = a_donor(name="Chile", country="CHL")
    donors.edit_donor(donor, name="Chile", kind=donor.kind, country="CHL")
    assert donor.name == "Chile"


def test_an_organisation_needs_no_country(cast):
    assert a_donor(kind=DonorKind.ORGANISATION, country=None).country is None


def test_finance_records_and_changes_a_donor(cast, as_person):
    clara = as_person("clara")
    page = clara.submit("/finance/donors/new", **FIELDS)
    assert page.h1 == "Spain"
    assert "Permanent observer" in page.text
    donor = db.session.scalar(sa.select(Donor).where(Donor.name == "Spain"))
    page = clara.submit(f"/finance/donors/{donor.id}/edit", **FIELDS | {"name": "Kingdom of Spain"})
    assert page.h1 == "Kingdom of Spain"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "This must be given"),
        ({"name": "x" * 201}, "At most 200 characters"),
        ({"kind": "bank"}, "“bank” is not one of the choices"),
        ({"country": "Atlantis"}, "“Atlantis” is not one of the choices"),
        ({"kind": "member_state"}, "Spain is no member state"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(cast, as_person, wrong, words):
    page = as_person("clara").submit("/finance/donors/new", 422, **FIELDS | wrong)
    assert words in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Donor)) == 0


def test_the_list_adds_up_is_filtered_and_goes_out(cast, as_person):
    an_award(cast.a, donor=a_donor(name="Canada"), received_cents=123_456)
    a_donor(name="Spain", kind=DonorKind.PERMANENT_OBSERVER, country="ESP")
    db.session.commit()
    clara = as_person("clara")
    page = clara.page("/finance/donors?sort=-received")
    assert [words.get_text(strip=True) for words in page.all("tbody td:first-child")] == ["Canada", "Spain"]
    assert "$1,234.56" in page.one("tfoot").get_text()
    assert "Canada" not in clara.page("/finance/donors?kind=permanent_observer").one("tbody").get_text()
    clara.get("/finance/donors?kind=nonsense", 422)
    csv = clara.get("/finance/donors?format=csv").text
    assert "Canada,Member state,Canada,1,1234.56,1234.56,0" in csv
    assert clara.get("/finance/donors?format=xlsx").data[:2] == b"PK"
    clara.get("/finance/donors?format=pdf", 422)


def test_money_is_written_as_the_reader_writes_it(cast, as_person):
    cast.user("clara").language = "fr"
    an_award(cast.a, received_cents=123_456)
    db.session.commit()
    clara = as_person("clara")
    clara.http.post("/language", data={"language": "fr", "next": "/finance"})
    assert "1 234,56" in clara.page("/finance/donors").text.replace("\u202f", " ").replace("\xa0", " ")


def test_a_name_that_is_a_formula_or_markup_stays_text(cast, as_person):
    a_donor(name="=HYPERLINK(1)<b>x</b>", kind=DonorKind.OTHER)
    db.session.commit()
    clara = as_person("clara")
    assert not clara.page("/finance/donors").all("tbody b")
    assert "'=HYPERLINK" in clara.get("/finance/donors?format=csv").text


@pytest.mark.parametrize("name", ["elena", "hugo", "amir"])
def test_those_who_read_money_everywhere_see_the_pages(cast, as_person, name):
    donor = a_donor()
    db.session.commit()
    assert as_person(name).page(f"/finance/donors/{donor.id}").h1 == donor.name
    assert as_person(name).page("/finance").h1 == "Finance"


@pytest.mark.parametrize("name", ["elena", "hugo"])
def test_those_who_only_read_record_nothing(cast, as_person, name):
    person = as_person(name)
    person.page("/finance/donors/new", 403)
    person.submit("/finance/donors/new", 403, **FIELDS)
    assert not person.page("/finance/donors").all("a[href='/finance/donors/new']")


@pytest.mark.parametrize("name", ["ana", "bruno", "carmen", "dario"])
@pytest.mark.parametrize(
    "url",
    ["/finance", "/finance/donors", "/finance/donors/1", "/finance/awards", "/finance/awards/1", "/finance/rates",
     "/finance/in-kind", "/finance/years", "/finance/years/2019", "/finance/awards?format=csv"],
)  # fmt: skip
def test_the_organizations_books_are_not_for_members_of_one_mission(cast, as_person, name, url):
    page = as_person(name).page(url, 403)
    assert "Finance" not in [words.get_text(strip=True) for words in page.all(".bar-menu a")]


def test_nobody_is_asked_to_sign_in(cast, as_person):
    assert as_person(None).get("/finance/donors", 302).location.startswith("/login")


def test_a_donor_that_does_not_exist(cast, as_person):
    as_person("clara").page("/finance/donors/999", 404)


def test_the_empty_pages_say_what_comes_next(cast, as_person):
    clara = as_person("clara")
    assert clara.page("/finance").one(".empty-state a, .empty a").get_text() == "Record a donor"
    assert "No donors yet" in clara.page("/finance/donors").text
    assert "record the donor first" in clara.page("/finance/awards/new").text
