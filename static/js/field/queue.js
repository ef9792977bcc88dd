// The outbox as a page: what waits and why, what headquarters has and since when.
import { load, save } from "./backup.js";
import { button, confirmed, h } from "./dom.js";
import { isFull } from "./space.js";
import { moment, t, title } from "./words.js";

const nameOf = (record) => [title(record.titles), record.station].filter(Boolean).join(" · ");

/** What the sender is doing, in a sentence. */
export function sentenceOf(state) {
  const why = { sending: "sending-now", offline: "hindered-offline", busy: "hindered-busy", signin: "hindered-signin", other: "hindered-other" }[state.kind];
  if (!why) return "";
  return [t(why), state.message, state.next ? t("next-try", { time: moment(state.next) }) : ""].filter(Boolean).join(" ");
}

function record(each, { store, sender }) {
  const drop = async () => {
    if (await confirmed(t("record-delete-question"), t("delete"), t("cancel"))) await store.write(["outbox", "delete", each.seq]);
  };
  const again = async () => {
    await store.write(["outbox", "put", { ...each, state: "waiting", message: "" }]);
    sender.now();
  };
  const name = nameOf(each);
  const files = each.files.length ? t("with-files", { count: each.files.length }) : "";
  return h(
    "li", { class: `record record-${each.state}`, "data-id": each.id, "data-state": each.state },
    h("div", {}, h("strong", {}, name), h("div", {}, [t(`record-${each.state}`), t("written-at", { time: moment(each.at) }), files].filter(Boolean).join(" · ")),
      each.message && h("div", { class: "record-message" }, each.message)),
    each.state === "refused" && button(t("send-again"), again, "btn-outline-primary", { "aria-label": t("send-again-named", { name }), "data-key": `again-${each.id}` }),
    each.state !== "sending" && button(t("delete"), drop, "btn-outline-danger", { "aria-label": t("delete-named", { name }), "data-key": `drop-${each.id}` }),
  );
}

function receipt(each) {
  const lost = each.missing?.length ? t("files-missing", { files: each.missing.join(", ") }) : "";
  return h(
    "li", { class: "record record-received", "data-id": each.id, "data-state": "received" },
    h("div", {}, h("strong", {}, nameOf(each)), h("div", {}, t("received-at", { time: moment(each.at) })), lost && h("div", { class: "record-message" }, lost)),
  );
}

/** The parts of the page. `tell` shows a sentence at the top. */
export function queue({ outbox, receipts }, { store, sender, mission, person, tell }) {
  const picker = h("input", { type: "file", accept: "application/json,.json", id: "outbox-file", class: "visually-hidden", tabindex: "-1", "aria-label": t("load-file") });
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    if (!file) return;
    try {
      const added = await load(store, mission, person, file);
      tell(added === null ? t("load-wrong") : t("load-done", { count: added }), added === null ? "danger" : "success");
      sender.now();
    } catch (fault) {
      tell(isFull(fault) ? t("full") : t("load-wrong"), "danger");
    }
  });
  const newest = [...receipts].sort((a, b) => (a.at < b.at ? 1 : -1));
  const actions = h(
    "div", { class: "app-choices" },
    button(t("send-now"), () => sender.now(), "btn-primary", { "data-key": "send" }),
    outbox.length ? button(t("save-file"), () => save(store, mission, person), "btn-outline-primary", { "data-key": "save" }) : null,
    button(t("load-file"), () => picker.click(), "btn-outline-primary", { "data-key": "load" }), picker,
  );
  return [
    h("p", { id: "sender-state", role: "status" }, sentenceOf(sender.state)),
    actions,
    h("section", {}, h("h2", {}, t("waiting-count", { count: outbox.length })),
      outbox.length ? h("ul", { class: "tasks", id: "waiting" }, outbox.map((each) => record(each, { store, sender }))) : h("p", {}, t("nothing-waits"))),
    h("section", {}, h("h2", {}, t("received-count", { count: receipts.length })),
      newest.length ? h("ul", { class: "tasks", id: "received" }, newest.slice(0, 100).map(receipt)) : h("p", {}, t("nothing-received"))),
  ];
}
