"""Files of people: told by their content whatever they are called, and given out so that nothing runs."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from eom.core import storage
from eom.core.errors import AppError, NotFound
from eom.extensions import db, store
from eom.web.responses import attachment
from eom.web.security import DATA_POLICY

BEGINNINGS = st.sampled_from(
    [b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
     b"<svg ", b"<!DOCTYPE html>", b"<?xml", b"MZ", b"\x7fELF", b"GIF89a", b"RIFF", b"#!", b"BM", b""]
)  # fmt: skip
CONTENT = st.tuples(BEGINNINGS, st.binary(max_size=200)).map(b"".join)


def png(size: tuple[int, int] = (6, 4)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 90, 160)).save(out, "PNG")
    return out.getvalue()


@settings(deadline=None)
@given(CONTENT)
def test_whatever_is_sent_has_a_type_that_runs_nothing_or_none(data):
    assert storage.sniff(data) in {None, *storage.DOCUMENT_TYPES}


@settings(deadline=None)
@given(
    st.binary(max_size=60),
    st.sampled_from([b"<html><script>", b"<svg onload=", b"<?xml version='1.0'?><!DOCTYPE x>"]),
)
def test_markup_is_never_a_document(rest, beginning):
    assert storage.sniff(beginning + rest) is None


def test_what_is_sent_is_kept_or_refused_with_a_sentence(app):
    @settings(deadline=None)
    @given(CONTENT, st.text(max_size=30))
    def keep(data, name):
        try:
            kept = storage.keep_document(db.session(), store, data, name=name)
        except AppError as error:
            assert str(error.message)
        else:
            assert kept.content_type == storage.sniff(data)

    keep()


def test_a_picture_of_another_name_is_what_it_is(app):
    kept = storage.keep_document(db.session(), store, png(), name="agreement.pdf.exe")
    assert (kept.content_type, kept.name) == ("image/png", "agreement.pdf.exe")
    assert kept.size == len(store.get(kept.sha256))


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_name_becomes_a_name_and_nothing_more(sent):
    bare = storage.bare_name(sent)
    assert 1 <= len(bare) <= 200
    assert not set(bare) & {"/", "\\"}
    assert bare.isprintable()
    assert bare not in (".", "..")
    assert storage.bare_name(bare) == bare


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_name_goes_out_in_one_header(name):
    from flask import Flask

    with Flask(__name__).test_request_context(method="POST"):
        answer = attachment(b"x", name, "text/html")
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment; filename")
    assert told.isascii()
    assert not set(told) & {"\r", "\n", "\0"}
    assert answer.headers["Content-Security-Policy"] == DATA_POLICY


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_the_store_names_by_content_alone(data):
    digest = store_in_memory(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert set(digest) <= set("0123456789abcdef")


def store_in_memory(data: bytes) -> str:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        kept = storage.Store(Path(folder))
        digest = kept.put(data)
        assert kept.put(data) == digest
        assert kept.get(digest) == data
        assert [path.name for path in Path(folder).rglob("*") if path.is_file()] == [digest]
    return digest


@pytest.mark.parametrize("digest", ["0" * 64, "f" * 64])
def test_a_lost_file_is_told(app, digest):
    with pytest.raises(NotFound):
        store.get(digest)
