// Shows every [data-map]: GeoJSON as circles and areas, grouped when asked. Names are set as text, never as HTML.
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(`--${name}`).trim();
const TONES = { neutral: "ink-soft", info: "teal", success: "success", warning: "warning-strong", danger: "danger" };
const tone = (feature) => colour(TONES[feature.properties?.tone] || "teal");

function popup(properties, words) {
  const box = document.createElement("div");
  for (const [name, tag] of [["title", "strong"], ["text", "p"]]) {
    if (!properties?.[name]) continue;
    const part = document.createElement(tag);
    part.textContent = properties[name];
    box.append(part);
  }
  if (properties?.url?.startsWith("/")) {
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = words.open;
    box.append(link);
  }
  return box.childNodes.length ? box : null;
}

function layerOf(geojson, words) {
  return window.L.geoJSON(geojson, {
    style: (feature) => (feature.geometry?.type.endsWith("Point") ? {} : { color: tone(feature), weight: 1.5, fillOpacity: 0.15 }),
    pointToLayer: (feature, place) => window.L.circleMarker(place, {
      radius: 7, color: "#fff", weight: 1.5, fillColor: tone(feature), fillOpacity: 0.95,
    }),
    onEachFeature: (feature, layer) => {
      const content = popup(feature.properties, words);
      if (content) layer.bindPopup(content);
    },
  });
}

function group(cluster) {
  if (!cluster) return window.L.featureGroup();
  return window.L.markerClusterGroup({
    chunkedLoading: true, maxClusterRadius: 50, showCoverageOnHover: false,
    iconCreateFunction: (found) => {
      const mark = document.createElement("span");
      mark.textContent = found.getChildCount().toLocaleString(document.documentElement.lang);
      return window.L.divIcon({ html: mark, className: "map-cluster", iconSize: [42, 42] });
    },
  });
}

async function read(holder) {
  if (holder.dataset.from) return JSON.parse(document.getElementById(holder.dataset.from).textContent);
  const answer = await fetch(holder.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the map's data answered ${answer.status}`);
  return answer.json();
}

async function show(holder) {
  const words = JSON.parse(holder.dataset.words);
  const map = window.L.map(holder, { zoomControl: false, preferCanvas: true, maxZoom: 18, minZoom: 2 });
  map.attributionControl.setPrefix(false);
  window.L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  map.setView([0, -70], 3);
  if (holder.dataset.tiles) {
    window.L.tileLayer(holder.dataset.tiles, { attribution: holder.dataset.attribution, maxZoom: 18 }).addTo(map);
  }
  const geojson = await read(holder);
  const points = group("cluster" in holder.dataset);
  points.addLayer(layerOf(geojson, words));
  points.addTo(map);
  const bounds = points.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 14 });
  return map;
}

for (const holder of document.querySelectorAll("[data-map]")) {
  show(holder).catch(() => {
    const message = document.createElement("p");
    message.className = "map-failed";
    message.textContent = JSON.parse(holder.dataset.words).failed;
    holder.replaceChildren(message);
  });
}
