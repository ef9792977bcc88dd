"""Receiving: every submission is kept once, whatever its sender and the network do."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists.models.submission import (
    Submission,
    SubmissionAttachment,
    SubmissionConflict,
    SubmissionState,
)
from eom.checklists.openrosa_xml import NotXML
from eom.checklists.services.keeping import Outcome
from eom.checklists.services.unpacking import SentFile
from eom.core import events
from eom.core.audit import AuditEntry
from eom.core.errors import Forbidden, NotFound, Refused, TooLarge
from eom.core.events import Reception
from eom.deployment.models import Visit
from eom.extensions import db
from eom.missions.models.mission import Stage
from eom.missions.models.process import Round, RoundKind
from tests.factories import checklists as factory
from tests.factories.checklists import filled, receive

JPEG = b"\xff\xd8\xff" + b"1" * 40
AT = datetime(2019, 10, 20, 13, 0, tzinfo=UTC)


def count(model, *criteria) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*criteria))


def rules(submission) -> list[tuple[str, str]]:
    return [(flag["rule"], flag["question"]) for flag in submission.flags]


@pytest.fixture
def opening(cast):
    return factory.publish_standard(cast.a)


@pytest.fixture
def station(cast, opening):
    return factory.make_station(cast.a, "20217")


@pytest.fixture
def heard():
    told = []

    def listen(_sender, *, received):
        told.extend(received)

    with events.submissions_received.connected_to(listen):
        yield told


def test_a_submission_is_kept_as_sent_and_read(cast, opening, station):
    bruno = cast.user("bruno")
    xml = filled("20217", remarks="Très calme, «sin novedad»")
    receipt = receive(cast.a, xml, user=bruno, language="es", device_id="d1", at=AT)
    row = receipt.submission
    assert receipt.outcome is Outcome.RECEIVED
    assert row.xml == xml
    assert (row.instance_id, row.version, row.submitted_by) == ("uuid:1", opening, bruno)
    assert (row.polling_station, row.station_answer) == (station, "20217")
    assert row.round_id == cast.a.rounds[0].id
    assert row.answers["ballots_received"] == 220
    assert row.answers["remarks"] == "Très calme, «sin novedad»"
    assert (row.latitude, row.longitude, row.accuracy) == (-16.5, -68.15, 4.5)
    assert row.started_at == datetime(2019, 10, 20, 11, 40, tzinfo=UTC)
    assert row.ended_at == datetime(2019, 10, 20, 12, 20, tzinfo=UTC)
    assert (row.received_at, row.language, row.device_id) == (AT, "es", "d1")
    assert (row.state, row.flags, row.is_complete) == (SubmissionState.RECEIVED, [], True)


def test_the_same_again_adds_nothing(cast, opening, station, heard):
    xml = filled("20217")
    first, again = receive(cast.a, xml), receive(cast.a, xml)
    assert (again.outcome, again.submission) == (Outcome.AGAIN, first.submission)
    assert again.is_accepted
    assert count(Submission) == 1
    assert len(heard) == 1
    assert count(AuditEntry, AuditEntry.action == "received") == 1


def test_other_content_under_the_same_id_is_kept_apart(cast, opening, station, heard):
    first = receive(cast.a, filled("20217"))
    for _time in range(2):
        other = receive(cast.a, filled("20217", board_members=4), user=cast.user("bruno"))
    assert (other.outcome, other.is_accepted) == (Outcome.CONFLICT, False)
    assert first.submission.answers["board_members"] == 5
    [conflict] = first.submission.conflicts
    assert conflict.submitted_by is cast.user("bruno")
    assert factory.store().get(conflict.sha256) == filled("20217", board_members=4)
    assert (count(Submission), count(SubmissionConflict), len(heard)) == (1, 1, 1)


def test_the_same_instance_id_in_another_form_is_another_submission(cast, opening):
    factory.publish_standard(cast.b)
    receive(cast.a, filled())
    assert receive(cast.b, filled()).outcome is Outcome.RECEIVED
    assert count(Submission) == 2


def test_a_station_that_was_visited_is_told_once_with_its_round(cast, opening, station, heard):
    row = receive(cast.a, filled("20217"), at=AT).submission
    [told] = heard
    assert told == Reception(
        cast.a.id, cast.a.rounds[0].id, station.id, datetime(2019, 10, 20, 12, 20, tzinfo=UTC), row.id
    )
    visit = db.session.scalar(sa.select(Visit))
    assert (visit.polling_station_id, visit.submission_count) == (station.id, 1)


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"board_women": 9}, ("constraint", "board_women")),
        ({"box_sealed": None}, ("missing", "box_sealed")),
        ({"ballots_received": "many"}, ("unreadable", "ballots_received")),
        ({"access": "perhaps"}, ("choice", "access")),
        ({"colour": "red"}, ("unknown", "departure/colour")),
    ],
)
def test_answers_that_break_a_rule_are_kept_and_flagged(cast, opening, station, changes, flag):
    row = receive(cast.a, filled("20217", **changes)).submission
    assert flag in rules(row)
    assert row.flag_count == len(row.flags)


class TestStation:
    def test_written_beside_the_list_it_is_found_by_its_code(self, cast, opening, station):
        body = filled("other").replace(b"<selection>", b"<station_code> 20217 </station_code><selection>")
        row = receive(cast.a, body).submission
        assert (row.polling_station, row.station_answer, row.flags) == (station, "20217", [])

    def test_unknown_it_is_kept_as_written(self, cast, opening):
        row = receive(cast.a, filled("99999")).submission
        assert (row.polling_station, row.station_answer) == (None, "99999")
        assert rules(row) == [("station_unknown", "station")]

    def test_of_another_mission_it_is_unknown(self, cast, opening):
        factory.make_station(cast.b, "777")
        assert receive(cast.a, filled("777")).submission.polling_station is None

    def test_not_stated_it_is_flagged(self, cast, opening):
        assert ("station_missing", "station") in rules(receive(cast.a, filled("")).submission)

    def test_a_code_that_several_share_is_the_persons_own(self, cast, opening, station):
        other = factory.make_station(cast.a, "20217", area="Oruro")
        row = receive(cast.a, filled("20217"), user=cast.user("bruno")).submission
        assert rules(row) == [("station_ambiguous", "station")]
        factory.assign(cast.a, cast.user("bruno"), other)
        row = receive(cast.a, filled("20217", "uuid:2"), user=cast.user("bruno")).submission
        assert row.polling_station is other

    def test_a_code_that_several_share_is_told_apart_by_its_id(self, cast, opening, station):
        factory.make_station(cast.a, "20217")
        row = receive(cast.a, filled(f"20217.{station.id}")).submission
        assert (row.polling_station, row.flags) == (station, [])
        assert receive(cast.a, filled("20217.999", "uuid:2")).submission.polling_station is None


class TestRound:
    def test_is_the_last_whose_polling_day_had_come(self, cast, opening, station):
        runoff = Round(
            mission_id=cast.a.id,
            polling_on=date(2019, 12, 15),
            time_zone="America/La_Paz",
            kind=RoundKind.RUNOFF,
        )
        db.session.add(runoff)
        db.session.flush()
        db.session.expire(cast.a, ["rounds"])
        late = filled("20217", "uuid:2", end="2019-12-15T09:00:00.000-04:00")
        assert receive(cast.a, filled("20217")).submission.round_id == cast.a.rounds[0].id
        assert receive(cast.a, late).submission.round_id == runoff.id

    def test_begins_abroad_before_it_does_in_the_host_country(self, cast, opening, station):
        in_japan = filled("20217", end="2019-10-20T07:20:00.000+09:00")
        assert receive(cast.a, in_japan).submission.round_id == cast.a.rounds[0].id

    def test_a_form_filled_before_counts_for_none(self, cast, opening, station):
        row = receive(cast.a, filled("20217", end="2019-10-18T09:00:00.000-04:00")).submission
        assert (row.round_id, rules(row)) == (None, [("before_polling", "")])
        assert count(Visit) == 0

    @pytest.mark.parametrize("end", ["2087-01-01T00:00:00.000Z", "soon", "0001-01-01T00:00:00+14:00", None])
    def test_a_clock_that_cannot_be_right_gives_way_to_ours(self, cast, opening, station, end):
        row = receive(cast.a, filled("20217", start=end, end=end), at=AT).submission
        assert row.round_id == cast.a.rounds[0].id
        assert db.session.scalar(sa.select(Visit.first_at)) == AT


class TestAddress:
    def test_an_unknown_form_is_named(self, cast, opening):
        with pytest.raises(NotFound, match="no form “eom_dancing”"):
            receive(cast.a, filled(form_id="eom_dancing"))

    def test_a_form_of_another_mission_is_unknown(self, cast, opening):
        with pytest.raises(NotFound):
            receive(cast.b, filled())

    @pytest.mark.parametrize("version", ["2", ""])
    def test_an_unknown_version_is_named(self, cast, opening, version):
        with pytest.raises(NotFound, match=f"no version “{version}”"):
            receive(cast.a, filled(version=version))
        assert count(Submission) == 0

    def test_a_replaced_version_is_kept_and_flagged(self, cast, opening, station):
        opening.is_current = False
        row = receive(cast.a, filled("20217")).submission
        assert row.version is opening
        assert rules(row) == [("old_version", "")]

    @pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.CANCELLED])
    def test_a_mission_that_is_over_takes_nothing_new(self, cast, opening, stage):
        kept = filled(instance_id="uuid:kept")
        receive(cast.a, kept)
        cast.a.stage = stage
        with pytest.raises(Refused, match="BOL-2019 is over"):
            receive(cast.a, filled())
        assert receive(cast.a, kept).outcome is Outcome.AGAIN


@pytest.mark.parametrize(
    "xml",
    [
        filled()[:-40],
        b"",
        b"\x00\x01",
        filled().replace(b"uuid:1", b""),
        b'<!DOCTYPE d [<!ENTITY a "lol">]><data id="eom_opening" version="1">&a;</data>',
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><data id="eom_opening" version="1"/>',
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(cast, opening, xml):
    with pytest.raises(NotXML):
        receive(cast.a, xml)
    assert count(Submission) == 0


def test_a_giant_is_refused(cast, opening):
    with pytest.raises(TooLarge):
        receive(cast.a, filled(remarks="x" * (6 << 20)))


class TestFiles:
    def test_come_later_and_complete_the_submission(self, cast, opening, station):
        xml = filled("20217", photo="1.jpg")
        first = receive(cast.a, xml)
        assert (first.submission.is_complete, first.files_missing) == (False, ["1.jpg"])
        second = receive(cast.a, xml, SentFile("1.jpg", JPEG))
        assert (second.outcome, second.files_missing) == (Outcome.AGAIN, [])
        [kept] = second.submission.attachments
        assert second.submission.is_complete
        assert (kept.name, kept.is_named, kept.stored_file.content_type) == ("1.jpg", True, "image/jpeg")
        assert factory.store().get(kept.stored_file.sha256) == JPEG

    def test_the_first_of_a_name_stays(self, cast, opening, station):
        xml = filled("20217", photo="1.jpg")
        for data in (JPEG, JPEG, JPEG + b"2", JPEG + b"2"):
            receipt = receive(cast.a, xml, SentFile("1.jpg", data))
        row = receipt.submission
        assert receipt.is_accepted
        assert [factory.store().get(each.stored_file.sha256) for each in row.attachments] == [JPEG]
        assert [(each.name, factory.store().get(each.sha256)) for each in row.conflicts] == [
            ("1.jpg", JPEG + b"2")
        ]

    def test_not_named_they_are_kept_and_flagged(self, cast, opening, station):
        row = receive(cast.a, filled("20217"), SentFile("extra.bin", b"<script>")).submission
        [kept] = row.attachments
        assert (kept.is_named, kept.stored_file.content_type) == (False, "application/octet-stream")
        assert rules(row) == [("unnamed_file", "")]
        assert row.flag_count == 1

    def test_are_known_by_their_bare_name(self, cast, opening, station):
        xml = filled("20217", photo="1.jpg")
        row = receive(cast.a, xml, SentFile("C:\\photos/../1.jpg", JPEG), SentFile("/", b"1")).submission
        assert [each.name for each in row.attachments] == ["1.jpg"]

    def test_are_not_without_number(self, cast, opening):
        with pytest.raises(TooLarge):
            receive(cast.a, filled(), *[SentFile(f"{n}.jpg", JPEG) for n in range(501)])


class TestEdit:
    def test_replaces_the_submission_it_names(self, cast, opening, station, heard):
        first = receive(cast.a, filled("20217", photo="1.jpg"), SentFile("1.jpg", JPEG)).submission
        xml = filled("20217", "uuid:2", replaces="uuid:1", board_members=6, photo="1.jpg")
        edit, again = receive(cast.a, xml), receive(cast.a, xml)
        row = edit.submission
        assert (edit.outcome, again.outcome) == (Outcome.EDITED, Outcome.AGAIN)
        assert (row.replaces, first.is_current, row.is_current) == (first, False, True)
        assert [each.name for each in row.attachments] == ["1.jpg"]
        assert row.is_complete
        assert len(heard) == 1

    def test_that_names_another_station_tells_that_it_was_visited(self, cast, opening, station, heard):
        other = factory.make_station(cast.a, "20218")
        receive(cast.a, filled("20217"))
        receive(cast.a, filled("20218", "uuid:2", replaces="uuid:1"))
        assert [told.polling_station_id for told in heard] == [station.id, other.id]
        visited = db.session.execute(sa.select(Visit.polling_station_id, Visit.submission_count)).all()
        assert visited == [(other.id, 1)]

    def test_of_what_never_came_is_unknown(self, cast, opening):
        with pytest.raises(NotFound):
            receive(cast.a, filled(replaces="uuid:0"))

    def test_of_what_was_edited_before_is_refused(self, cast, opening, station):
        receive(cast.a, filled("20217"))
        receive(cast.a, filled("20217", "uuid:2", replaces="uuid:1"))
        with pytest.raises(Refused):
            receive(cast.a, filled("20217", "uuid:3", replaces="uuid:1"))
        assert count(Submission, Submission.is_current) == 1

    def test_is_for_the_person_who_sent_it(self, cast, opening, station):
        receive(cast.a, filled("20217"), user=cast.user("bruno"))
        with pytest.raises(Forbidden):
            receive(cast.a, filled("20217", "uuid:2", replaces="uuid:1"), user=cast.user("carmen"))


# What a device may do with two submissions of two files each: post with none, one or both, in any order.
POSTS = st.lists(
    st.tuples(st.sampled_from(["one", "two"]), st.sets(st.sampled_from(["1.jpg", "2.jpg"]))),
    min_size=1,
    max_size=8,
)
examples = itertools.count()


@given(posts=POSTS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
def test_any_order_and_number_of_posts_gives_the_same_rows(cast, opening, station, heard, posts):
    number = next(examples)
    heard.clear()
    for word, names in [*posts, ("one", {"1.jpg", "2.jpg"}), ("two", {"1.jpg", "2.jpg"})]:
        instance_id = f"{number} {word}"
        xml = filled("20217", instance_id, photo="1.jpg").replace(b"</data>", b"<seal>2.jpg</seal></data>")
        files = [SentFile(name, JPEG + f"{name} {word}".encode()) for name in sorted(names)]
        assert receive(cast.a, xml, *files, at=AT).is_accepted
    rows = db.session.execute(
        sa.select(Submission.instance_id, SubmissionAttachment.name, Submission.is_complete)
        .join(Submission.attachments)
        .where(Submission.instance_id.like(f"{number} %"))
        .order_by(Submission.instance_id, SubmissionAttachment.name)
    ).all()
    assert rows == [(f"{number} {w}", n, True) for w in ("one", "two") for n in ("1.jpg", "2.jpg")]
    assert (count(SubmissionConflict), len(heard)) == (0, 2)
