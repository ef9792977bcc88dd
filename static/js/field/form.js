// A checklist being filled in: ODK Web Forms with the version that the draft was begun with. Its answers are
// written to the draft at every change: a page killed at any moment loses nothing.
import { prepared } from "../checklist_xform.js";
import { speakCalendar } from "../checklist_calendar.js";
import { adapt } from "../checklist_words.js";
import { lasting, read, restored } from "./payload.js";
import { scalePhotos } from "./photos.js";
import { isRead } from "./store.js";
import { formWords, language } from "./words.js";

const PAUSE = 250;
const RETRY = 4_000;
const ANSWERED = ["input", "change", "click"];
const EVENTS = ["input", "change", "click", "keyup", "focusout"];

/** ODK Web Forms: fetched when there is nothing else to do, so that it is there at the first tap. */
export const webForms = () => import("../../vendor/webforms/webforms.js");

/** When the page has drawn what it shows and has nothing else to do. */
export const idle = () => new Promise((resolve) => {
  requestAnimationFrame(() => (window.requestIdleCallback ? requestIdleCallback(resolve, { timeout: 500 }) : setTimeout(resolve)));
  // A page that is not seen draws nothing.
  setTimeout(resolve, 1_000);
});

// What the engine asks for by address, out of a version's files; each is read at once, while the engine is loaded.
function answered(files) {
  const texts = new Map(files.map(([name, blob]) => [name, blob.type.startsWith("image/") ? blob : blob.arrayBuffer()]));
  return async (url) => {
    const content = await texts.get(decodeURIComponent(new URL(url, location.href).pathname.split("/").pop()));
    return content === undefined ? new Response("", { status: 404 }) : new Response(content);
  };
}

/** Read the forms that were not opened yet, one after the other, as long as `goesOn` says so: whether all are read. */
export async function readAhead(store, ids, goesOn) {
  const forms = await webForms();
  for (const id of ids) {
    await idle();
    const { form, read: kept, files } = await store.version(id);
    if (!form || isRead(kept, form, forms.engine)) continue;
    if (!goesOn()) return false;
    await store.keepRead(form, forms.engine, await forms.readAhead(form.xml, answered(files)));
  }
  document.documentElement.dataset.forms = "read";
  return true;
}

export class Filling {
  /** `draft` is one that was kept, or {versionId, form, titles, station} for a new one; `version` as the store gives it.
   * `onPending` is told whether something was touched that is not written yet. */
  constructor(store, place, draft, version, { onDone, onState, onPending }) {
    Object.assign(this, { store, place, draft, version, onDone, onState, onPending, root: null, writing: Promise.resolve(), last: "" });
    this.touched = 0;
  }

  /** Hold the draft for this tab until it is closed: false when another tab has it open. */
  hold() {
    if (!this.draft.id || !navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      navigator.locks.request(`${this.store.name}:${this.draft.id}`, { ifAvailable: true }, (held) => {
        resolve(Boolean(held));
        return held && new Promise((release) => { this.release = release; });
      });
    });
  }

  async open() {
    const { form, read: kept } = this.version;
    const files = answered(this.version.files);
    const forms = await webForms();
    const isKnown = isRead(kept, form, forms.engine);
    if (isKnown) forms.know(kept.read);
    else await forms.ready();
    const known = this.draft.xml || !this.draft.station ? {} : { station: this.draft.station };
    const nonce = document.querySelector("script[nonce]")?.nonce;
    this.photos = scalePhotos(this.place, () => this.onState("photo"));
    const props = {
      formXml: prepared(form.xml, language(), known),
      fetchFormAttachment: files,
      missingResourceBehavior: "BLANK", trackDevice: true,
      editInstance: { draft: { kept: this.draft.xml ? restored(this.draft) : null, opened: (root) => this.begin(root) } },
      onSubmit: (payload) => this.finish(payload),
    };
    this.app = forms.mountForm(this.place, props, nonce);
    speakCalendar(this.app, language(), formWords());
    this.speaker = adapt(this.place, formWords());
    this.opened = async () => {
      await forms.ready();
      if (!isKnown) await this.store.keepRead(form, forms.engine, forms.expressionsRead());
    };
  }

  begin(root) {
    this.root = root;
    // A form that was only looked at leaves no draft. What it began with is read when its first question stands there,
    // or never when an answer came before.
    const began = idle().then(() => (this.isAnswered ? undefined : this.answers())).then((answers) => {
      if (answers && !this.isAnswered) this.last = lasting(answers.xml);
    });
    this.writing = began;
    began.then(() => this.opened?.()).catch((fault) => console.warn(fault));
    const answer = () => { this.isAnswered ||= !this.last; };
    for (const name of ANSWERED) this.place.addEventListener(name, answer, true);
    this.changed = () => {
      this.touched += 1;
      this.onPending(true);
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.keep(), PAUSE);
    };
    this.leaving = () => document.visibilityState === "hidden" && this.keep();
    for (const name of EVENTS) document.body.addEventListener(name, this.changed);
    window.addEventListener("pagehide", this.changed.now = () => this.keep());
    document.addEventListener("visibilitychange", this.leaving);
  }

  /** Write the answers as they stand, one write after the other. */
  keep() {
    clearTimeout(this.pause);
    if (!this.root || this.isDone) return this.writing;
    const { touched } = this;
    this.writing = this.writing.then(() => this.write()).then(() => {
      if (touched === this.touched) this.onPending(false);
    }).catch((fault) => {
      this.onState("failed", fault);
      this.pause = setTimeout(() => this.keep(), RETRY);
    });
    return this.writing;
  }

  answers() {
    return Promise.resolve(this.root.prepareInstancePayload({ payloadType: "monolithic" })).then(read);
  }

  async write() {
    if (this.isDone) return;
    const answers = await this.answers();
    const same = lasting(answers.xml);
    if (same === this.last || this.isDone) return;
    const { versionId, form, titles, begunAt = new Date().toISOString() } = this.draft;
    const draft = { versionId, form, titles, begunAt, savedAt: new Date().toISOString(), ...answers };
    await this.store.write(["drafts", "put", draft]);
    const isNew = !this.draft.id;
    this.draft = draft;
    if (isNew) await this.hold();
    this.last = same;
    this.onState("kept");
  }

  async finish(payload) {
    if (payload.status !== "ready" || this.isDone) return;
    // A photo on its way would stay behind.
    if (this.photos.waiting) return this.onState("photo");
    this.isDone = true;
    await this.writing;
    try {
      const { form, titles } = this.draft;
      const answers = await read(payload);
      await this.store.queue({ kind: "form", form, titles, ...answers }, answers.id);
      this.onDone();
    } catch (fault) {
      this.isDone = false;
      this.onState("failed", fault);
    }
  }

  async close() {
    await this.keep();
    this.release?.();
    this.isDone = true;
    for (const name of EVENTS) document.body.removeEventListener(name, this.changed);
    window.removeEventListener("pagehide", this.changed?.now);
    document.removeEventListener("visibilitychange", this.leaving);
    this.speaker?.disconnect();
    this.app?.unmount();
  }
}
