"""The pages of pledges, agreements and contacts, and what a donor's viewer sees of them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.core.storage import StoredFile
from eom.extensions import db
from eom.finance.models.agreement import AwardDocument, AwardInstalment
from eom.finance.models.award import Award, Donor
from eom.finance.models.contact import DonorContact
from eom.finance.models.pledge import DonorPledge, PledgeState
from eom.finance.queries import agreements
from tests.factories.finance import a_contact, a_donor, a_pledge, a_report_due, an_award, an_instalment

PDF = b"%PDF-1.7 an agreement of some length"


@pytest.fixture
def clara(as_person):
    return as_person("clara")


def test_from_a_pledge_to_an_award_that_is_paid_in_instalments(cast, clara):
    donor = a_donor(name="Spain", kind="permanent_observer", country="ESP")
    db.session.commit()
    page = clara.submit(
        "/finance/pledges/new", donor_id=donor.id, mission_id=cast.a.id, amount_cents="60,000", currency="USD",
        pledged_on="2019-02-01", manner="letter", paper="Note 12", note="",
    )  # fmt: skip
    assert page.h1 == "Pledge of Spain"
    pledge = db.session.scalar(sa.select(DonorPledge))
    form = clara.page(f"/finance/awards/new?pledge={pledge.id}")
    assert form.one("#agreed_cents")["value"] == "60,000.00"
    page = clara.submit(
        "/finance/awards/new", reference="ESP-1", donor_id=donor.id, title="Observation", mission_id=cast.a.id,
        currency="USD", fund="", appropriation_year="", pledge_id=pledge.id, pledge_part_cents="", agreed_cents="60000",
        agreed_on="2019-03-01", starts_on="", ends_on="", icr_percent="11", icr_basis="", purpose="", restrictions="",
    )  # fmt: skip
    award = db.session.scalar(sa.select(Award))
    assert (pledge.state, award.pledged_cents) == (PledgeState.AGREED, 6_000_000)
    clara.submit(
        f"/finance/awards/{award.id}/instalments/new",
        due_on="2019-04-01",
        amount_cents="20000",
        condition="On signature",
    )
    row = db.session.scalar(sa.select(AwardInstalment))
    page = clara.page("/finance/instalments?state=overdue")
    assert "ESP-1" in page.text
    assert "1 instalment is overdue" in clara.page("/finance").text
    assert clara.page(f"/finance/awards/{award.id}/movements/new").one("#instalment_id option[selected]")[
        "value"
    ] == str(row.id)
    clara.submit(
        f"/finance/awards/{award.id}/movements/new", kind="receipt", moved_on="2019-04-02", reference="B-1",
        amount_cents="15000", currency="USD", instalment_id=row.id, note="",
    )  # fmt: skip
    assert agreements.paid_cents(db.session(), row) == 1_500_000
    clara.submit(
        f"/finance/awards/{award.id}/movements/new", kind="receipt", moved_on="2019-04-03", reference="B-2",
        amount_cents="9000", currency="USD", instalment_id="", note="",
    )  # fmt: skip
    receipt = agreements.receipts_to_match(db.session(), award)[0]
    clara.submit(
        f"/finance/awards/{award.id}/instalments/{row.id}/match", movement_id=receipt.id, amount_cents=""
    )
    assert agreements.paid_cents(db.session(), row) == 2_000_000
    assert "instalment is overdue" not in clara.page("/finance").text
    assert "ESP-1" in clara.page("/finance/instalments?state=paid").text


def test_only_a_receipt_pays_an_instalment(cast, clara):
    award = an_award()
    row = an_instalment(award)
    db.session.commit()
    page = clara.submit(
        f"/finance/awards/{award.id}/movements/new", 422, kind="interest", moved_on="2019-04-02", reference="B-1",
        amount_cents="1", currency="USD", instalment_id=row.id,
    )  # fmt: skip
    assert "Only a receipt pays an instalment" in page.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount_cents": "abc"}, "“abc” is no number"),
        ({"amount_cents": "-5"}, "At least 0.01"),
        ({"pledged_on": "2999-01-01"}, "This day lies ahead"),
        ({"pledged_on": ""}, "This must be given"),
        ({"manner": "dream"}, "“dream” is not one of the choices"),
        ({"donor_id": "999"}, "“999” is not one of the choices"),
        ({"currency": "EUR"}, "no rate of EUR"),
        ({"paper": "x" * 201}, "At most 200 characters"),
    ],
)
def test_a_bad_pledge_is_named_and_nothing_is_written(cast, clara, wrong, words):
    donor = a_donor()
    db.session.commit()
    fields = {
        "donor_id": donor.id,
        "amount_cents": "5",
        "currency": "USD",
        "pledged_on": "2019-01-02",
        "manner": "letter",
    }
    page = clara.submit("/finance/pledges/new", 422, **fields | wrong)
    assert words in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DonorPledge)) == 0


def test_a_pledge_is_withdrawn_and_opened_again(cast, clara):
    pledge = a_pledge()
    db.session.commit()
    url = f"/finance/pledges/{pledge.id}"
    assert (
        "This must be given"
        in clara.submit(f"{url}/end", 422, state="withdrawn", on="2019-05-01", reason="").text
    )
    page = clara.submit(f"{url}/end", state="withdrawn", on="2019-05-01", reason="Budget cut")
    assert "Budget cut" in page.text
    page = clara.submit(f"{url}/reopen", reason="They wrote again")
    assert "Open" in page.text
    db.session.refresh(pledge)
    assert pledge.state is PledgeState.OPEN


def test_an_agreement_is_amended_and_its_report_is_sent(cast, clara):
    award = an_award(received_cents=0, agreed_cents=100_000)
    due = a_report_due(award)
    db.session.commit()
    page = clara.submit(
        f"/finance/awards/{award.id}/amendments/new", reference="A1", signed_on="2019-06-01", summary="More time",
        agreed_cents="1500", ends_on="2020-06-30", icr_percent="0",
    )  # fmt: skip
    assert "More time" in page.text
    assert "$500.00" in page.text
    assert "Final report, narrative and financial of award" in clara.page("/finance").text
    page = clara.submit(
        f"/finance/awards/{award.id}/reports/{due.id}/edit",
        kind="final",
        due_on="2019-12-31",
        sent_on="2019-12-20",
        note="",
    )
    assert "Dec 20, 2019" in page.text
    clara.submit(f"/finance/awards/{award.id}/reports/{due.id}/remove")
    assert agreements.terms(db.session(), award).reports == []


def test_a_document_is_kept_with_its_award_and_taken_off(cast, clara, as_person):
    award, other = an_award(), an_award()
    db.session.commit()
    url = f"/finance/awards/{award.id}/documents"
    page = clara.submit(
        f"{url}/new", 422, kind="agreement", title="", document=(BytesIO(b"MZ program"), "a.exe")
    )
    assert "is not a PDF" in page.text
    clara.submit(f"{url}/new", kind="agreement", title="", document=(BytesIO(PDF), "agreement.pdf"))
    row = db.session.scalar(sa.select(AwardDocument))
    assert (row.title, row.file.mission_id) == ("agreement.pdf", None)
    assert as_person("elena").get(f"{url}/{row.id}").data == PDF
    clara.page(f"/finance/awards/{other.id}/documents/{row.id}", 404)
    as_person("ana").page(f"{url}/{row.id}", 403)
    clara.submit(f"{url}/{row.id}/remove")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_contacts_are_recorded_changed_and_forgotten_and_never_stand_in_the_trail(cast, clara):
    donor = a_donor()
    db.session.commit()
    clara.submit(
        f"/finance/donors/{donor.id}/contacts/new",
        name="Nuria Vidal",
        role="Adviser",
        email="N@Example.org",
        phone="",
    )
    row = db.session.scalar(sa.select(DonorContact))
    page = clara.submit(
        f"/finance/donors/{donor.id}/contacts/{row.id}/edit", name="Nuria Vidal", role="Adviser", email="n@example.org",
        phone="+34 600",
    )  # fmt: skip
    assert "n@example.org" in page.text
    file = clara.get("/finance/donors?format=csv").data.decode("utf-8-sig")
    assert "Nuria Vidal, Adviser, n@example.org, +34 600" in file
    clara.submit(f"/finance/donors/{donor.id}/contacts/{row.id}/remove")
    told = [str(e.changes) + e.summary if hasattr(e, "summary") else str(e.changes) for e in db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "donor_contacts"))]  # fmt: skip
    assert len(told) == 3
    assert not any("Nuria" in each or "example.org" in each for each in told)


def test_a_viewer_sees_own_pledges_instalments_and_reporting_dates_only(cast, as_person):
    donor = db.session.get_one(Donor, cast.user("dora").memberships[0].donor_id)
    award, other = an_award(cast.a, donor=donor), an_award(cast.a)
    an_instalment(award, amount_cents=12_345, condition="On signature")
    an_instalment(other, condition="Of somebody else")
    a_report_due(award, due_on=date(2019, 11, 30))
    a_pledge(donor, amount_cents=98_765)
    a_pledge(other.donor, amount_cents=43_210)
    a_contact(donor, name="A secret name")
    db.session.commit()
    dora = as_person("dora")
    page = dora.page("/my-awards")
    assert "$987.65" in page.text
    assert "$432.10" not in page.text
    page = dora.page(f"/my-awards/{award.id}")
    for words in ("$123.45", "On signature", "Nov 30, 2019", "Reports to you"):
        assert words in page.text, words
    assert not page.all("a[href*='/finance/']")
    assert "A secret name" not in page.text
    for url in ("pledges", "instalments", "regular-fund", "fundraising", f"donors/{donor.id}/history"):
        dora.page(f"/finance/{url}", 403)


@pytest.mark.parametrize("name", ["elena", "hugo", "ana", "felix"])
def test_who_reads_does_not_write(cast, as_person, name):
    award = an_award(cast.a)
    db.session.commit()
    for url in ("pledges/new", "regular-fund/new", f"awards/{award.id}/instalments/new",
                f"awards/{award.id}/amendments/new", f"donors/{award.donor_id}/contacts/new"):  # fmt: skip
        as_person(name).page(f"/finance/{url}", 403)
