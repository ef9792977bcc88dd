"""Files of shapes: GeoJSON, GeoPackage and zipped shapefiles, known by their content and bounded.

GeoJSON is read here, the others by GDAL from a folder of their own that holds nothing else. Formats that
can name other files (VRT, GML with schemas) are never handed to it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eom.core import archives
from eom.core.errors import AppError, InvalidFile, TooLarge
from eom.core.i18n import lazy
from eom.core.spreadsheet_text import gunzip
from eom.core.spreadsheets import Table

MEGABYTE = 1 << 20
MAX_BYTES = 256 * MEGABYTE
MAX_FIELDS = 100
WGS84 = "EPSG:4326"
LATITUDE, LONGITUDE = "latitude (geometry)", "longitude (geometry)"
NORTHING, EASTING = "y (geometry)", "x (geometry)"
_GEOPACKAGE, _SHAPES = b"SQLite format 3\0", b"\x00\x00\x27\x0a"
_SHAPE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_GEOJSON_TYPES = ("FeatureCollection", "Feature")


@dataclass(frozen=True)
class Shapes:
    """The features of a file: attribute names, attributes as text, geometries (Shapely; None for none).

    ``crs`` is what the file says ("EPSG:32719", or WKT); None when it does not.
    """

    fields: list[str]
    rows: list[list[str]]
    geometries: list[Any]
    crs: str | None


def is_vector(data: bytes) -> bool:
    """Whether a file's content is one of the kinds read here."""
    if data.startswith(b"PK"):
        return _shapefile_name(data) is not None
    return data.startswith(_GEOPACKAGE) or _looks_like_json(data)


def read_shapes(data: bytes, *, max_features: int) -> Shapes:
    """The features of a GeoJSON (also gzipped), GeoPackage or zipped shapefile. Raises InvalidFile, TooLarge."""
    if data.startswith(b"\x1f\x8b"):
        data = gunzip(data, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise TooLarge(
            lazy("The file is larger than %(limit)s MB.", limit=MAX_BYTES // MEGABYTE), field="file"
        )
    if data.startswith(b"PK"):
        shapes = _read_zip(data, max_features)
    elif data.startswith(_GEOPACKAGE):
        shapes = _read_by_gdal({"file.gpkg": data}, "file.gpkg", max_features)
    else:
        shapes = _read_geojson(data, max_features)
    if not shapes.rows:
        raise InvalidFile(lazy("The file holds no features."))
    return shapes


def points_table(data: bytes, *, max_features: int) -> Table:
    """A file of points as a table: its attributes, then the coordinates in degrees (WGS 84).

    Without a stated reference system, or with one its numbers cannot be in, the coordinates stand as x and
    y, for a person to say what they are. Raises InvalidFile for other geometries, and as ``read_shapes``.
    """
    import shapely  # type: ignore[import-untyped]

    shapes = read_shapes(data, max_features=max_features)
    kinds = {each.geom_type for each in shapes.geometries if each is not None and not each.is_empty}
    if kinds - {"Point", "MultiPoint"}:
        raise InvalidFile(
            lazy("The file holds shapes (%(kinds)s), not points.", kinds=", ".join(sorted(kinds))),
            next_step=lazy("Boundaries are loaded on their own page; a register needs points or columns."),
        )
    points = shapely.centroid(shapely.from_wkb(shapely.to_wkb(shapes.geometries)))
    heads, pairs = _degrees(list(zip(shapely.get_x(points), shapely.get_y(points), strict=True)), shapes.crs)
    headers = [name for name in shapes.fields if name not in heads] + list(heads)
    keep = [i for i, name in enumerate(shapes.fields) if name not in heads]
    rows = [[row[i] for i in keep] + list(pair) for row, pair in zip(shapes.rows, pairs, strict=True)]
    return Table(headers, rows, 1, encoding="utf-8", sheet="points")


def transformed(pairs: Sequence[tuple[float, float]], crs: str, to: str = WGS84) -> list[tuple[float, float]]:
    """(x, y) of one reference system in another (longitude, latitude for WGS 84); infinite where it cannot be.

    Raises InvalidFile for a reference system that is not known.
    """
    from pyproj import Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        transformer = Transformer.from_crs(crs, to, always_xy=True)
        xs, ys = transformer.transform([x for x, _y in pairs], [y for _x, y in pairs])
    except (CRSError, ProjError) as error:
        raise InvalidFile(
            lazy("“%(crs)s” is not a reference system that is known.", crs=crs[:40]),
            next_step=lazy("Give its EPSG number, such as 32719 for UTM zone 19 south."),
        ) from error
    return [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]


def _degrees(
    pairs: list[tuple[float, float]], crs: str | None
) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """Names and texts of the two columns of coordinates."""
    is_degrees = crs is None or crs == WGS84
    known = [(x, y) for x, y in pairs if x == x]
    fit = all(abs(x) <= 180 and abs(y) <= 90 for x, y in known)
    if not is_degrees and crs is not None:
        pairs = transformed(pairs, crs)
    elif not fit or crs is None:
        return (EASTING, NORTHING), [(_number(x), _number(y)) for x, y in pairs]
    return (LONGITUDE, LATITUDE), [(_number(x), _number(y)) for x, y in pairs]


def _number(value: float) -> str:
    return (
        ""
        if value != value or value in (float("inf"), float("-inf"))
        else f"{value:.7f}".rstrip("0").rstrip(".")
    )


def _looks_like_json(data: bytes) -> bool:
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _read_geojson(data: bytes, max_features: int) -> Shapes:
    import orjson

    try:
        found = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise InvalidFile(lazy("The GeoJSON cannot be read: %(reason)s", reason=str(error)[:120])) from error
    if not isinstance(found, dict) or found.get("type") not in _GEOJSON_TYPES:
        raise InvalidFile(lazy("The JSON is no GeoJSON: a collection of features was expected."))
    features = found.get("features", []) if found["type"] == "FeatureCollection" else [found]
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise InvalidFile(lazy("The JSON is no GeoJSON: a collection of features was expected."))
    _bound(len(features), max_features)
    geometries = [_geometry(each, number) for number, each in enumerate(features, 1)]
    records = [
        each.get("properties") if isinstance(each.get("properties"), dict) else {} for each in features
    ]
    fields = list(dict.fromkeys(str(name) for record in records for name in record))
    _bound_fields(fields)
    rows = [[_text(record.get(name)) for name in fields] for record in records]
    return Shapes(fields, rows, geometries, _geojson_crs(found))


def _geometry(feature: dict[str, Any], number: int) -> Any:
    """A feature's shape, None for none. Raises InvalidFile with its number."""
    import shapely
    from shapely.geometry import shape  # type: ignore[import-untyped]

    try:
        return shape(feature["geometry"]) if feature.get("geometry") else None
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        IndexError,
        shapely.errors.ShapelyError,
    ) as error:
        raise InvalidFile(
            lazy("Feature %(number)s has a geometry that cannot be read.", number=number)
        ) from error


def _geojson_crs(found: dict[str, Any]) -> str:
    """The reference system an old GeoJSON names; WGS 84 without one (RFC 7946, 4)."""
    member = found.get("crs")
    name = str((member.get("properties") or {}).get("name", "")) if isinstance(member, dict) else ""
    number = name.rsplit(":", 1)[-1]
    return f"EPSG:{number}" if number.isdigit() and "CRS84" not in name else WGS84


def _shapefile_name(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [each for each in archive.namelist() if not Path(each).name.startswith("._")]
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    return next((name for name in sorted(names) if name.lower().endswith(".shp")), None)


def _read_zip(data: bytes, max_features: int) -> Shapes:
    try:
        names = archives.check(data, max_unpacked=MAX_BYTES)
    except TooLarge:
        raise TooLarge(lazy("The archive unpacks to more than is taken."), field="file") from None
    except AppError as error:
        raise InvalidFile(lazy("The archive cannot be opened: it is damaged or protected.")) from error
    main = _shapefile_name(data)
    if main is None:
        raise InvalidFile(
            lazy("The archive holds no shapefile (.shp)."),
            next_step=lazy("Zip .shp, .dbf, .shx and .prj together."),
        )
    stem, parts = main[:-4], {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(names):
            ending = name[-4:].lower()
            if name[:-4] == stem and ending in _SHAPE_PARTS:
                parts[f"file{ending}"] = archive.read(name)
    if not parts["file.shp"].startswith(_SHAPES) or "file.dbf" not in parts:
        raise InvalidFile(
            lazy("The shapefile in the archive is damaged or lacks its .dbf."),
            next_step=lazy("Zip .shp, .dbf, .shx and .prj together."),
        )
    return _read_by_gdal(parts, "file.shp", max_features)


def _read_by_gdal(parts: dict[str, bytes], main: str, max_features: int) -> Shapes:
    import shapely
    from pyogrio import errors, raw, read_info  # type: ignore[import-untyped]

    with TemporaryDirectory(prefix="eom-shapes-") as folder:
        for name, content in parts.items():
            (Path(folder) / name).write_bytes(content)
        path = str(Path(folder) / main)
        try:
            layer = _spatial_layer(path)
            info = read_info(path, layer=layer)
            _bound(info["features"], max_features)
            meta, _ids, geometry, columns = raw.read(path, layer=layer, force_2d=True)
        except (
            errors.DataSourceError,
            errors.DataLayerError,
            errors.FeatureError,
            UnicodeDecodeError,
        ) as error:
            raise InvalidFile(lazy("The file of shapes cannot be read: it is damaged.")) from error
    fields = [str(name) for name in meta["fields"]]
    _bound_fields(fields)
    texts = [[_text(value) for value in column] for column in columns]
    rows = [list(row) for row in zip(*texts, strict=True)] if texts else [[] for _each in geometry]
    return Shapes(fields, rows, list(shapely.from_wkb(geometry, on_invalid="ignore")), meta["crs"] or None)


def _spatial_layer(path: str) -> str:
    from pyogrio import list_layers

    layers = [str(name) for name, kind in list_layers(path) if kind is not None]
    if not layers:
        raise InvalidFile(lazy("The file holds no layer with a geometry."))
    return layers[0]


def _bound(count: int, limit: int) -> None:
    if count > limit:
        raise TooLarge(lazy("The file has more than %(limit)s features.", limit=limit), field="file")


def _bound_fields(fields: list[str]) -> None:
    if len(fields) > MAX_FIELDS:
        raise TooLarge(
            lazy("The table has %(count)s columns; %(limit)s are read at most.", count=len(fields), limit=MAX_FIELDS),
            field="file", next_step=lazy("Delete the columns that are not needed."),
        )  # fmt: skip


def _text(value: Any) -> str:
    """A value as a cell: whole numbers without a point, nothing for null."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) or type(value).__name__.startswith("float"):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    return str(value).replace("\0", "")
