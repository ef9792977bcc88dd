// Draws voting centres on Folium's map of coverage. All texts arrive as data and are set as text.
const STATES = [
  { radius: 4, fillColor: "#ffffff", color: "#4d4d4d", weight: 1 },
  { radius: 6, fillColor: "#e69f00", color: "#000000", weight: 1 },
  { radius: 6, fillColor: "#0072b2", color: "#000000", weight: 2 },
];

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

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
      chunkProgress: (done, total) => { if (done === total) resolve(); },
    });
    map.addLayer(group);
    group.addLayers(markers(map, points, options));
    if (!points.length) resolve();
  });
}

function labelBoundaries(boundaries) {
  boundaries.eachLayer((layer) => {
    const { name, label } = layer.feature.properties;
    layer.bindTooltip(element("span", label ? `${name}: ${label}` : name), { sticky: true });
  });
}

export async function showCoverage(map, boundaries, options) {
  const { labels } = options;
  const holder = map.getContainer();
  map.attributionControl.setPrefix(false);
  window.L.control.zoom({ zoomInTitle: labels.zoom_in, zoomOutTitle: labels.zoom_out }).addTo(map);
  if (boundaries) labelBoundaries(boundaries);
  try {
    await drawPoints(map, (await read(options.points)).points, options);
    holder.dataset.state = "ready";
  } catch {
    holder.dataset.state = "failed";
    holder.after(element("p", labels.failed, "coverage-failed"));
  }
}
