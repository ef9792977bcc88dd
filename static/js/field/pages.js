// Which page of the app the address names: #, #outbox, #new/<version>/<station>, #form/<draft>.
import { h, renew, show } from "./dom.js";
import { Filling } from "./form.js";
import { gathered, home } from "./home.js";
import { queue } from "./queue.js";
import { isFull } from "./space.js";
import { t, title } from "./words.js";

export class Page {
  constructor(app) {
    this.app = app;
    this.place = document.getElementById("field");
    this.heading = document.getElementById("field-heading");
    this.turn = Promise.resolve();
  }

  /** Draw what the address names; one drawing after the other. */
  draw() {
    this.turn = this.turn.then(() => this.drawNow()).catch((fault) => this.failed(fault));
    return this.turn;
  }

  async drawNow() {
    const [, name, key, station] = window.location.hash.match(/^#(\w*)\/?([^/]*)\/?(.*)$/) || [];
    await this.leave();
    this.app.sentence = this.keepSentence ? this.app.sentence : null;
    this.keepSentence = false;
    // What is asked for comes before what stands around it.
    await Promise.all([this.show(name, key, station), this.app.frame()]);
  }

  async show(name, key, station) {
    if (!this.app.person) return this.page(t("app"), []);
    if (name === "outbox") return this.list(t("outbox"), "outbox");
    if (name === "new") return this.fill({ versionId: Number(key), station: decodeURIComponent(station) });
    if (name === "form") return this.fill(await this.app.store.get("drafts", decodeURIComponent(key)));
    return this.list(t("today-of", { name: this.app.person.name }), "home");
  }

  page(heading, children, put = show) {
    this.heading.textContent = heading;
    document.title = `${heading} · ${this.app.mission}`;
    put(this.place, ...children);
  }

  async list(heading, kind, put = show) {
    this.kind = kind;
    const known = await gathered(this.app.store);
    const { store, sender, mission, person, tell } = this.app;
    const parts = kind === "home" ? home(known, store) : queue(known, { store, sender, mission, person: person.id, tell });
    if (this.kind === kind) this.page(heading, parts, put);
    if (kind === "home") this.app.readAhead();
  }

  /** Something was stored or sent: the lists show it at once; a form stays as it is. */
  changed() {
    if (this.asked) return;
    this.asked = setTimeout(() => {
      this.asked = null;
      this.turn = this.turn.then(async () => {
        if (this.kind) await this.list(this.heading.textContent, this.kind, renew);
        await this.app.frame();
      }).catch((fault) => this.failed(fault));
    }, 100);
  }

  async fill(draft) {
    const version = draft && (await this.version(draft.versionId));
    if (!version?.form) return this.page(t("app"), [h("p", { class: "notice notice-warning" }, t("no-form"))]);
    const { form } = version;
    const asked = draft.xml ? draft : { ...draft, form: form.form, titles: form.titles };
    const state = h("p", { id: "field-state", role: "status", class: "field-state" }, t("kept-always"));
    const box = h("div", { id: "checklist-form" });
    this.page(title(form.titles), [state, box]);
    this.filling = new Filling(this.app.store, box, asked, version, {
      onDone: () => this.done(),
      onState: (kind, fault) => this.told(state, kind, fault),
      onPending: (isPending) => state.toggleAttribute("data-pending", isPending),
    });
    if (await this.filling.hold()) return this.filling.open();
    this.filling = null;
    return this.page(title(form.titles), [h("p", { class: "notice notice-warning" }, t("draft-elsewhere"))]);
  }

  async version(id) {
    const kept = await this.app.store.version(id);
    return kept.form ? kept : this.app.fetchVersion(id);
  }

  told(state, kind, fault) {
    const good = { kept: this.filling?.photos?.waiting ? "photo-waits" : "kept", photo: "photo-waits" }[kind];
    state.textContent = t(good || (isFull(fault) ? "full" : "not-kept"));
    state.classList.toggle("field-state-bad", !good);
    const { id } = this.filling?.draft || {};
    if (kind === "kept" && id && window.location.hash.startsWith("#new/")) history.replaceState(null, "", `#form/${id}`);
  }

  done() {
    this.app.tell(t("queued"), "success");
    this.keepSentence = true;
    window.location.hash = "outbox";
    this.app.sender.now();
  }

  failed(fault) {
    this.kind = null;
    this.page(t("app"), [h("p", { class: "notice notice-danger", role: "alert" }, isFull(fault) ? t("full") : t("failed"))]);
    console.warn(fault);
  }

  async leave() {
    this.kind = null;
    const { filling } = this;
    this.filling = null;
    await filling?.close();
  }
}
