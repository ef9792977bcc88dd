import { element, timeline } from "./coverage_time.js";

// Draws voting centres on Folium's map of coverage. All texts arrive as data and are set as text.
const STATES = [
  { radius: 4, fillColor: "#ffffff", color: "#4d4d4d", weight: 1 },
  { radius: 6, fillColor: "#e69f00", color: "#000000", weight: 1 },
  { radius: 6, fillColor: "#0072b2", color: "#000000", weight: 2 },
];

async function read(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

function card(details, labels) {
  const box = element("div", undefined, "coverage-card");
  box.append(element("strong", details.title));
  const list = element("dl");
  for (const [label, text] of details.rows || []) list.append(element("dt", label), element("dd", text));
  box.append(list);
  // Only an address on this site: "//host" and "javascript:" are none.
  if (/^\/(?![/\\])/.test(details.url || "")) {
    const link = element("a", labels.open);
    link.href = details.url;
    box.append(link);
  }
  return box;
}

function openDetails(map, marker, id, options) {
  const popup = window.L.popup().setLatLng(marker.getLatLng()).setContent(element("p", options.labels.loading));
  popup.openOn(map);
  read(options.details.replace(/\{id\}|%7Bid%7D/i, encodeURIComponent(id)))
    .then((details) => popup.setContent(card(details, options.labels)))
    .catch(() => popup.setContent(element("p", options.labels.failed)));
}

function clusterIcon(cluster) {
  const count = cluster.getChildCount().toLocaleString(document.documentElement.lang || "en");
  return window.L.divIcon({ html: element("span", count), className: "coverage-cluster", iconSize: [40, 40] });
}

function markers(map, points, options) {
  return points.map(([latitude, longitude, id, state]) => {
    const marker = window.L.circleMarker([latitude, longitude], { fillOpacity: 0.95, ...(STATES[state] || STATES[0]) });
    return marker.on("click", () => openDetails(map, marker, id, options));
  });
}

// Resolves when all points are drawn: they are added in pieces, so that the page stays usable meanwhile.
function drawPoints(map, points, options) {
  return new Promise((resolve) => {
    const group = window.L.markerClusterGroup({
      chunkedLoading: true, maxClusterRadius: 45, showCoverageOnHover: false, disableClusteringAtZoom: 14,
      iconCreateFunction: clusterIcon,
      chunkProgress: (done, total) => { if (done === total) resolve(group); },
    });
    map.addLayer(group);
    group.addLayers(markers(map, points, options));
    if (!points.length) resolve(group);
  });
}

function labelBoundaries(boundaries) {
  boundaries.eachLayer((layer) => {
    const { name, label } = layer.feature.properties;
    layer.unbindTooltip().bindTooltip(element("span", label ? `${name}: ${label}` : name), { sticky: true });
  });
}

// What the map shows and a little more, so that a short way needs no answer of the server.
function addressOf(map, options) {
  const url = new URL(options.points, window.location.href);
  const box = map.getBounds().pad(0.2);
  const south = Math.max(box.getSouth(), -90);
  const north = Math.min(box.getNorth(), 90);
  const west = Math.max(box.getWest(), -180);
  const east = Math.min(box.getEast(), 180);
  url.searchParams.set("bbox", [south, west, north, east].map((each) => each.toFixed(4)).join(","));
  url.searchParams.set("zoom", String(map.getZoom()));
  return url;
}

function clusterMarker(map, [latitude, longitude, count, planned, visited]) {
  const kind = visited ? "visited" : planned ? "planned" : "none";
  const icon = window.L.divIcon({
    html: element("span", count.toLocaleString(document.documentElement.lang || "en")),
    className: `coverage-cluster coverage-cluster-${kind}`, iconSize: [44, 44],
  });
  const marker = window.L.marker([latitude, longitude], { icon, keyboard: true });
  const closer = () => map.setView([latitude, longitude], Math.min(map.getZoom() + 2, map.getMaxZoom()));
  // Leaflet tells of a key on a marker, and makes no click of it.
  return marker.on("click", closer).on("keypress", ({ originalEvent }) => { if (originalEvent.key === "Enter") closer(); });
}

function recolour(boundaries, shades) {
  boundaries.eachLayer((layer) => {
    const found = shades[layer.feature.properties.name];
    if (!found) return;
    layer.setStyle({ fillColor: found[0] });
    layer.feature.properties.label = found[1];
  });
  labelBoundaries(boundaries);
}

// The points of a map: all at once where they are few, what the view shows where they are many.
class Shown {
  constructor(map, boundaries, options) {
    Object.assign(this, { map, boundaries, options, layer: null, isWhole: false, asked: 0 });
    map.on("moveend", () => { if (!this.isWhole) this.draw(); });
  }

  async draw(more = {}) {
    this.asked += 1;
    const number = this.asked;
    const url = addressOf(this.map, this.options);
    for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
    const found = await read(url);
    // A later question has been asked meanwhile: its answer counts.
    if (number !== this.asked) return;
    if (found.shades && this.boundaries) recolour(this.boundaries, found.shades);
    this.layer?.remove();
    this.isWhole = !found.clusters;
    if (this.isWhole) {
      this.layer = await drawPoints(this.map, found.points, this.options);
      return;
    }
    const drawn = [...found.clusters.map((each) => clusterMarker(this.map, each)), ...markers(this.map, found.points, this.options)];
    this.layer = window.L.layerGroup(drawn).addTo(this.map);
  }

  // Another hour of the day: the points and the shades as they were then.
  at(until) {
    const url = new URL(this.options.points, window.location.href);
    url.searchParams.set("until", until);
    this.options.points = url.pathname + url.search;
    return this.draw({ shaded: "1" });
  }
}

export async function showCoverage(map, boundaries, options) {
  const { labels } = options;
  const holder = map.getContainer();
  map.attributionControl.setPrefix(false);
  window.L.control.zoom({ zoomInTitle: labels.zoom_in, zoomOutTitle: labels.zoom_out }).addTo(map);
  if (boundaries) labelBoundaries(boundaries);
  const shown = new Shown(map, boundaries, options);
  const choice = document.getElementById("f-until");
  if (choice) timeline(shown, choice, labels);
  try {
    await shown.draw();
    holder.dataset.state = "ready";
  } catch {
    holder.dataset.state = "failed";
    holder.after(element("p", labels.failed, "coverage-failed"));
  }
}
