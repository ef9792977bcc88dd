"""What is read: files for a person, the answers in words, the list and the counts of a mission."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eom.checklists.library import workbook
from eom.checklists.queries import answers, forms, listing, media, submissions
from eom.checklists.queries.addresses import Directory
from eom.checklists.services import files, publishing
from eom.checklists.services.unpacking import SentFile
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import in_locale
from eom.extensions import db
from tests.checklists.test_openrosa import SENT
from tests.checklists.workbooks import book
from tests.factories import checklists as factory
from tests.factories.checklists import filled, receive

JPEG = b"\xff\xd8\xff" + b"1" * 40
AT = datetime(2019, 10, 20, 13, 0, tzinfo=UTC)


@pytest.fixture
def opening(cast):
    return factory.publish_standard(cast.a)


def rows_of(file):
    return list(csv.reader(io.StringIO(file.data.decode())))


def file_for(version, name, user):
    return media.attachment_for(db.session(), factory.store(), version, name, user)


class TestFiles:
    def test_a_persons_stations_come_first_and_another_station_last(self, cast, opening):
        own = [factory.make_station(cast.a, code) for code in ("300", "100")]
        factory.make_station(cast.a, "200")
        factory.assign(cast.a, cast.user("bruno"), *own)
        rows = rows_of(file_for(opening, "stations.csv", cast.user("bruno")))
        assert [row[0] for row in rows] == ["name", "100", "300", "other"]
        assert rows[1][1] == f"100 · {own[1].centre.name} · Centro"
        assert rows[-1] == ["other", "Another station"]

    def test_the_last_row_is_in_the_readers_language(self, cast, opening):
        with in_locale("es"):
            file = file_for(opening, "stations.csv", cast.user("bruno"))
        assert rows_of(file)[-1][0] == "other"

    def test_someone_without_stations_can_name_another(self, cast, opening):
        rows = rows_of(file_for(opening, "stations.csv", cast.user("ana")))
        assert [row[0] for row in rows] == ["name", "other"]

    def test_a_code_that_several_stations_share_carries_the_id(self, cast, opening):
        station = factory.make_station(cast.a, "B1")
        factory.make_station(cast.a, "B1", area="Oruro")
        factory.assign(cast.a, cast.user("bruno"), station)
        [choice] = media.own_station_choices(db.session(), cast.a, cast.user("bruno"))
        assert (choice.station_id, choice.value) == (station.id, f"B1.{station.id}")
        found = Directory(db.session(), cast.a.id).find_stations({choice.value})
        assert found == {choice.value: (station.id, None)}

    def test_a_hostile_name_stays_one_cell(self, cast, opening):
        station = factory.make_station(cast.a, "1")
        station.centre.name = 'School "A", =1+1\n<script>'
        factory.assign(cast.a, cast.user("bruno"), station)
        rows = rows_of(file_for(opening, "stations.csv", cast.user("bruno")))
        assert rows[1] == ["1", '1 · School "A", =1+1\n<script> · Centro']

    def test_contenders_are_the_missions(self, cast, opening):
        data = b"name,label\nmas,MAS-IPSP\nother,Whatever\n"
        files.attach_contenders(cast.a, factory.store(), data, "c.csv")
        rows = rows_of(file_for(opening, "contenders.csv", cast.user("bruno")))
        assert rows == [["name", "label"], ["mas", "MAS-IPSP"], ["other", "Another party or candidate"]]

    def test_a_file_that_the_form_does_not_name_is_not_there(self, cast, opening):
        with pytest.raises(NotFound):
            file_for(opening, "secrets.csv", cast.user("bruno"))

    def test_only_files_that_are_there_are_listed(self, cast):
        survey = [
            ["type", "name", "label", "media::image"],
            ["text", "remarks", "Remarks", "box.png"],
        ]
        version = publishing.publish(
            cast.a, factory.store(), book(survey=survey, choices=None), "f.xlsx"
        ).version
        assert version.media == ["images/box.png"] or version.media == ["box.png"]
        listed = media.attachments_for(db.session(), factory.store(), version, cast.user("bruno"))
        assert listed == []
        files.attach_picture(cast.a, factory.store(), factory.picture(), "box.png")
        [listed] = media.attachments_for(db.session(), factory.store(), version, cast.user("bruno"))
        assert (listed.name, listed.content_type) == ("box.png", "image/png")


def words(submission, language):
    db.session.flush()
    sections = answers.answers_with_labels(db.session(), factory.store(), submission, language)
    return [(each.title, [(answer.label, answer.value) for answer in each.answers]) for each in sections]


class TestAnswers:
    @pytest.fixture
    def counting(self, cast):
        publishing.publish(cast.a, factory.store(), workbook("counting"), "counting.xlsx")
        files.attach_contenders(cast.a, factory.store(), b"name,label\nblue,Blue & co\n", "c.csv")
        factory.make_station(cast.a, "101-2").centre.name = "Escuela Sucre"
        return receive(cast.a, SENT.encode(), SentFile("1795.jpg", JPEG)).submission

    def test_are_labelled_in_the_order_of_the_form(self, counting):
        sections = words(counting, "en")
        assert [title for title, _answers in sections] == [
            "The visit", "The count", "The ballots", "The result · Votes of one contender 1",
            "The result · Votes of one contender 2", "The result", "The tally sheet", "To finish",
        ]  # fmt: skip
        assert sections[0][1][:2] == [
            ("Which polling station are you at?", "101-2 · Escuela Sucre"),
            ("How was this station chosen?", "Drawn at random by the mission"),
        ]
        assert ("Where you are", "14.60000, -90.50000 (± 4 m)") in sections[-1][1]
        assert ("Time of arrival", "18:30") in sections[0][1]

    def test_of_an_attached_list_have_its_words_or_stay_codes(self, counting):
        first, second = words(counting, "en")[3:5]
        assert first[1] == [("Party or candidate", "Blue & co"), ("Votes", "60")]
        assert second[1] == [("Party or candidate", "green"), ("Votes", "35")]

    @pytest.mark.parametrize(
        ("language", "title", "label", "value"),
        [
            ("es", "La visita", "¿Cómo se eligió esta mesa?", "Sorteada al azar por la misión"),
            ("fr", "La visite", "Comment ce bureau a-t-il été choisi ?", "Tiré au sort par la mission"),
            ("pt", "A visita", "Como esta seção foi escolhida?", "Sorteada ao acaso pela missão"),
            ("de", "The visit", "How was this station chosen?", "Drawn at random by the mission"),
        ],
    )
    def test_are_in_the_readers_language_or_the_forms_first(self, counting, language, title, label, value):
        section = words(counting, language)[0]
        assert section[0] == title
        assert (label, value) in section[1]

    def test_of_a_file_lead_to_it(self, counting):
        sections = answers.answers_with_labels(db.session(), factory.store(), counting, "en")
        [photo] = [each for section in sections for each in section.answers if each.kind == "image"]
        assert (photo.value, photo.attachment) == ("1795.jpg", counting.attachments[0])

    def test_that_are_no_answers_are_left_out(self, counting):
        keys = {
            answer.key
            for section in answers.answers_with_labels(db.session(), factory.store(), counting, "en")
            for answer in section.answers
        }
        assert not keys & {"start", "end", "deviceid", "votes_sum", "remarks"}

    def test_what_cannot_be_read_is_shown_as_sent(self, cast, opening):
        row = receive(
            cast.a, filled("9", place="<b>here</b>", ballots_received="many", arrival="late")
        ).submission
        shown = {value for _title, listed in words(row, "en") for _label, value in listed}
        assert {"<b>here</b>", "many"} <= shown

    def test_flags_are_sentences_with_their_question(self, cast, opening):
        row = receive(cast.a, filled("99999", board_women=9)).submission
        [first, second] = answers.flags_in_words(row, "en")
        assert (first.words, first.question, first.value) == (
            "The answer breaks a rule of the form", "Of these, women", "9",
        )  # fmt: skip
        assert second.words == "The mission’s register holds no such polling station"
        assert answers.flags_in_words(row, "es")[0].question == "De ellos, mujeres"


def show(mission, arguments=None, **more):
    definition = listing.submissions(db.session(), mission, lambda id_: f"/s/{id_}", **more)
    return definition.show(db.session(), "/s", arguments or {})


class TestList:
    @pytest.fixture
    def sent(self, cast, opening):
        la_paz = factory.make_station(cast.a, "100", area="La Paz")
        oruro = factory.make_station(cast.a, "200", area="Oruro")
        users = [cast.user(name) for name in ("bruno", "carmen")]
        rows = [
            receive(cast.a, filled("100", "uuid:1"), user=users[0], at=AT).submission,
            receive(cast.a, filled("200", "uuid:2"), user=users[1], at=AT.replace(hour=14)).submission,
            receive(cast.a, filled("999", "uuid:3"), user=users[0], at=AT.replace(hour=15)).submission,
        ]
        return rows, la_paz, oruro

    def test_shows_the_newest_first(self, cast, sent):
        shown = show(cast.a)
        assert shown.rows == sent[0][::-1]
        cells = [column.cell(shown.rows[1]) for column in shown.columns]
        assert cells[1:6] == ["Opening", "200", sent[2].centre.name, "Oruro", "Carmen"]
        assert [column.cell(shown.rows[0]) for column in shown.columns][2] == "999"

    @pytest.mark.parametrize(
        ("name", "value", "kept"),
        [
            ("area", lambda s: s[2].centre.first_area_id, [1]),
            ("person", lambda s: s[0][0].submitted_by_id, [2, 0]),
            ("form", lambda s: s[0][0].form_id, [2, 1, 0]),
            ("state", lambda _s: "approved", []),
            ("flagged", lambda _s: "yes", [2]),
            ("flagged", lambda _s: "no", [1, 0]),
            ("search", lambda _s: "999", [2]),
            ("search", lambda _s: "carmen", [1]),
        ],
    )
    def test_is_narrowed(self, cast, sent, name, value, kept):
        shown = show(cast.a, {name: str(value(sent))})
        assert shown.rows == [sent[0][place] for place in kept]

    def test_refuses_a_choice_that_is_none(self, cast, sent):
        with pytest.raises(InvalidInput):
            show(cast.a, {"area": "1 OR 1=1"})

    def test_is_ones_own_for_an_observer(self, cast, sent):
        shown = show(cast.a, own_of=cast.user("carmen"))
        assert shown.rows == [sent[0][1]]
        assert "person" not in {each.name for each in shown.filters}

    def test_holds_nothing_of_another_mission(self, cast, sent):
        assert show(cast.b).rows == []

    def test_shows_an_edit_in_place_of_what_it_replaced(self, cast, sent):
        edit = receive(cast.a, filled("100", "uuid:4", replaces="uuid:1"), at=AT).submission
        assert {row.id for row in show(cast.a).rows} == {sent[0][1].id, sent[0][2].id, edit.id}
        assert submissions.edits(db.session(), edit) == [sent[0][0], edit]
        assert submissions.edits(db.session(), sent[0][0]) == [sent[0][0], edit]

    def test_costs_the_same_for_one_row_and_for_many(self, cast, sent):
        def statements():
            seen = []
            listen = lambda *args: seen.append(args[2])  # noqa: E731
            db.session.expire_all()
            sa.event.listen(db.engine, "before_cursor_execute", listen)
            shown = show(cast.a)
            for row in shown.rows:
                [column.cell(row) for column in shown.columns]
            sa.event.remove(db.engine, "before_cursor_execute", listen)
            return len(seen)

        few = statements()
        for number in range(20):
            receive(cast.a, filled("100", f"uuid:more{number}"), user=cast.user("bruno"))
        db.session.flush()
        assert statements() == few

    def test_counts_submissions_stations_and_flags(self, cast, sent):
        receive(cast.a, filled("100", "uuid:5"), at=AT.replace(hour=16))
        counted = submissions.counts(db.session(), cast.a)
        assert (counted.submission_count, counted.station_count, counted.flagged_count) == (4, 2, 1)
        assert counted.last_received_at == AT.replace(hour=16)
        assert [
            (each.form.form_id, each.submission_count, each.station_count) for each in counted.by_form
        ] == [("eom_opening", 4, 2)]
        own = submissions.counts(db.session(), cast.a, own_of=cast.user("carmen"))
        assert (own.submission_count, own.last_received_at) == (1, AT.replace(hour=14))

    def test_a_mission_without_forms_counts_nothing(self, cast):
        counted = submissions.counts(db.session(), cast.b)
        assert (counted.submission_count, counted.last_received_at, counted.by_form) == (0, None, [])

    def test_one_is_found_inside_its_mission_and_for_its_sender(self, cast, sent):
        id_ = sent[0][0].id
        assert submissions.submission_in(db.session(), cast.a, id_).id == id_
        with pytest.raises(NotFound):
            submissions.submission_in(db.session(), cast.b, id_)
        with pytest.raises(NotFound):
            submissions.submission_in(db.session(), cast.a, id_, own_of=cast.user("carmen"))

    def test_a_file_is_found_inside_its_submission(self, cast, sent):
        row = receive(cast.a, filled("100", "uuid:6"), SentFile("1.jpg", JPEG)).submission
        kept = row.attachments[0]
        assert submissions.attachment_in(db.session(), row, kept.id) is kept
        with pytest.raises(NotFound):
            submissions.attachment_in(db.session(), sent[0][0], kept.id)


def test_a_version_is_found_inside_its_mission(cast, opening):
    assert forms.version_in(db.session(), cast.a, opening.id) is opening
    with pytest.raises(NotFound):
        forms.version_in(db.session(), cast.b, opening.id)
