"""Files of strangers: known by their content, bounded before they are opened, made anew where they are seen."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from eom.core import archives, images, storage
from eom.core.errors import AppError, InvalidInput, TooLarge
from eom.extensions import db, store


def picture(kind: str = "JPEG", size=(64, 32), *, exif: Image.Exif | None = None, mode="RGB") -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size, (200, 30, 30) if mode == "RGB" else None)
    image.save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def camera(orientation: int = 1) -> Image.Exif:
    """What a telephone writes into a picture taken in Tarija."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker of the telephone", "Model 7", orientation
    exif.get_ifd(0x8769)[0x9003] = "2019:10:20 08:03:11"
    exif.get_ifd(0x8825).update({1: "S", 2: (21.0, 31.0, 30.0), 3: "W", 4: (64.0, 43.0, 48.0)})
    return exif


def archive(entries: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def test_a_picture_is_made_anew_without_what_it_says_of_place_and_device():
    sent = picture(exif=camera())
    assert b"Maker of the telephone" in sent
    made = images.cleaned(sent)
    assert b"Maker" not in made.data
    assert not Image.open(io.BytesIO(made.data)).getexif()
    assert (made.content_type, made.width, made.height) == ("image/jpeg", 64, 32)


def test_what_it_said_of_its_place_is_read_before_as_data():
    made = images.cleaned(picture(exif=camera()))
    assert (made.latitude, made.longitude) == (-21.525, -64.73)
    assert made.taken_at == datetime(2019, 10, 20, 8, 3, 11)


def test_a_picture_taken_sideways_stands_upright():
    made = images.cleaned(picture(exif=camera(orientation=6)))
    assert (made.width, made.height) == (32, 64)


def test_comments_and_texts_are_gone_too():
    from PIL.PngImagePlugin import PngInfo

    out, text = io.BytesIO(), PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>")
    Image.new("RGBA", (8, 8)).save(out, "PNG", pnginfo=text)
    assert b"script" in out.getvalue()
    assert b"script" not in images.cleaned(out.getvalue()).data


def test_what_stands_behind_the_picture_is_not_kept():
    sent = picture() + b"<html><script>alert(1)</script></html>"
    assert b"script" not in images.cleaned(sent).data


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than it has bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4096))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000), (12_001, 1), (1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(size):
    with pytest.raises(TooLarge, match="megapixels"):
        images.cleaned(bomb(*size))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a\x01\x00\x01\x00",
        b"<svg onload='x'/>",
        b"\xff\xd8\xff\xe0 broken",
        b"\x89PNG\r\n\x1a\n",
        b"BM" + b"\0" * 60,
    ],
)
def test_what_is_no_jpeg_or_png_is_refused(data):
    with pytest.raises(InvalidInput, match="JPEG or PNG"):
        images.cleaned(data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_picture_is_taken_or_refused_with_a_sentence(data):
    sent = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG"])), exif=camera()))
    for _ in range(data.draw(st.integers(1, 12))):
        sent[data.draw(st.integers(2, len(sent) - 1))] = data.draw(st.integers(0, 255))
    sent = sent[: data.draw(st.integers(2, len(sent)))]
    try:
        images.cleaned(bytes(sent))
    except AppError as error:
        assert str(error.message)


def test_a_thumbnail_is_small():
    made = images.thumbnail(picture(size=(2000, 1000)))
    assert (made.width, made.height) == (480, 240)


DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"%PDF-1.7 x", "application/pdf"), (picture(), "image/jpeg"), (picture("PNG"), "image/png"),
     (archive(DOCX), storage.DOCUMENT_TYPES and next(t for t in storage.DOCUMENT_TYPES if "word" in t)),
     (archive(XLSX), next(t for t in storage.DOCUMENT_TYPES if "sheet" in t)),
     (archive({"a.txt": b"word/ xl/"}), None), (b"<html>", None), (b"MZ\x90", None), (b"", None)],
)  # fmt: skip
def test_the_type_is_told_by_the_content(data, kind):
    assert storage.sniff(data) == kind


def keep(data: bytes, name: str = "agreement.pdf") -> storage.StoredFile:
    return storage.keep_document(db.session(), store, data, name=name)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "is not a PDF"),
        (archive({**DOCX, "word/vbaProject.bin": b"x"}), "macros"),
        (archives.COMPOUND + b"\0" * 600, "password"),
        (b"PK\x03\x04 no archive", "damaged"),
    ],
)
def test_a_document_that_will_not_do_is_told_why(app, data, words):
    with pytest.raises(InvalidInput, match=words):
        keep(data)


def test_a_bomb_is_refused_by_its_directory():
    data = archive({"word/document.xml": b"\0" * (60 << 20)})
    assert len(data) < 100_000
    with pytest.raises(TooLarge, match="unpacks"):
        archives.check(data)
    with pytest.raises(TooLarge):
        archives.check(archive({f"{n}": b"" for n in range(5001)}))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_taken_or_refused_with_a_sentence(data):
    sent = bytearray(archive(DOCX))
    for _ in range(data.draw(st.integers(1, 10))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    try:
        archives.office_type(bytes(sent))
    except AppError as error:
        assert str(error.message)


def test_a_document_that_is_too_large_is_refused(app):
    with pytest.raises(TooLarge, match="25 megabytes"):
        keep(b"%PDF-" + b"0" * storage.MAX_DOCUMENT)


def test_a_photograph_as_a_document_says_nothing_of_its_place(app):
    kept = keep(picture(exif=camera()), "invitation.jpg")
    assert b"Maker" not in store.get(kept.sha256)
    assert kept.content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("sent", "bare"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\x\\a.pdf", "a.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
     ("\u202efdp.exe", "fdp.exe"), ("...", "file"), ("", "file"), ("x" * 300, "x" * 200)],
)  # fmt: skip
def test_the_name_of_a_file_is_only_a_name(sent, bare):
    assert storage.bare_name(sent) == bare


def test_a_document_goes_out_as_a_download_that_runs_nothing(app):
    from eom.web.responses import attachment
    from eom.web.security import DATA_POLICY

    with app.test_request_context():
        answer = attachment(b"<script>", 'a"\r\nX: y.html', "text/html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "\r" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == DATA_POLICY
    assert "'none'" in DATA_POLICY
    assert "sandbox" in DATA_POLICY
