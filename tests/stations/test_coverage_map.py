"""The map's parts: nothing from elsewhere, no inline style, no name in a script as code; and it works."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, jsonify, render_template_string
from flask_babel import Babel
from werkzeug.serving import make_server

from eom.stations.coverage_map import SHADES, render_map, shade
from eom.stations.geography_points import extent, first_level_boundaries
from tests.patience import LIMIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "${alert(1)}</script><img src=x onerror=alert(2)>`\"'"
PAGE = """<!doctype html><html lang="en"><head><title>Map</title>{{ parts.header }}</head><body>{{ parts.html }}
{% for src in parts.scripts %}<script src="{{ src }}" defer nonce="abc"></script>{% endfor %}
<script type="module" nonce="abc">{{ parts.script }}</script></body></html>"""
POLICY = "default-src 'none'; script-src 'self' 'nonce-abc'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
CENTRES = 5_296


def boundaries():
    collection = first_level_boundaries("BOL")
    for number, feature in enumerate(collection["features"]):
        feature["properties"]["share"] = None if number == 0 else number / 8
    collection["features"][0]["properties"]["name"] = HOSTILE
    return collection


def parts(**options):
    west, south, east, north = extent("BOL")
    return render_map(
        boundaries(),
        "/points.json",
        "/centres/{id}.json",
        ((south, west), (north, east)),
        **options,
    )


@pytest.fixture
def app():
    app = Flask(__name__, static_folder=str(ROOT / "static"))
    Babel(app)
    seed = [
        [
            -10 - (n * 7919 % 12_000) / 1_000,
            -58 - (n * 104_729 % 11_000) / 1_000,
            n,
            n % 3,
        ]
        for n in range(CENTRES)
    ]

    @app.get("/")
    def page():
        return (
            render_template_string(PAGE, parts=parts()),
            200,
            {"Content-Security-Policy": POLICY},
        )

    @app.get("/favicon.ico")
    def icon():
        return "", 204

    @app.get("/points.json")
    def points():
        return jsonify(points=[*seed[1:], [-16.0, -64.0, 0, 2]])

    @app.get("/centres/<int:number>.json")
    def centre(number):
        return jsonify(title=HOSTILE, rows=[["Zone", HOSTILE]], url="javascript:alert(3)")

    return app


def test_nothing_comes_from_elsewhere_and_nothing_is_styled_inline(app):
    with app.test_request_context():
        made = parts()
    everything = made.header + made.html + made.script + "".join(made.scripts)
    assert "http" not in everything
    assert "style=" not in made.html
    assert "<style" not in everything
    assert "<script" not in everything
    assert "L.tileLayer" not in made.script


def test_a_hostile_name_is_only_ever_data(app):
    with app.test_request_context():
        made = parts(labels={"map": HOSTILE, "legend": HOSTILE, "open": HOSTILE})
    assert "</script" not in made.script.lower()
    assert "<img" not in made.script + made.html
    assert "`" not in made.script.replace(json.dumps("`")[1:-1], "", made.script.count("${alert(1)}"))


def test_the_deepest_zoom_holds_without_tiles(app):
    with app.test_request_context():
        assert '"maxZoom": 18' in parts().script


def test_tiles_are_drawn_only_when_set(app):
    with app.test_request_context():
        made = parts(tile_url="/tiles/{z}/{x}/{y}.png", tile_attribution="<b>Us</b>")
    assert "L.tileLayer" in made.script
    assert "/tiles/{z}/{x}/{y}.png" in made.script
    assert "<b>" not in made.script


def test_a_country_without_boundaries_has_a_map(app):
    with app.test_request_context():
        assert "L.geoJson" not in render_map(None, "/p", "/c/{id}", None).script


def test_shades_are_five_equal_classes():
    assert [shade(s) for s in (0, 0.2, 0.5, 0.61, 1)] == list(SHADES)
    assert shade(None) not in SHADES
    assert shade(1.2) == SHADES[-1]


@pytest.fixture
def site(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser_page(chromium):
    page = chromium.new_page(viewport={"width": 900, "height": 800})
    page.set_default_timeout(LIMIT_SECONDS * 1000)
    yield page
    page.close()


def test_the_map_works_under_a_strict_policy_with_hostile_names(site, browser_page):
    page = browser_page
    complaints, dialogs, asked = [], [], []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    page.goto(site)
    page.wait_for_selector(".coverage-map[data-state=ready]")
    page.wait_for_selector(".coverage-cluster")
    drawn = page.locator(".coverage-cluster").all_inner_texts()
    assert len(drawn) > 3
    page.locator(".coverage-cluster").first.click()
    page.wait_for_function(
        "drawn => { const now = [...document.querySelectorAll('.coverage-cluster')].map(each => each.innerText);"
        " return now.length > 0 && now.join() !== drawn.join(); }",
        arg=drawn,
    )
    assert page.locator(".coverage-map").bounding_box()["height"] > 300
    assert not dialogs
    assert not complaints
    assert set(asked) == {urlsplit(site).netloc}


def test_five_thousand_centres_are_all_there_in_few_elements_and_small(site, browser_page):
    """How soon they can be used is measured in benchmarks/bench_map.py; this is what makes it soon."""
    page = browser_page
    sizes = []
    page.on(
        "response",
        lambda answer: sizes.append(len(answer.body())) if "/vendor/" not in answer.url else None,
    )
    page.goto(site)
    page.wait_for_selector(".coverage-map[data-state=ready]")
    assert 0 < sum(sizes) < 1_500_000
    # Clusters and single centres together are all of them; single ones are drawn on one canvas, not as elements.
    counts = [int(each.replace(",", "")) for each in page.locator(".coverage-cluster").all_inner_texts()]
    assert CENTRES - 300 < sum(counts) <= CENTRES
    assert page.locator(".coverage-map canvas").count() == 1
    assert page.locator(".coverage-map *").count() < 500


def test_details_are_shown_as_text(site, browser_page):
    page = browser_page
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.route(
        "**/points.json?*",
        lambda route: route.fulfill(json={"points": [[-16.3, -63.6, 7, 2]]}),
    )
    page.goto(site)
    page.wait_for_selector(".coverage-map[data-state=ready]")
    spot = page.wait_for_function(
        "() => { const c = document.querySelector('.coverage-map canvas'); const r = c.getBoundingClientRect();"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const k = c.width / r.width;"
        " for (let i = 0; i < d.length; i += 4) if (d[i] < 8 && Math.abs(d[i + 1] - 114) < 8"
        " && Math.abs(d[i + 2] - 178) < 8) {"
        " const p = i / 4; const spot = [r.x + (p % c.width) / k, r.y + Math.floor(p / c.width) / k + 4];"
        " const held = window.spot; window.spot = String(spot); return held === window.spot && spot; } }",
        polling=100,
    ).json_value()
    page.mouse.click(*spot)
    card = page.locator(".coverage-card")
    card.wait_for()
    assert card.locator("strong").inner_text() == HOSTILE
    assert card.locator("dd").inner_text() == HOSTILE
    assert card.locator("a").count() == 0
    assert not dialogs
