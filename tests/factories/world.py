"""One of everything that an address can name, in one mission."""

from __future__ import annotations

import sqlalchemy as sa

from eom.accounts.models import InvitationKind, Membership, SignInSession, User
from eom.accounts.services import invitations, sessions
from eom.checklists import library
from eom.checklists.models.sms import GatewayKind, SmsMessage
from eom.checklists.models.submission import SubmissionState
from eom.checklists.services import app_users, drafts, files, flagging, review, sms_gateways
from eom.checklists.services.unpacking import SentFile
from eom.core.jobs import Job, JobState
from eom.deployment.sample_models import SampledStation
from eom.deployment.services import samples
from eom.extensions import db
from eom.finance import jobs as finance_jobs
from eom.finance.models.agreement import PaperKind
from eom.finance.models.award import AwardMovement
from eom.finance.services import budgets, ledger_intake, loads, papers, scans
from eom.missions.models.mission import Mission
from eom.missions.services import milestones
from eom.observers.models import Appointment
from eom.stations import jobs as station_jobs
from tests.factories import checklists, deployment, finance, logistics, plans, stations
from tests.factories import commitments as made_of
from tests.factories.observers import fill_dossier

PDF = b"%PDF-1.7 a letter of some length"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def make_everything(mission: Mission, person: User) -> dict[str, object]:
    """The ids by the names that addresses use; ``person`` started the job, sent the checklist and has the place."""
    milestones.plan(mission)
    station = stations.a_station(mission)
    assignment = deployment.an_assignment(mission, station=station)
    award = finance.an_award(mission)
    movement_id = db.session.scalar(sa.select(AwardMovement.id).where(AwardMovement.award_id == award.id))
    version, submission = _checklist(mission, person)
    appointment = db.session.get_one(Appointment, assignment.appointment_id)
    fill_dossier(appointment.person).user_id = person.id
    device, token = app_users.issue(appointment, "Tablet 1")
    made = {
        "appointment_id": assignment.appointment_id, "app_user_id": device.id, "token": token,
        "person_id": appointment.person_id,
        "assignment_id": assignment.id, **_plan(mission, deployment.a_team(mission, appointment, **plans.BASE)), "award_id": award.id, "movement_id": movement_id, "donor_id": award.donor_id,
        **_agreement(award),
        "contribution_id": finance.help_in_kind(mission).id,
        "expenditure_id": finance.an_expenditure(mission, award).id,
        **_commitments(mission, award),
        "centre_id": station.centre_id, "finding_id": stations.a_finding(mission, station.centre).id, "level": 2, "milestone_id": mission.milestones[0].id,
        "process_id": mission.processes[0].id, "round_id": mission.rounds[0].id, "version_id": version.id,
        "submission_id": submission.id, "attachment_id": submission.attachments[0].id,
        "batch_id": review.decide(mission, {submission.id: 0}, SubmissionState.CHECKED, by=person).id,
        **_access(mission, person),
        "rule_id": _rule(mission, version).id, "form_id": version.form_id,
        "draft_id": drafts.load_draft(mission, checklists.store(), library.workbook("voting"), "voting.xlsx").id,
        "file_id": files.attach_file(mission, checklists.store(), checklists.picture(), "box.png").id,
        **_sms(mission), **_loads(mission, person), **_sample(mission), **_logistics(mission, appointment),
        "object_type": "missions", "object_id": mission.id, "actor_id": person.id,
        "job_id": _preview(mission, person).id, "name": "extra.bin", "year": 2019, "revision": 0,
    }  # fmt: skip
    milestones.attach_document(mission.milestones[0], checklists.store(), PDF, "letter.pdf")
    db.session.commit()
    return made


def _plan(mission: Mission, team) -> dict[str, object]:
    """A team, a plan that was computed for it, and an area where nobody goes."""
    plan = plans.a_computed_plan(mission, team)
    return {
        "team_id": team.id,
        "plan_id": plan.id,
        "stop_id": plan.stops[0].id,
        "no_go_id": plans.a_no_go(mission).id,
    }


def _agreement(award) -> dict[str, object]:
    """One of each thing that an agreement holds, a pledge that it took up, and whom to write to."""
    paper = papers.keep_paper(award, checklists.store(), PDF, "agreement.pdf", kind=PaperKind.AGREEMENT)
    return {
        "instalment_id": finance.an_instalment(award).id, "due_id": finance.a_report_due(award).id,
        "document_id": paper.id, "contact_id": finance.a_contact(award.donor).id,
        "pledge_id": finance.a_pledge(award.donor, award=award).id,
    }  # fmt: skip


def _commitments(mission: Mission, award) -> dict[str, object]:
    """A budget with an approved version and a draft, and one of each thing beside the ledger."""
    made_of.approved_budget(mission, (4, "Flights", 100_000_00))
    line = budgets.plan_line(mission, object_number=4, description="More flights", usd_cents=1000_00)
    obligation = made_of.an_obligation(mission, award)
    scan = scans.keep_scan(mission, obligation, checklists.store(), PDF, "contract.pdf")
    return {
        "line_id": line.id, "budget_id": line.version_id, "kind": "csv", "obligation_id": obligation.id,
        "scan_id": scan.id, "pending_id": made_of.a_waiting_entry(mission, award).id,
        "advance_id": made_of.an_advance(mission, award).id, "standard_id": made_of.a_standard_line().id,
        "election_id": made_of.an_election().id,
    }  # fmt: skip


def _access(mission: Mission, person: User) -> dict[str, object]:
    """A member of the mission, a session of the person, and a link that nobody has used."""
    membership = db.session.scalars(
        sa.select(Membership).where(Membership.mission_id == mission.id).order_by(Membership.id)
    ).first()
    invited = db.session.get_one(User, membership.user_id)
    sessions.begin(person, address="192.0.2.1", device="another")
    session_id = db.session.scalar(sa.select(sa.func.max(SignInSession.id)))
    secret = invitations.make_link(invited, InvitationKind.INVITATION, by=person)
    return {"membership_id": membership.id, "user_id": invited.id, "session_id": session_id, "secret": secret}


def _checklist(mission: Mission, person: User):
    version = checklists.publish_standard(mission)
    receipt = checklists.receive(mission, checklists.filled(), SentFile("extra.bin", PNG), user=person)
    return version, receipt.submission


def _sample(mission: Mission) -> dict[str, object]:
    """A sample of the one station there is, adopted."""
    sample = deployment.a_sample(mission)
    samples.adopt(sample)
    drawn = sa.select(SampledStation.id).where(SampledStation.sample_id == sample.id)
    return {"sample_id": sample.id, "sampled_id": db.session.scalars(drawn).first()}


def _sms(mission: Mission) -> dict[str, object]:
    """A gateway, its address, and a message that waits."""
    gateway, address, _secret = sms_gateways.add_gateway(mission, name="Gateway", kind=GatewayKind.KANNEL)
    message = SmsMessage(
        mission_id=mission.id, gateway_id=gateway.id, message_id="1", number="+59170123456", text="OPEN"
    )
    db.session.add(message)
    db.session.flush()
    return {"gateway_id": gateway.id, "message_id": message.id, "address": address}


def _loads(mission: Mission, person: User) -> dict[str, object]:
    """A load of the ledger, a look at a file before it is loaded, and columns kept under a name."""
    line = finance.a_line(mission)
    load = ledger_intake.take([line], mission=mission, file_name="extract.csv").load
    choice = {"columns": {"award": "award"}, "fixed": {}, "decimal_mark": ".", "date_order": None}
    result = {
        "lines": [], "added": 1, "known": 0, "usd_cents": 100, "icr_cents": 0, "credits": 0, "sums": [], "shown": [],
        "errors": [], "error_count": 0, "errors_digest": None, "choice": choice, "needs_mark": False,
        "needs_order": False, "amount_samples": [], "day_samples": [], "passed_over": [], "passed_over_count": 0,
        "total_differs": False, "total": "", "said": "", "before": None,
        "above": [], "above_count": 0, "beyond": [], "beyond_count": 0, "limit_cents": 500_000,
    }  # fmt: skip
    preview = Job(
        kind=finance_jobs.PREVIEW, state=JobState.DONE, mission_id=mission.id, result=result, actor_id=person.id,
        actor_name=person.name, arguments={"digest": "0" * 64, "name": "extract.csv", "choice": choice},
    )  # fmt: skip
    db.session.add(preview)
    waiting = made_of.a_waiting_load(mission)
    kept = loads.keep_mapping(name=f"Extract {mission.code}", heads="0" * 64, choice=choice)
    db.session.flush()
    return {"waiting_id": waiting.id, "load_id": load.id, "preview_id": preview.id, "mapping_id": kept.id}


def _logistics(mission: Mission, appointment: Appointment) -> dict[str, object]:
    """One of each thing that logistics holds; the card is another person's, who is accredited."""
    stay = logistics.a_stay(mission, appointment)
    card = logistics.a_card(mission)
    return {
        "travel_id": logistics.a_travel(mission, appointment).id, "stay_id": stay.id, "hotel_id": stay.hotel_id,
        "driver_id": logistics.a_driver(mission).id, "vehicle_id": logistics.a_vehicle(mission).id,
        "equipment_id": logistics.a_thing(mission).id, "credential_id": card.id, "credential_token": card.token,
        "briefing_id": logistics.a_briefing(mission).id, "headcount_id": logistics.a_headcount(mission).id,
    }  # fmt: skip


def _rule(mission: Mission, version):
    return flagging.add_rule(
        mission, form_id=version.form_id, words="Nobody came", expression="${ballots_received} = 0"
    )


def _preview(mission: Mission, person: User) -> Job:
    result = {"lines": [], "summary": {}, "changes_nothing": True, "examples": [], "added": [], "missing": [],
              "notices": [], "notice_count": 0}  # fmt: skip
    job = Job(
        kind=station_jobs.PREVIEW, state=JobState.DONE, mission_id=mission.id, result=result,
        actor_id=person.id, actor_name=person.name,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    return job
