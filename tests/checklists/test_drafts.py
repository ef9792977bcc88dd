"""From a workbook to a draft, to a version, to a closed form; and the files that versions keep."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists.library import workbook
from eom.checklists.models.form import FormDraft, FormVersion
from eom.checklists.models.submission import Submission
from eom.checklists.queries import forms, media
from eom.checklists.services import closing, drafts, files, publishing
from eom.core.errors import InvalidFile, InvalidInput, Refused, TooLarge
from eom.extensions import db
from tests.checklists.workbooks import SURVEY, book
from tests.factories import checklists as factory
from tests.page import Page

PICTURED = [["type", "name", "label", "media::image"], ["text", "remarks", "Remarks", "box.png"]]


def base(cast) -> str:
    return f"/missions/{cast.a.code}/checklists"


def load(client, cast, data, name="form.xlsx"):
    return client.http.post(
        f"{base(cast)}/load", data={"file": (io.BytesIO(data), name), "kind": ""}, follow_redirects=True
    )


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def settings_of(version):
    return [["form_id", "form_title", "version"], ["opening", "Opening", version]]


def pictured(version="1"):
    return book(survey=PICTURED, choices=None, settings=settings_of(version))


def test_a_workbook_becomes_a_draft_that_nobody_is_offered_until_it_is_published(cast, as_person):
    ana = as_person("ana")
    sent = book()
    page = Page(load(ana, cast, sent))
    assert page.h1 == "Opening"
    draft = db.session.scalars(sa.select(FormDraft)).one()
    assert (count(FormVersion), draft.created_by.name) == (0, cast.user("ana").name)
    trial = Page(ana.http.get(f"{base(cast)}/drafts/{draft.id}/try"))
    assert "nothing that is filled in here is sent or kept" in trial.text
    assert trial.one("#checklist-form")["data-submission-url"] == ""
    assert ana.http.get(f"{base(cast)}/drafts/{draft.id}/form.xml").data == draft.xform
    answer = ana.http.post(f"{base(cast)}/drafts/{draft.id}/publish", follow_redirects=True)
    assert answer.status_code == 200
    assert (count(FormDraft), count(FormVersion)) == (0, 1)
    [version] = forms.current_versions(db.session(), cast.a)
    kept = ana.http.get(f"{base(cast)}/versions/{version.id}/workbook")
    assert kept.data == sent


def test_every_fault_is_told_at_once_and_nothing_is_kept(cast, as_person):
    faulty = [
        SURVEY[0],
        ["select_one nowhere", "opened", "Did it open?", "", "", "", ""],
        ["intger", "members", "Members", "", "", "", ""],
        ["integer", "1st", "Women", "", "${nobody} > 1", "", ""],
        ["begin group", "people", "People", "", "", "", ""],
    ]
    answer = load(as_person("ana"), cast, book(survey=faulty))
    assert answer.status_code == 422
    rows = {(cell[0], cell[1]) for cell in table(Page(answer))}
    assert rows == {
        ("2", "survey · type"), ("3", "survey · type"), ("4", "survey · name"), ("4", "survey · relevant"),
        ("5", "survey · type"),
    }  # fmt: skip
    assert (count(FormDraft), count(FormVersion)) == (0, 0)


def table(page) -> list[list[str]]:
    return [
        [" ".join(c.get_text().split()) for c in row.select("td")] for row in page.all(".error-list tbody tr")
    ]


def test_a_draft_takes_the_place_of_an_earlier_one_and_can_be_put_away(cast, as_person):
    ana = as_person("ana")
    load(ana, cast, book())
    load(ana, cast, book(settings=settings_of("4")))
    draft = db.session.scalars(sa.select(FormDraft)).one()
    assert draft.version == "4"
    ana.http.post(f"{base(cast)}/drafts/{draft.id}/discard")
    assert count(FormDraft) == 0


def test_a_published_version_is_no_name_for_other_questions(cast):
    publishing.publish(cast.a, factory.store(), book(), "form.xlsx")
    with pytest.raises(InvalidFile) as caught:
        drafts.load_draft(
            cast.a, factory.store(), book(survey=[*SURVEY, ["text", "more", "More"]]), "form.xlsx"
        )
    assert caught.value.errors[0].column == "settings · version"


def test_a_draft_tells_what_it_changes_and_what_the_browser_cannot_show(cast, as_person):
    ana = as_person("ana")
    publishing.publish(cast.a, factory.store(), book(), "form.xlsx")
    survey = [*SURVEY, ["barcode", "code", "A code", "Un código", "", "", ""]]
    page = Page(load(ana, cast, book(survey=survey, settings=settings_of("4"))))
    assert "The browser shows a plain box of text" in page.text
    assert "A code" in page.one(".difference").get_text()
    assert "Added" in page.one(".difference").get_text()


class TestClosing:
    def test_a_closed_version_leaves_the_lists_and_still_receives_marked(self, cast, as_person):
        version = factory.publish_standard(cast.a)
        closing.close_version(version)
        assert forms.current_versions(db.session(), cast.a) == []
        factory.receive(cast.a, factory.filled(), user=cast.user("bruno"))
        kept = db.session.scalars(sa.select(Submission)).one()
        assert "closed_version" in {flag["rule"] for flag in kept.flags}
        closing.reopen_version(version)
        assert forms.current_versions(db.session(), cast.a) == [version]

    def test_a_closed_form_is_offered_to_nobody_by_any_way(self, cast, as_person):
        version = factory.publish_standard(cast.a)
        ana, bruno = as_person("ana"), as_person("bruno")
        listed = f"/openrosa/{cast.a.code}/formList"
        assert b"eom_opening" in bruno.http.get(listed).data
        ana.http.post(f"{base(cast)}/forms/{version.form_id}/close")
        assert b"eom_opening" not in as_person("bruno").http.get(listed).data
        as_person("ana").http.post(f"{base(cast)}/forms/{version.form_id}/reopen")
        assert b"eom_opening" in as_person("bruno").http.get(listed).data

    def test_twice_is_refused(self, cast):
        version = factory.publish_standard(cast.a)
        with pytest.raises(Refused):
            closing.reopen_form(version.form)
        closing.close_form(version.form)
        with pytest.raises(Refused):
            closing.close_form(version.form)

    def test_publishing_opens_a_closed_form(self, cast):
        version = publishing.publish(cast.a, factory.store(), book(), "form.xlsx").version
        closing.close_form(version.form)
        publishing.publish(cast.a, factory.store(), book(), "form.xlsx")
        assert forms.current_versions(db.session(), cast.a) == [version]


class TestFiles:
    def served(self, cast, version):
        bruno = cast.user("bruno")
        return media.attachment_for(db.session(), factory.store(), version, "box.png", bruno).data

    def test_a_published_file_never_changes(self, cast):
        files.attach_file(cast.a, factory.store(), factory.picture(), "box.png")
        first = publishing.publish(cast.a, factory.store(), pictured(), "f.xlsx").version
        before = self.served(cast, first)
        files.attach_file(cast.a, factory.store(), other_picture(), "box.png")
        assert self.served(cast, first) == before
        second = publishing.publish(cast.a, factory.store(), pictured("2"), "f.xlsx").version
        assert self.served(cast, second) != before
        assert self.served(cast, first) == before

    def test_a_missing_file_is_named_and_can_come_later(self, cast, as_person):
        page = Page(load(as_person("ana"), cast, pictured()))
        assert "still missing: box.png" in page.text
        version = publishing.publish(cast.a, factory.store(), pictured(), "f.xlsx").version
        assert media.missing_in(db.session(), cast.a)["box.png"]
        as_person("ana").http.post(
            f"{base(cast)}/files", data={"file": (io.BytesIO(factory.picture()), "box.png"), "name": ""}
        )
        assert self.served(cast, version)
        assert media.missing_in(db.session(), cast.a) == {}

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("box.png", b"no picture"), ("box.html", b"<script>"), ("../box.png", b"x"), ("list.csv", b"\xff\xfe"),
            ("list.csv", b"name\n"), ("list.csv", b"name,name\n"), ("map.geojson", b"[]"), ("map.geojson", b"{"),
            ("a.mp3", b"MZ"), ("a.wav", b"RIFF"), ("a.mp4", b"12345678"), ("stations.csv", b"name,label\n"),
            ("a.xml", b"<!DOCTYPE a><a/>"), ("box", b""),
        ],
    )  # fmt: skip
    def test_what_is_not_what_its_name_says_is_refused(self, cast, name, data):
        with pytest.raises(InvalidInput):
            files.attach_file(cast.a, factory.store(), data, name)

    @pytest.mark.parametrize(
        ("name", "data", "content_type"),
        [
            ("list.csv", b"\xef\xbb\xbfname,label\na,\xc3\xa1\n", "text/csv"),
            ("map.geojson", b'{"type": "FeatureCollection", "features": []}', "application/geo+json"),
            ("a.mp3", b"ID3 sound", "audio/mpeg"), ("a.webm", b"\x1a\x45\xdf\xa3 film", "video/webm"),
            ("a.xml", b"<root><item/></root>", "text/xml"),
        ],
    )  # fmt: skip
    def test_lists_sounds_and_films_are_kept_with_their_type(self, cast, name, data, content_type):
        kept = files.attach_file(cast.a, factory.store(), data, name)
        assert kept.stored_file.content_type == content_type

    def test_a_list_has_a_limit(self, cast):
        with pytest.raises(TooLarge):
            files.attach_file(cast.a, factory.store(), b"name,label\n" + b"a" * (5 << 20), "list.csv")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda b: b"PK\x03\x04" + b)))
def test_no_bytes_are_more_than_a_message(cast, as_person, data):
    answer = load(as_person("ana"), cast, data)
    db.session.rollback()
    assert answer.status_code in (200, 413, 422)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(row=st.integers(1, 3), column=st.integers(0, 6), text=st.text(max_size=40))
def test_no_cell_is_more_than_a_message(cast, as_person, row, column, text):
    survey = [list(each) for each in SURVEY]
    survey[row][column] = "".join(each for each in text if each.isprintable())
    answer = load(as_person("ana"), cast, book(survey=survey))
    db.session.rollback()
    assert answer.status_code in (200, 413, 422)


def test_the_standard_checklists_can_be_had_as_workbooks(cast, as_person):
    ana = as_person("ana")
    assert ana.http.get(f"{base(cast)}/standard.xlsx?stage=counting").data == workbook("counting")
    assert ana.http.get(f"{base(cast)}/standard.xlsx?stage=nothing").status_code == 404


def other_picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 10, 10)).save(out, "PNG")
    return out.getvalue()
