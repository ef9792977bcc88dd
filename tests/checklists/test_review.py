"""Deciding about submissions: what may follow what, who was faster, and what an undo takes back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists.models.review import ReviewAct
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries import comparing
from eom.checklists.queries import review as queries
from eom.checklists.services import publishing, review
from eom.core.errors import Conflict, InvalidInput, NotFound, Refused
from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.checklists import filled, receive

S = SubmissionState


@pytest.fixture
def sent(cast):
    """Three opening checklists of three stations."""
    factory.publish_standard(cast.a)
    found = []
    for number in range(3):
        station = factory.make_station(cast.a)
        xml = filled(station.code, f"uuid:{number}")
        found.append(receive(cast.a, xml, user=cast.user("bruno")).submission)
    return found


def seen(*submissions):
    last = queries.last_acts(db.session(), [each.id for each in submissions])
    return {each.id: last.get(each.id, 0) for each in submissions}


def decide(cast, state, *submissions, by="ana", comment=None, **more):
    return review.decide(cast.a, seen(*submissions), state, by=cast.user(by), comment=comment, **more)


class TestDeciding:
    def test_it_works(self, cast, sent):
        batch = decide(cast, S.APPROVED, *sent[:2], comment=" Well done ")
        assert [each.state for each in sent] == [S.APPROVED, S.APPROVED, S.RECEIVED]
        assert [(a.from_state, a.to_state, a.comment, a.by) for a in batch.acts] == [
            (S.RECEIVED, S.APPROVED, "Well done", cast.user("ana"))
        ] * 2

    @pytest.mark.parametrize("state", [S.REJECTED, S.TO_CORRECT])
    @pytest.mark.parametrize("comment", [None, "  \n"])
    def test_saying_no_needs_a_reason(self, cast, sent, state, comment):
        with pytest.raises(InvalidInput) as refusal:
            decide(cast, state, sent[0], comment=comment)
        assert refusal.value.field == "comment"
        assert sent[0].state is S.RECEIVED

    def test_who_was_slower_is_told_and_changes_nothing(self, cast, sent):
        before = seen(*sent)
        decide(cast, S.CHECKED, sent[1], by="delia")
        with pytest.raises(Conflict):
            review.decide(cast.a, before, S.APPROVED, by=cast.user("ana"))
        assert [each.state for each in sent] == [S.RECEIVED, S.CHECKED, S.RECEIVED]

    def test_a_comment_is_something_to_read_before_deciding(self, cast, sent):
        before = seen(sent[0])
        review.comment_on(sent[0], "I called: it was 5, not 50.", by=cast.user("delia"))
        with pytest.raises(Conflict):
            review.decide(cast.a, before, S.APPROVED, by=cast.user("ana"))

    def test_what_a_correction_replaced_is_not_decided_about(self, cast, sent):
        receive(cast.a, filled("", "uuid:new", replaces="uuid:0"), user=cast.user("bruno"))
        with pytest.raises(Refused):
            decide(cast, S.APPROVED, sent[0])

    def test_those_that_are_so_already_stay_as_they_are(self, cast, sent):
        decide(cast, S.APPROVED, sent[0])
        assert len(decide(cast, S.APPROVED, *sent).acts) == 2
        with pytest.raises(Refused):
            decide(cast, S.APPROVED, *sent)

    def test_another_missions_and_another_areas_do_not_exist(self, cast, sent):
        with pytest.raises(NotFound):
            review.decide(cast.b, seen(sent[0]), S.CHECKED, by=cast.user("dario"))
        mine = {sent[0].polling_station.centre.first_area_id}
        decide(cast, S.CHECKED, sent[0], areas=mine)
        with pytest.raises(NotFound):
            decide(cast, S.CHECKED, sent[1], areas=mine)

    def test_limits(self, cast, sent):
        with pytest.raises(InvalidInput):
            review.decide(cast.a, {}, S.CHECKED, by=cast.user("ana"))
        with pytest.raises(InvalidInput):
            review.decide(cast.a, dict.fromkeys(range(201), 0), S.CHECKED, by=cast.user("ana"))
        with pytest.raises(InvalidInput):
            decide(cast, S.CHECKED, sent[0], comment="x" * 2001)


class TestUndo:
    def test_takes_back_the_whole_decision(self, cast, sent):
        decide(cast, S.CHECKED, sent[0])
        batch = decide(cast, S.APPROVED, *sent)
        assert review.undo(cast.a, batch.id, by=cast.user("ana")) == review.Undone(3, 0)
        assert [each.state for each in sent] == [S.CHECKED, S.RECEIVED, S.RECEIVED]
        assert queries.last_batch(db.session(), cast.a, cast.user("ana")) is None
        with pytest.raises(Refused):
            review.undo(cast.a, batch.id, by=cast.user("ana"))

    def test_leaves_what_was_decided_or_corrected_since(self, cast, sent):
        batch = decide(cast, S.APPROVED, *sent)
        decide(cast, S.REJECTED, sent[0], by="delia", comment="The station was closed.")
        receive(cast.a, filled("", "uuid:new", replaces="uuid:1"), user=cast.user("bruno"))
        assert review.undo(cast.a, batch.id, by=cast.user("ana")) == review.Undone(1, 2)
        assert [each.state for each in sent] == [S.REJECTED, S.APPROVED, S.RECEIVED]

    def test_a_state_that_was_changed_and_changed_back_is_no_longer_ones_own(self, cast, sent):
        batch = decide(cast, S.CHECKED, sent[0])
        decide(cast, S.APPROVED, sent[0], by="delia")
        decide(cast, S.CHECKED, sent[0], by="delia")
        with pytest.raises(Refused):
            review.undo(cast.a, batch.id, by=cast.user("ana"))

    def test_is_for_ones_own_decisions(self, cast, sent):
        batch = decide(cast, S.CHECKED, sent[0])
        with pytest.raises(NotFound):
            review.undo(cast.a, batch.id, by=cast.user("delia"))


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*S, None]), st.sets(st.integers(0, 2), min_size=1), st.sampled_from(["ana", "delia"])
        ),
        max_size=8,
    )
)  # fmt: skip
def test_whatever_is_decided_the_trail_of_acts_explains_every_state(cast, sent, steps):
    """A state is always where the acts lead from “received”; each act starts where the last one ended."""
    with db.session.begin_nested() as savepoint:
        batches = []
        for state, chosen, name in steps:
            held = [(each.id, each.state) for each in sent]
            try:
                if state is None:
                    if batches:
                        batch_id, owner = batches.pop()
                        review.undo(cast.a, batch_id, by=cast.user(owner))
                else:
                    targets = [sent[number] for number in chosen]
                    batches.append((decide(cast, state, *targets, by=name, comment="Because").id, name))
            except Refused:
                assert held == [(each.id, each.state) for each in sent]
        for each in sent:
            state = S.RECEIVED
            for act in queries.history(db.session(), [each.id]):
                assert act.from_state is state
                assert act.is_undo or act.to_state in review.TRANSITIONS[state]
                state = act.to_state
            assert each.state is state
        savepoint.rollback()
    db.session.expire_all()


class TestQueue:
    def order(self, cast, areas=None, **arguments):
        definition = queries.queue(db.session(), cast.a, areas, str, is_open="state" not in arguments)
        return [each.id for each in definition.show(db.session(), "/", arguments).rows]

    def test_incidents_come_first_then_what_is_flagged_then_the_oldest(self, cast, sent):
        publishing.publish_standard(cast.a, factory.store(), "incident")
        flagged = receive(cast.a, filled("", "uuid:flag", box_empty=None), user=cast.user("bruno")).submission
        incident = receive(
            cast.a, filled("", "uuid:inc", form_id="eom_incident"), user=cast.user("bruno")
        ).submission
        for each in sent:
            each.flags, each.flag_count = [], 0
        db.session.flush()
        assert self.order(cast) == [incident.id, flagged.id, *(each.id for each in sent)]
        assert queries.next_in_queue(db.session(), cast.a, None, incident) == flagged.id
        assert self.order(cast, flag="missing")[-1] == flagged.id

    def test_what_is_decided_leaves_it(self, cast, sent):
        for each in sent:
            each.flag_count = 0
        decide(cast, S.APPROVED, sent[0])
        decide(cast, S.CHECKED, sent[1])
        assert self.order(cast) == [sent[1].id, sent[2].id]
        assert self.order(cast, state="approved") == [sent[0].id]

    def test_an_answer_cannot_pass_for_a_rule(self, cast, sent):
        sent[0].flags = [{"rule": "choice", "question": "x", "value": '"rule": "missing"', "row": 0}]
        sent[1].flags = [{"rule": "missing", "question": "x", "value": "", "row": 0}]
        sent[2].flags = []
        for each in sent:
            each.flag_count = len(each.flags)
        db.session.flush()
        found = db.session.scalars(sa.select(Submission.id).where(queries.is_flagged_by("missing")))
        assert list(found) == [sent[1].id]

    def test_duplicates_are_the_others_of_the_station_and_stage(self, cast, sent):
        station = sent[0].polling_station
        other = receive(
            cast.a, filled(station.code, "uuid:other", box_empty="no"), user=cast.user("ana")
        ).submission
        assert queries.duplicates(db.session(), sent[0]) == [other]
        rows = comparing.compared(db.session(), factory.store(), [sent[0], other], "en")
        assert [row.values for row in rows if row.differs] == [("Yes", "No")]
        decide(cast, S.REJECTED, other, comment="Sent twice.")
        assert queries.duplicates(db.session(), sent[0]) == []


class TestPages:
    URL = "/missions/BOL-2019/review"

    def token(self, *submissions):
        return [f"{id_}:{act}" for id_, act in seen(*submissions).items()]

    def test_the_queue_decides_about_many_and_takes_it_back(self, cast, sent, as_person):
        ana = as_person("ana")
        page = ana.page(self.URL)
        assert [box["value"] for box in page.all(".review-row input")] == list(self.token(*sent))
        page = ana.submit(f"{self.URL}/decide", submission=self.token(*sent), state="approved")
        assert "3 forms are now “Approved”" in page.text
        assert page.all(".review-row") == []
        page = ana.submit(page.one(".review-undo form")["action"])
        assert "3 forms taken back" in page.text
        assert len(page.all(".review-row")) == 3

    def test_a_reason_that_is_missing_is_asked_for_and_the_choice_kept(self, cast, sent, as_person):
        page = as_person("ana").submit(
            f"{self.URL}/decide", 422, submission=self.token(*sent[:2]), state="rejected"
        )
        assert "Say why" in page.text
        assert len(page.all(".review-row input[checked]")) == 2

    def test_one_leads_to_the_next(self, cast, sent, as_person):
        ana = as_person("ana")
        page = ana.page(f"{self.URL}/{sent[0].id}")
        assert page.one("[data-next]")["href"].endswith(f"/{sent[1].id}")
        page = ana.submit(
            f"{self.URL}/decide", one=sent[0].id, submission=self.token(sent[0]), state="to_correct",
            comment="Which table?",
        )  # fmt: skip
        assert page.one("[name=one]")["value"] == str(sent[1].id)
        assert "Which table?" in ana.page(f"{self.URL}/{sent[0].id}").text

    def test_someone_faster_is_told_of(self, cast, sent, as_person):
        token = self.token(sent[0])
        decide(cast, S.CHECKED, sent[0], by="delia")
        db.session.commit()
        page = as_person("ana").submit(
            f"{self.URL}/decide", 422, one=sent[0].id, submission=token, state="approved"
        )
        assert "Someone else was faster" in page.text

    def test_a_comment_alone(self, cast, sent, as_person):
        ana = as_person("ana")
        url = f"{self.URL}/{sent[0].id}/comment"
        assert "<b>" not in str(ana.submit(url, comment="<b>Look</b>").one(".review-comment").b)
        assert "must be given" in ana.submit(url, 422, comment="").text
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ReviewAct)) == 1

    def test_the_observer_reads_why_and_no_other_comment(self, cast, sent, as_person):
        review.comment_on(sent[0], "Between us.", by=cast.user("delia"))
        decide(cast, S.TO_CORRECT, sent[0], comment="Which table?")
        db.session.commit()
        url = f"/missions/BOL-2019/submissions/{sent[0].id}"
        text = as_person("bruno").page(url).text
        assert "To be corrected: Which table?" in text
        assert "Between us" not in text
        assert "Review" not in text
        decide(cast, S.RECEIVED, sent[0], by="delia")
        db.session.commit()
        assert "Which table?" not in as_person("bruno").page(url).text

    @pytest.mark.parametrize("tokens", ["x", "1", "1:2:3", "1:x"])
    def test_nonsense_is_refused(self, cast, sent, as_person, tokens):
        as_person("ana").submit(f"{self.URL}/decide", 422, submission=tokens, state="checked")

    def test_versions_and_duplicates_stand_beside_each_other(self, cast, sent, as_person):
        code = sent[0].polling_station.code
        new = receive(
            cast.a, filled(code, "uuid:new", replaces="uuid:0", box_empty="no"), user=cast.user("bruno")
        ).submission
        receive(cast.a, filled(code, "uuid:dup", box_sealed="no"), user=cast.user("ana"))
        db.session.commit()
        page = as_person("ana").page(f"{self.URL}/{new.id}")
        changes, beside = page.all("table.review-beside")
        assert [cell.get_text() for cell in changes.select("tbody td")] == ["Yes", "No"]
        assert len(beside.select(".review-differs")) == 2
        assert len(beside.select("tbody tr")) > 10
