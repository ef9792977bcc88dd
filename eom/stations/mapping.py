"""Which column of a register's file holds what: guessed from headings and values, checked before use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eom.core.countries import alpha3, fold
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.spreadsheets import parse_decimal
from eom.stations.coordinates import parse_angle, parse_pair

FIELDS = {
    "station_code": lazy("Polling station number"),
    "station_count": lazy("Count of polling stations (one row a centre)"),
    "country": lazy("Country"),
    "area_1": lazy("First-level area (department, province, state)"),
    "area_2": lazy("Second-level area"),
    "area_3": lazy("Third-level area"),
    "area_code": lazy("Code of the area, its levels inside (UBIGEO, INEGI, DANE)"),
    "locality": lazy("Locality"),
    "district": lazy("District"),
    "zone": lazy("Zone"),
    "centre_name": lazy("Voting centre"),
    "centre_code": lazy("Voting centre's code"),
    "code_prefix": lazy("First part of the centre's code, where it stands in two columns"),
    "address": lazy("Address"),
    "latitude": lazy("Latitude"),
    "longitude": lazy("Longitude"),
    "coordinates": lazy("Both coordinates in one column"),
    "registered_voters": lazy("Registered voters"),
}

# What a mapping holds that is no column: the reference system of coordinates in metres ("EPSG:32719").
OPTIONS = frozenset({"crs"})

# Folded headings (no accents, lower case) in English, Spanish, French and Portuguese, best first.
_KNOWN_HEADINGS = {
    "station_code": (
        "numero mesa,numero de mesa,mesa,codigo mesa,codigomesa,codigo de mesa,nro mesa,no mesa,num mesa,jrv,"
        "numero jrv,codigo jrv,casilla id,id casilla,clave casilla,casilla,junta,polling station,polling station number,"
        "polling station code,station,station code,station number,table,table number,poll number,"
        "bureau de vote,numero bureau,numero du bureau,code bureau,bureau,secao,secao eleitoral,numero secao,"
        "nr secao,mer,seccion,precinct,precinct code,poll"
    ),
    "country": "pais,pais nombre,nombre pais,country,country name,pays,nome pais,country iso3,iso3",
    "area_1": (
        "departamento,departamento nombre,nombre departamento,estado,nombre estado,entidad,nombre entidad,"
        "entidad federativa,region,department,departement,state,uf,sg uf,area 1,adm1,admin1,nivel 1,level 1"
    ),
    "area_2": (
        "provincia,provincia nombre,nombre provincia,province,county,condado,arrondissement,area 2,adm2,"
        "admin2,nivel 2,level 2"
    ),
    "area_3": (
        "municipio,municipio nombre,nombre municipio,nombre municipal,canton,municipality,commune,comuna,"
        "nome municipio,nm municipio,parish,parroquia,distrito municipal,area 3,adm3,admin3,nivel 3,level 3"
    ),
    "locality": (
        "localidad,asiento electoral,asiento,locality,town,city,ciudad,localite,ville,localidade,cidade,"
        "poblacion,comunidad,village"
    ),
    "district": (
        "distrito,circunscripcion,district,distrito electoral,electoral district,circonscription,bairro"
    ),
    "zone": "zona,zone,zona electoral,zona eleitoral,nr zona,sector,secteur,electoral zone",
    "centre_name": (
        "recinto,recinto nombre,nombre recinto,centro de votacion,nombre centro de votacion,"
        "nombre centro,centro,local de votacion,nombre local,local,colegio,voting centre,voting center,"
        "polling centre,polling center,polling place,polling location,centre,center,centre name,center name,"
        "centre de vote,nom du centre,lieu de vote,local de votacao,nm local votacao,unidad receptora"
    ),
    "centre_code": (
        "codigo recinto,codigorecinto,codigo de recinto,id recinto,recinto codigo,codigo centro,codigo del centro,"
        "codigo local,id centro,centre code,center code,centre id,code centre,code du centre,codigo do local,"
        "nr local votacao,polling place code,recinto,centro,seccion,section"
    ),
    "address": "direccion,address,adresse,endereco,domicilio,ubicacion,location address,ds endereco",
    "latitude": (
        "latitude geometry,y geometry,latitud,latitude,lat,coordenada y,y,nr latitude,norte,northing,utm y,"
        "utm norte,coordenadas latitud,coord y,latitud y"
    ),
    "longitude": (
        "longitude geometry,x geometry,longitud,longitude,lon,lng,long,coordenada x,x,nr longitude,este,easting,"
        "utm x,utm este,coordenadas longitud,coord x,longitud x"
    ),
    "coordinates": (
        "coordenadas,coordinates,coordonnees,coordenada,coordenadas geograficas,georreferencia,geolocalizacion,"
        "lat lon,latlon,lat long,latitud longitud,gps,point,wkt,geom,geometry"
    ),
    "station_count": (
        "mesas,numero de mesas,num mesas,no mesas,nro mesas,cantidad de mesas,cantidad mesas,total mesas,"
        "total de mesas,casillas,jrvs,juntas,polling stations,number of stations,number of polling stations,"
        "stations,station count,tables,bureaux,nombre de bureaux,nombre bureaux,bureaux de vote,secoes,"
        "numero de secoes,qt secoes"
    ),
    "area_code": (
        "ubigeo,codigo ubigeo,codigo ine,cve geo,cvegeo,divipola,codigo divipola,codigo dane,area code,"
        "codigo area,codigo territorial,codigo geografico,codigo ibge,cod ibge,code geographique"
    ),
    "code_prefix": "codigo localidad,codigolocalidad,asiento,localidad,asiento codigo,codigo asiento,code localite,locality code",
    "registered_voters": (
        "inscritos,inscritos habilitados,inscritoshabilitados,habilitados,electores,numero electores,"
        "electores inscritos,padron,lista nominal,ln,registered,registered voters,voters,voters registered,"
        "electors,eligible voters,electeurs,electeurs inscrits,inscrits,inscrits sur la liste,"
        "eleitores,eleitores aptos,qt aptos,qt eleitores"
    ),
}
_HEADINGS = {field: names.split(",") for field, names in _KNOWN_HEADINGS.items()}
# A heading with one of these words is a total or a range, not the thing itself.
_OTHER_THINGS = frozenset({"primera", "primer", "first", "ultima", "ultimo", "last", "total"})
_ALL_HEADINGS = frozenset(name for names in _HEADINGS.values() for name in names)
_COUNTED = ("station_count", "registered_voters")
_NAMED = frozenset({"country", "area_1", "area_2", "area_3", "locality", "centre_name", "address"})
_AREAS = ("area_1", "area_2", "area_3")
# A shapefile cuts the names of its columns here.
_SHAPEFILE_WIDTH = 10
_EXACT, _CLOSE, _ENOUGH = 100, 40, 30


def is_known_heading(header: str) -> bool:
    """Whether a heading is one that registers use, in one of the four languages."""
    return fold(header) in _ALL_HEADINGS


def guess_mapping(headers: Sequence[str], sample_rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """The likeliest heading for each field; fields nothing fits are left out.

    Headings count first; the sampled values decide between a column of names and one of codes.
    """
    columns = {
        header: [row[i].strip() for row in sample_rows if i < len(row) and row[i].strip()]
        for i, header in enumerate(headers)
    }
    scored = sorted(
        (
            (-_score(field, header, values), position, field, header)
            for field in FIELDS
            for position, (header, values) in enumerate(columns.items())
        ),
    )
    mapping: dict[str, str] = {}
    for minus_score, _position, field, header in scored:
        if -minus_score >= _ENOUGH and field not in mapping and header not in mapping.values():
            mapping[field] = header
    _settle(mapping)
    _areas_by_code(mapping, columns)
    return _ordered(_close_gaps(mapping))


def _areas_by_code(mapping: dict[str, str], headers: Iterable[str]) -> None:
    """Areas that the file gives by their code alone ("id_estado"), when it names none."""
    if {"area_1", "area_2", "area_3", "area_code"} & set(mapping):
        return
    for field in _AREAS:
        for header in headers:
            is_named = any(_is_within(heading, fold(header)) for heading in _HEADINGS[field])
            if is_named and header not in mapping.values():
                mapping[field] = header
                break


def _settle(mapping: dict[str, str]) -> None:
    """Leave out what cannot stand together, the weaker of each two."""
    if "station_code" in mapping:
        mapping.pop("station_count", None)
    if "latitude" in mapping and "longitude" in mapping:
        mapping.pop("coordinates", None)
    elif "coordinates" in mapping:
        mapping.pop("latitude", None)
        mapping.pop("longitude", None)


def check_mapping(mapping: Mapping[str, str], headers: Sequence[str]) -> None:
    """Raise InvalidInput, naming the field, when a register cannot be read with this mapping."""
    mapping = columns_of(mapping)
    for field, header in mapping.items():
        if field not in FIELDS:
            raise InvalidInput(lazy("There is no field “%(name)s”.", name=field))
        if header not in headers:
            raise InvalidInput(lazy("The file has no column “%(name)s”.", name=header), field=field)
    used = list(mapping.values())
    for field, header in mapping.items():
        if used.count(header) > 1:
            raise InvalidInput(
                lazy("The column “%(name)s” is chosen more than once.", name=header),
                field=field,
            )
    _check_together(mapping)


def _check_together(mapping: Mapping[str, str]) -> None:
    """Raise InvalidInput for fields that need others, or that exclude each other."""
    if not {"station_code", "centre_name", "centre_code"} & set(mapping):
        message = lazy("Choose the column of the polling station's number or of the voting centre.")
        raise InvalidInput(message, field="station_code")
    if {"station_code", "station_count"} <= set(mapping):
        message = lazy(
            "Choose the station's number or the count of stations: a row is a station or a centre."
        )
        raise InvalidInput(message, field="station_count")
    if not {"area_1", "area_code", "latitude", "coordinates", "centre_code"} & set(mapping):
        raise InvalidInput(lazy("Choose the column of the first-level area."), field="area_1")
    if "area_3" in mapping and "area_2" not in mapping:
        raise InvalidInput(lazy("Choose the second-level area before the third."), field="area_2")
    if "coordinates" in mapping and "latitude" in mapping:
        message = lazy("Choose one column with both coordinates, or two columns.")
        raise InvalidInput(message, field="coordinates")
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if one in mapping and other not in mapping:
            raise InvalidInput(
                lazy("Latitude and longitude go together: choose both or none."),
                field=other,
            )


def columns_of(mapping: Mapping[str, str]) -> dict[str, str]:
    """The headings of a mapping by field, without what is no column ("crs": the reference system)."""
    return {field: header for field, header in mapping.items() if field not in OPTIONS}


def _score(field: str, header: str, values: Sequence[str]) -> int:
    name = fold(header)
    headings = _HEADINGS[field]
    if name in headings:
        score = _EXACT - min(headings.index(name), 20)
    elif len(header) == _SHAPEFILE_WIDTH and any(heading.startswith(name) for heading in headings):
        score = _CLOSE
    elif _OTHER_THINGS & set(name.split()):
        return 0
    else:
        score = max((_CLOSE for heading in headings if _is_within(heading, name)), default=0)
    if not score or not values:
        return score
    return score + _value_score(field, values)


def _is_within(heading: str, name: str) -> bool:
    """True when every word of a known heading of some length is a word of the name."""
    return len(heading) > 3 and set(heading.split()) <= set(name.split())


def _value_score(field: str, values: Sequence[str]) -> int:
    numbers = [_number(value) for value in values]
    numeric = sum(1 for n in numbers if n is not None) / len(values)
    if field in _NAMED:
        if field == "country" and numeric < 0.5:
            return 15 if alpha3(values[0]) else 0
        return -80 if numeric > 0.8 else 5
    if field in ("latitude", "longitude"):
        return _angle_score(field, values)
    if field == "coordinates":
        return 10 if share_of_pairs(values) > 0.8 else -200
    if field == "centre_code":
        return 5 if numeric > 0.8 or len(fold(values[0]).split()) == 1 else -80
    if field in _COUNTED or field in ("area_code", "code_prefix"):
        return 5 if numeric > 0.8 else -80
    if field == "station_code":
        share = len(set(values)) / len(values)
        return round(20 * share) if share > 0.06 or len(values) < 20 else -80
    return 0


def _angle_score(field: str, values: Sequence[str]) -> int:
    """Degrees are what is looked for; numbers of metres may be, anything else is not."""
    limit = 90 if field == "latitude" else 180
    angles = [angle for value in values if (angle := _angle(value)) is not None]
    degrees = sum(1 for angle in angles if abs(angle) <= limit) / len(values)
    if degrees > 0.8:
        return 10
    return 0 if sum(1 for angle in angles if abs(angle) > 1000) > 0.8 * len(values) else -40


def share_of_pairs(values: Sequence[str]) -> float:
    """The share of values that hold a latitude and a longitude together."""
    return sum(1 for value in values if _is_pair(value)) / max(len(values), 1)


def _is_pair(text: str) -> bool:
    try:
        parse_pair(text)
    except InvalidInput:
        return False
    return True


def _angle(text: str) -> float | None:
    try:
        return parse_angle(text)
    except InvalidInput:
        return None


def _number(text: str) -> float | None:
    try:
        return float(parse_decimal(text, "," if "," in text else "."))
    except InvalidInput:
        return None


def _close_gaps(mapping: dict[str, str]) -> dict[str, str]:
    """Areas moved up, so that a file with departments and municipalities has levels one and two."""
    areas = [mapping[field] for field in _AREAS if field in mapping]
    others = {field: header for field, header in mapping.items() if field not in _AREAS}
    return others | dict(zip(_AREAS, areas, strict=False))


def _ordered(mapping: Mapping[str, str]) -> dict[str, str]:
    return {field: mapping[field] for field in FIELDS if field in mapping}
