// Draws the routes of a plan with Leaflet. All texts arrive as data and are set as text; no request leaves the site.
const STILL = { color: "#6b7280", weight: 1, fillOpacity: 0.04, fillColor: "#6b7280", interactive: false };
const CLOSED = { color: "#b00020", weight: 3, dashArray: "2 6", fillColor: "#b00020", fillOpacity: 0.15 };

function words(text, url) {
  const box = document.createElement("span");
  if (url && /^\/(?![/\\])/.test(url)) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = text;
    box.append(link);
  } else box.textContent = text;
  return box;
}

function numbered(L, point, text, kind) {
  const mark = document.createElement("span");
  mark.textContent = text;
  const icon = L.divIcon({ html: mark, className: `plan-number ${kind}`, iconSize: [24, 24] });
  return L.marker(point, { icon, keyboard: false });
}

function drawTeam(L, map, team, base) {
  const way = team.stops.map(([latitude, longitude]) => [latitude, longitude]);
  if (team.base) way.push(team.base) && way.unshift(team.base);
  L.polyline(way, { color: team.colour, weight: 3, dashArray: team.number % 2 ? null : "8 5" })
    .bindTooltip(words(team.name), { sticky: true }).bindPopup(words(team.name, team.url)).addTo(map);
  for (const [latitude, longitude, label] of team.stops) {
    L.circleMarker([latitude, longitude], { radius: 5, color: "#000", weight: 1, fillColor: team.colour, fillOpacity: 1 })
      .bindTooltip(words(`${team.name}: ${label}`)).addTo(map);
  }
  if (team.base) numbered(L, team.base, String(team.number), "is-base").bindTooltip(words(`${base}, ${team.name}`)).addTo(map);
  return way;
}

async function draw(holder) {
  const { L } = window;
  const map = L.map(holder, { preferCanvas: true, zoomControl: false, maxZoom: 18, minZoom: 2 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: holder.dataset.zoomIn, zoomOutTitle: holder.dataset.zoomOut }).addTo(map);
  const answer = await fetch(holder.dataset.url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${holder.dataset.url} answered ${answer.status}`);
  const told = await answer.json();
  const seen = told.teams.flatMap((team) => team.stops.map(([latitude, longitude]) => [latitude, longitude]));
  seen.push(...told.teams.map((team) => team.base).filter(Boolean));
  // What has a team comes first: a station abroad that nobody visits must not make the rest a dot.
  if (!seen.length) seen.push(...told.left.map(([latitude, longitude]) => [latitude, longitude]));
  map.fitBounds(seen.length ? L.latLngBounds(seen).pad(0.1) : [[-56, -118], [33, -34]]);
  if (told.boundaries) L.geoJSON(told.boundaries, { style: STILL }).addTo(map);
  for (const each of told.closed) L.geoJSON(each.shape, { style: CLOSED }).bindTooltip(words(each.label), { sticky: true }).addTo(map);
  for (const team of told.teams) drawTeam(L, map, team, holder.dataset.base);
  for (const [latitude, longitude, label] of told.left) {
    L.circleMarker([latitude, longitude], { radius: 6, color: "#000", weight: 2, fillColor: "#fff", fillOpacity: 1 })
      .bindTooltip(words(`${holder.dataset.left}: ${label}`)).addTo(map);
  }
}

const holder = document.getElementById("plan-map");
if (holder) {
  draw(holder).then(() => { holder.dataset.state = "ready"; }).catch(() => {
    holder.dataset.state = "failed";
    const told = document.createElement("p");
    told.textContent = holder.dataset.failed;
    holder.after(told);
  });
}
