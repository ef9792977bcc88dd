"""Static files go out packed to whoever can unpack them."""

from __future__ import annotations

import gzip

import pytest

from eom.settings import ROOT

SCRIPT = "/static/vendor/webforms/webforms.css"
FILE = ROOT / "static" / "vendor" / "webforms" / "webforms.css"


@pytest.fixture
def client(app):
    return app.test_client()


def test_a_browser_that_can_unpack_gets_the_same_content_in_a_fraction(client):
    answer = client.get(SCRIPT, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data) < FILE.stat().st_size / 5
    assert gzip.decompress(answer.data) == FILE.read_bytes()


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_whoever_cannot_unpack_gets_it_as_it_is(client, accepted):
    answer = client.get(SCRIPT, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.data == FILE.read_bytes()


def test_what_is_still_the_same_is_not_sent_again(client):
    packed = {"Accept-Encoding": "gzip"}
    first = client.get(SCRIPT, headers=packed)
    again = client.get(SCRIPT, headers=packed | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_and_a_picture_are_sent_as_they_are(client):
    part = client.get(SCRIPT, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, FILE.read_bytes()[:10])
    picture = client.get("/static/img/field-192.png", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in picture.headers


def test_asking_for_the_head_alone_sends_no_content(client):
    answer = client.head(SCRIPT, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.data) == (200, b"")
