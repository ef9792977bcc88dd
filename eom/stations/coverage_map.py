"""The coverage map: Folium's map in our own page, with our own assets and no names in its script.

Folium writes the map, the shaded boundaries and the tiles; voting centres come by address as data and
are drawn by static/js/coverage_map.js, which sets every text as text. Folium escapes no names
(``${…}`` in a tooltip is code), so none is ever handed to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from eom.core.i18n import lazy, percent

if TYPE_CHECKING:
    import folium

# ColorBrewer's YlGnBu: told apart with any colour vision, and in grey.
SHADES = ("#ffffd9", "#c7e9b4", "#7fcdbb", "#1d91c0", "#0c2c84")
NO_SHADE = "#e6e6e6"
STYLES = (
    "vendor/leaflet/leaflet.css",
    "vendor/leaflet.markercluster/MarkerCluster.css",
    "css/coverage_map.css",
)
SCRIPTS = (
    "vendor/leaflet/leaflet.js",
    "vendor/leaflet.markercluster/leaflet.markercluster.js",
)
MODULE = "js/coverage_map.js"
MAX_ZOOM = 18

LABELS = {
    "map": lazy("Map of coverage"),
    "legend": lazy("Share of stations covered"),
    "no_share": lazy("No stations"),
    "none": lazy("Centre without a plan"),
    "planned": lazy("Centre planned"),
    "visited": lazy("Centre visited"),
    "open": lazy("Open"),
    "loading": lazy("Loading…"),
    "failed": lazy("This could not be loaded. Try again."),
    "timeline": lazy("Hour of the polling day"),
    "play": lazy("Let the day pass"),
    "pause": lazy("Pause"),
    "zoom_in": lazy("Zoom in"),
    "zoom_out": lazy("Zoom out"),
}
_STATES = ("none", "planned", "visited")

Bounds = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class MapParts:
    """What a page puts in its head, its body and at its end.

    ``script`` is the body of one ``<script type="module" nonce=…>``; ``scripts`` are the addresses to
    load with ``defer`` before it. Nothing else in it needs a nonce.
    """

    header: Markup
    html: Markup
    scripts: list[str]
    script: Markup


def render_map(
    boundaries_geojson: Mapping[str, Any] | None,
    points_url: str,
    details_url_template: str,
    bounds: Bounds | None,
    labels: Mapping[str, Any] | None = None,
    *,
    asset_url: Callable[[str], str] = "/static/{}".format,
    tile_url: str | None = None,
    tile_attribution: str = "",
) -> MapParts:
    """The parts of a page's map.

    ``boundaries_geojson``: features with ``name`` and ``share`` (0..1 or None) as properties.
    ``points_url`` answers ``{"points": [[latitude, longitude, id, state], …]}``, state 0 none, 1 planned,
    2 visited; where they are too many, also ``"clusters": [[latitude, longitude, count, planned, visited], …]``
    of what ``bbox`` shows at ``zoom``, and is asked again when the map moves. ``details_url_template`` holds ``{id}`` and answers ``{"title", "rows": [[label, text], …],
    "url"}``. ``bounds`` is ((south, west), (north, east)). ``labels`` replaces any of LABELS.
    """
    words = {name: str(text) for name, text in {**LABELS, **(labels or {})}.items()}
    chart = _map_class()(bounds, words["map"])
    if tile_url:
        _add_tiles(chart, tile_url, tile_attribution)
    shaded = _add_boundaries(chart, boundaries_geojson)
    _add_points(
        chart,
        {
            "module": asset_url(MODULE),
            "boundaries": shaded,
            "options": {
                "points": points_url,
                "details": details_url_template,
                "bounds": bounds,
                "labels": words,
            },
        },
    )
    figure = chart.get_root()
    figure.render()
    header = Markup("").join(
        Markup('<link rel="stylesheet" href="{}">\n').format(asset_url(path)) for path in STYLES
    )
    html = Markup(figure.html.render()) + _legend(words)  # noqa: S704 - no text of a person is in it
    return MapParts(
        header,
        html,
        [asset_url(path) for path in SCRIPTS],
        Markup(figure.script.render()),  # noqa: S704 - no text of a person is in it
    )


def tile_origin(tile_url: str) -> str:
    """Where tiles come from, as a policy names it: scheme and host, ``*`` for the servers in turn."""
    parts = urlsplit(tile_url)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def shade(share: float | None) -> str:
    """The colour of a share (0..1): five equal classes, grey for none."""
    if share is None:
        return NO_SHADE
    return SHADES[_class_of(share)]


def _class_of(share: float) -> int:
    return min(max(int(share * len(SHADES)), 0), len(SHADES) - 1)


def _add_tiles(chart: folium.Map, url: str, attribution: str) -> None:
    import folium

    folium.TileLayer(tiles=url, attr=str(Markup.escape(attribution)) or " ", max_zoom=MAX_ZOOM).add_to(chart)


def _add_boundaries(chart: folium.Map, collection: Mapping[str, Any] | None) -> str | None:
    """Shade the boundaries with Folium's GeoJson; the name of its layer in the script."""
    import folium

    if not collection or not collection["features"]:
        return None
    features = [
        {
            "type": "Feature",
            "id": str(number),
            "properties": {
                "name": str(feature["properties"].get("name", "")),
                "share": feature["properties"].get("share"),
                "label": _share_label(feature["properties"]),
            },
            "geometry": feature["geometry"],
        }
        for number, feature in enumerate(collection["features"])
    ]
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=_style,
        control=False,
    )
    layer.add_to(chart)
    return str(layer.get_name())


def _share_label(properties: Mapping[str, Any]) -> str:
    given = properties.get("label")
    if given is not None:
        return str(given)
    share = properties.get("share")
    return "" if share is None else percent(share)


def _style(feature: Mapping[str, Any]) -> dict[str, Any]:
    colour = shade(feature["properties"]["share"])
    return {"fillColor": colour, "fillOpacity": 0.65, "color": "#4d4d4d", "weight": 1}


def _legend(words: Mapping[str, str]) -> Markup:
    steps: Sequence[str] = [
        f"{percent(number / len(SHADES), 0)} – {percent((number + 1) / len(SHADES), 0)}"
        for number in range(len(SHADES))
    ]
    item = Markup('<li><span class="coverage-{} coverage-{}-{}" aria-hidden="true"></span> {}</li>')
    shares = [item.format("shade", "shade", number, step) for number, step in enumerate(steps)]
    shares.append(item.format("shade", "shade", "none", words["no_share"]))
    states = [item.format("point", "point", state, words[state]) for state in _STATES]
    return Markup('<ul class="coverage-legend" aria-label="{}">{}</ul>\n').format(
        words["legend"], Markup("").join(shares + states)
    )


def _add_points(chart: folium.Map, given: Mapping[str, Any]) -> None:
    import folium
    from jinja2 import Template

    class CoveragePoints(folium.MacroElement):
        """Hands Folium's map and layer to our module, which fetches the points."""

        _template = Template(
            "{% macro script(this, kwargs) %}"
            "import({{ this.given.module|tojson }}).then((page) => page.showCoverage("
            "{{ this._parent.get_name() }}, {{ this.given.boundaries or 'null' }}, {{ this.given.options|tojson }}));"
            "{% endmacro %}"
        )

        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self._name = "CoveragePoints"
            self.given = given

    CoveragePoints().add_to(chart)


@cache
def _map_class() -> Any:
    import folium
    from jinja2 import Template

    class CoverageMap(folium.Map):
        """Folium's map without its style sheets, its scripts from elsewhere and its inline styles."""

        default_js: list[tuple[str, str]] = []
        default_css: list[tuple[str, str]] = []
        _template = Template(
            "{% macro html(this, kwargs) %}"
            '<div class="coverage-map" id="{{ this.get_name() }}" role="region" tabindex="0"'
            ' aria-label="{{ this.label|e }}"></div>'
            "{% endmacro %}"
            "{% macro script(this, kwargs) %}"
            "const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.options|tojson }});"
            "{{ this.get_name() }}.fitBounds({{ this.view|tojson }});"
            "{% endmacro %}"
        )

        def __init__(self, bounds: Bounds | None, label: str) -> None:
            # Folium forgets max_zoom when there are no tiles: it is passed under Leaflet's name.
            super().__init__(tiles=None, prefer_canvas=True, zoom_control=False)
            self.options = {
                "preferCanvas": True,
                "zoomControl": False,
                "maxZoom": MAX_ZOOM,
                "minZoom": 2,
            }
            self.label = label
            self.view = bounds or ((-56.0, -118.0), (33.0, -34.0))

    return CoverageMap
