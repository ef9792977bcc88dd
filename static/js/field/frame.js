// What stands around every page of the app: notices above, the buttons that are always at hand below.
import { button, h } from "./dom.js";
import { t } from "./words.js";

const notice = (tone, ...children) => h("div", { class: `notice notice-${tone}` }, h("div", {}, ...children));

function signIn(app, sentence) {
  const next = encodeURIComponent(app.base);
  return notice("warning", h("p", {}, sentence), h("a", { class: "btn btn-primary", href: `/login?next=${next}`, "data-key": "sign-in" }, t("sign-in")));
}

/** What the person must know now. */
export function notices(app) {
  const shown = [];
  if (app.person && app.isGettingReady) shown.push(notice("info", h("p", {}, t("getting-ready"))));
  const out = app.status === "signed-out" || app.sender?.state.kind === "signin";
  if (app.sentence) shown.push(notice(app.sentence.tone, h("p", { role: "status" }, app.sentence.sentence)));
  if (!app.person) shown.push(signIn(app, app.status === "offline" ? t("signed-out-offline") : app.status === "refused" ? t("not-yours") : t("signed-out")));
  else if (out) shown.push(signIn(app, t("sign-in-again", { name: app.person.name })));
  if (app.sender?.state.kind === "other") shown.push(signIn(app, t("hindered-other")));
  if (app.waitingOfOthers) shown.push(notice("info", h("p", {}, t("others-wait", { count: app.waitingOfOthers }))));
  if (app.store?.isShort || app.isShort) shown.push(notice("warning", h("p", {}, t("short"))));
  if (app.update) shown.push(notice("info", h("p", {}, t("new-version")), button(t("load-version"), () => app.update.postMessage("take over"), "btn-primary", { "data-key": "update" })));
  return shown;
}

/** The bar above with the connection and the outbox, and the one below. */
export async function bars(app) {
  const online = navigator.onLine !== false;
  const connection = document.getElementById("field-connection");
  connection.textContent = online ? t("online") : t("offline");
  connection.dataset.online = online;
  document.getElementById("field-language-label").textContent = t("language");
  const count = app.store ? await app.store.count("outbox") : 0;
  const links = [
    h("a", { href: "#", class: "btn btn-light", "data-key": "nav-home" }, t("today")),
    h("a", { href: "#outbox", class: "btn btn-light", "data-key": "nav-outbox" }, t("outbox"), " ", h("span", { class: "menu-badge", id: "outbox-count" }, String(count))),
    button(t("sign-out"), () => app.signOut(), "btn-outline-light", { "data-key": "nav-out" }),
  ];
  const forms = app.store ? (await app.store.fact("day"))?.forms || [] : [];
  const incident = forms.find((each) => each.kind === "incident");
  const urgent = [
    incident && h("a", { href: `#new/${incident.id}/`, class: "btn btn-danger", "data-key": "incident", id: "incident" }, t("incident")),
    button(t("safe"), () => app.safe(), "btn-success", { "data-key": "safe", id: "safe" }),
  ];
  redraw("field-menu", app.person ? links : []);
  redraw("field-urgent", app.person ? urgent.filter(Boolean) : []);
}

// Drawn anew only when it changes, so that a finger on a button never misses it.
function redraw(id, children) {
  const place = document.getElementById(id);
  place.hidden = !children.length;
  const made = h("div", {}, ...children);
  if (place.dataset.drawn === made.innerHTML) return;
  place.dataset.drawn = made.innerHTML;
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  place.replaceChildren(...children);
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}
