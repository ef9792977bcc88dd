"""Submissions as a file in any of the formats, in constant memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

import orjson

from eom.checklists.export_options import Format
from eom.checklists.exports.tables import Block, Columns, Source
from eom.checklists.models.submission import Submission
from eom.checklists.queries import exporting
from eom.core import images
from eom.core.errors import AppError
from eom.core.spreadsheets import csv_sink, parquet_sink, xlsx_sink
from eom.core.storage import bare_name

Progress = Callable[[int], None]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    Format.CSV: ("csv", "text/csv; charset=utf-8"),
    Format.XLSX: ("xlsx", XLSX),
    Format.GEOJSON: ("geojson", "application/geo+json"),
    Format.PARQUET: ("parquet", "application/vnd.apache.parquet"),
    Format.XML: ("zip", "application/zip"),
}
_SINKS: dict[Format, Callable[..., AbstractContextManager[Any]]] = {
    Format.CSV: csv_sink,
    Format.XLSX: xlsx_sink,
    Format.PARQUET: parquet_sink,
}
_UUID = re.compile(r"uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def kind_of(source: Source) -> tuple[str, str]:
    """The ending and the content type of the file: a zip where there are several tables of one file each."""
    chosen = source.options.format
    if chosen in (Format.CSV, Format.PARQUET) and len(source.heads) > 1:
        return _TYPES[Format.XML]
    return _TYPES[chosen]


def write(source: Source, out: BinaryIO, progress: Progress = lambda _done: None) -> int:
    """Write the file to ``out``; how many submissions are in it. ``progress`` hears how many are written."""
    chosen = source.options.format
    if chosen is Format.XML:
        return _write_xml(source, out, progress)
    if chosen is Format.GEOJSON:
        return _write_geojson(source, out, progress)
    done = 0
    with _SINKS[chosen](out, source.heads) as sink:
        for block in source.blocks():
            sink.write(0, block.columns)
            for table, repeat in enumerate(source.layout.repeats, 1):
                if (rows := source.rows_of(repeat, block)) is not None:
                    sink.write(table, rows)
            done += len(block.documents)
            progress(done)
    return done


def _write_geojson(source: Source, out: BinaryIO, progress: Progress) -> int:
    """RFC 7946: points as longitude, latitude (WGS 84); submissions without a position are left out."""
    out.write(b'{"type":"FeatureCollection","features":[')
    names = [field.name for field in source.heads[0].fields]
    place = [each.name for each in source.facts].index("latitude")
    done = 0
    for block in source.blocks():
        parts = []
        for values, repeats in zip(zip(*block.columns, strict=True), _repeats(source, block), strict=True):
            latitude, longitude = values[place], values[place + 1]
            if latitude is None or longitude is None:
                continue
            feature = {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                "properties": dict(zip(names, values, strict=True)) | repeats,
            }
            parts.append(orjson.dumps(feature))
        if parts:
            out.write((b",\n" if done else b"\n") + b",\n".join(parts))
        done += len(parts)
        progress(done)
    out.write(b"\n]}\n")
    return done


def _repeats(source: Source, block: Block) -> Iterator[dict[str, Any]]:
    """For each submission of a block the rows of its repeats, by the repeat's name."""
    found: list[dict[str, Any]] = [{} for _each in block.documents]
    at = {instance_id: place for place, instance_id in enumerate(block.columns[0])}
    for repeat, head in zip(source.layout.repeats, source.heads[1:], strict=True):
        rows: Columns = source.rows_of(repeat, block) or []
        names = [field.name for field in head.fields[1:]]
        for instance_id, *values in zip(*rows, strict=True):
            found[at[instance_id]].setdefault(repeat.name, []).append(dict(zip(names, values, strict=True)))
    yield from found


def _write_xml(source: Source, out: BinaryIO, progress: Progress) -> int:
    """``instances/<instance id>/submission.xml``, byte for byte, with its files beside it when asked for."""
    done = 0
    columns = [Submission.id, Submission.instance_id, Submission.received_at]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for rows in exporting.batches(source.session, source.query, columns):
            ids = [row[0] for row in rows]
            documents = exporting.documents_of(source.session, ids)
            files = exporting.files_of(source.session, ids) if source.options.files else {}
            for id_, instance_id, received_at in rows:
                folder = _folder(id_, instance_id)
                entry = zipfile.ZipInfo(f"{folder}/submission.xml", received_at.timetuple()[:6])
                archive.writestr(entry, documents[id_], zipfile.ZIP_DEFLATED)
                for name, data in _named(source, files.get(id_, [])):
                    archive.writestr(f"{folder}/{name}", data, zipfile.ZIP_STORED)
            done += len(rows)
            progress(done)
    return done


def _folder(id_: int, instance_id: str) -> str:
    """Where a submission lies; ids with signs that no file's name can have stay apart by their number."""
    if _UUID.fullmatch(instance_id):
        return f"instances/{instance_id.replace(':', '_')}"
    return f"instances/{_UNSAFE.sub('_', instance_id)[:120]}-{id_}"


def _named(source: Source, files: list[tuple[str, str, str]]) -> Iterator[tuple[str, bytes]]:
    """The files of a submission, under names that none of them shares with another or with the XML."""
    taken = {"submission.xml"}
    for number, (name, digest, content_type) in enumerate(files, 1):
        bare = bare_name(name)
        unique = f"{number}-{bare}" if bare.casefold() in taken else bare
        taken.add(unique.casefold())
        yield unique, _clean(source.store.get(digest), content_type)


def _clean(data: bytes, content_type: str) -> bytes:
    """A picture without what it says of its place and its device, as its own page gives it."""
    if content_type not in ("image/jpeg", "image/png"):
        return data
    try:
        return images.cleaned(data).data
    except AppError:
        return data
