// The first page: today's stations with what is done and due, drafts, forms.
import { button, confirmed, h } from "./dom.js";
import { STAGES, dueOf, roundOf } from "./due.js";
import { day as dayWords, moment, t, title } from "./words.js";

/** What is known on this device, read once for a drawing. */
export async function gathered(store) {
  const [day, forms, drafts, outbox, receipts] = await Promise.all([
    store.fact("day"), store.all("forms"), store.all("drafts"), store.all("outbox"), store.all("receipts"),
  ]);
  const current = (day?.forms || []).map((told) => forms.find((each) => each.id === told.id)).filter(Boolean);
  drafts.sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
  return { day, forms: current, drafts, outbox, receipts };
}

function stateOf(form, station, round, { drafts, outbox, receipts }) {
  const here = (each) => each.form === form.form && each.station === station.value;
  const draft = drafts.find(here);
  if (draft) return { icon: "pencil-square", words: t("state-draft"), tone: "draft", href: `#form/${draft.id}` };
  if (outbox.some(here)) return { icon: "hourglass-split", words: t("state-waiting"), tone: "waiting" };
  if (station.sent.includes(form.form) || receipts.some(here)) return { icon: "check-circle-fill", words: t("state-done"), tone: "done" };
  const due = round ? dueOf(form.kind, round) : { state: "open" };
  if (due.state === "open") return { icon: "", words: t("to-fill"), tone: "later" };
  if (due.state === "now") return { icon: "", words: t("due-now"), tone: "due" };
  if (due.state === "late") return { icon: "", words: t("due-late"), tone: "late" };
  return { icon: "", words: t("due-from", { time: due.from }), tone: "later" };
}

const mark = (icon) => icon && h("span", { class: `mark mark-${icon}`, "aria-hidden": "true" });
const address = (form, station = "") => `#new/${form.id}/${encodeURIComponent(station)}`;

function task(form, station, round, known) {
  const state = stateOf(form, station, round, known);
  const name = title(form.titles);
  return h("li", {}, h(
    "a", { class: `task task-${state.tone}`, href: state.href || address(form, station.value), "data-key": `task-${form.id}-${station.value}` },
    h("span", { class: "task-name" }, name), h("span", { class: "task-state" }, mark(state.icon), " ", state.words),
  ));
}

function stationOf(station, known) {
  const round = roundOf(station, known.day.rounds);
  const staged = known.forms.filter((each) => STAGES.includes(each.kind));
  return h(
    "section", { class: "panel station" }, h("h3", { class: "h4" }, station.label),
    station.planned && h("p", { class: "planned" }, t("planned", station.planned)),
    h("ul", { class: "tasks" }, staged.map((form) => task(form, station, round, known))),
  );
}

/** Stations under the heading of their polling day; those of today first. */
function stationsOf(known) {
  const days = new Map();
  for (const station of known.day.stations) {
    const on = roundOf(station, known.day.rounds)?.on || "";
    days.set(on, [...(days.get(on) || []), station]);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([on, stations]) => h(
    "div", {}, on && h("h2", {}, t("stations-on", { day: dayWords(on) })), stations.map((each) => stationOf(each, known)),
  ));
}

function draftOf(draft, drop) {
  const name = [title(draft.titles), draft.station].filter(Boolean).join(" · ");
  return h(
    "li", { class: "record" },
    h("a", { class: "task task-draft", href: `#form/${draft.id}`, "data-key": draft.id },
      h("span", { class: "task-name" }, name), h("span", { class: "task-state" }, t("saved-at", { time: moment(draft.savedAt) }))),
    button(t("delete"), () => drop(draft), "btn-outline-danger", { "aria-label": t("delete-named", { name }), "data-key": `drop-${draft.id}` }),
  );
}

/** The parts of the first page. */
export function home(known, store) {
  const drop = async (draft) => {
    if (await confirmed(t("draft-delete-question"), t("delete"), t("cancel"))) await store.write(["drafts", "delete", draft.id]);
  };
  if (!known.day) return [h("p", { class: "notice notice-info" }, t("never-loaded"))];
  return [
    known.drafts.length ? h("section", { id: "drafts" }, h("h2", {}, t("drafts")), h("ul", { class: "tasks" }, known.drafts.map((each) => draftOf(each, drop)))) : null,
    known.day.stations.length ? stationsOf(known) : h("p", { class: "notice notice-info" }, t("no-stations")),
    h("section", { id: "forms" }, h("h2", {}, t("forms")),
      known.forms.length ? h("ul", { class: "tasks" }, known.forms.map((form) => h("li", {}, h(
        "a", { class: "task", href: address(form), "data-key": `form-${form.id}` }, h("span", { class: "task-name" }, title(form.titles)),
        h("span", { class: "task-state" }, t("fill-in")),
      )))) : h("p", {}, t("no-forms"))),
  ].filter(Boolean);
}
