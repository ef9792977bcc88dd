// Sends what waits, in its order, one sender at a time on this device. A record leaves only with the server's 201;
// its receipt is written in the same step. What the server refuses stays, with the server's sentence.
import { JSON_TYPE, batchOf, bodyOf, verdicts } from "./parcel.js";

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
const GIVE_UP = 180_000;
const SIGNED_OUT = new Set([401, 403]);
const AS_ANSWER = { "signed-out": 401, refused: 403, other: 403, offline: 0 };
const LATER = new Set([0, 408, 429]);

export class Sender extends EventTarget {
  /** `day` gives the session's token. */
  constructor(store, { base, person, day }) {
    super();
    Object.assign(this, { store, base, person, day });
    this.state = { kind: "idle", message: "", next: null };
    Object.assign(this, { failures: 0, timer: null, asked: null, most: undefined });
  }

  start() {
    const now = () => document.visibilityState === "visible" && this.now();
    window.addEventListener("online", now);
    window.addEventListener("focus", now);
    document.addEventListener("visibilitychange", now);
    return this.now();
  }

  /** Send at once, however long the last failure told to wait; whoever asks while it runs gets another turn. */
  now() {
    clearTimeout(this.timer);
    if (this.asked) return this.asked;
    const turn = () => {
      this.asked = null;
      return this.empty();
    };
    this.asked = navigator.locks
      ? navigator.locks.request(`${this.store.name}:send`, turn)
      : (this.last = Promise.resolve(this.last).then(turn));
    return this.asked;
  }

  tell(kind, message = "", wait = 0) {
    this.state = { kind, message, next: wait ? Date.now() + wait : null };
    if (wait) this.timer = setTimeout(() => this.now(), wait);
    this.dispatchEvent(new Event("change"));
  }

  /** Until nothing waits, or something hinders. */
  async empty() {
    await this.wake();
    for (let tries = 0; ; ) {
      const waiting = (await this.store.all("outbox")).filter((each) => each.state === "waiting");
      const batch = batchOf(waiting, this.most);
      if (!batch.length) return this.rest(waiting);
      const known = this.day.token ? "ok" : await this.day.renew();
      if (known !== "ok") return this.hindered(AS_ANSWER[known], "");
      this.tell("sending");
      await this.mark(batch, "sending");
      const { status, told } = await this.post(batch);
      const settled = status === 200 || status === 201;
      if (settled) {
        await this.settle(batch, told);
        this.failures = tries = 0;
        this.most = undefined;
        continue;
      }
      await this.mark(batch, "waiting");
      // The token of the session is of another day, or was never asked for: once more with a new one.
      if (status && tries++ === 0 && (await this.day.renew()) === "ok" && status !== 403) continue;
      if (status >= 500 || LATER.has(status) || SIGNED_OUT.has(status)) return this.hindered(status, told?.message || "");
      // The request as a whole cannot be taken: each alone, and the one at fault is put aside.
      if (batch.length > 1) this.most = 1;
      else await this.refuse(batch[0], status, told?.message || "");
    }
  }

  refuse(record, status, message) {
    return this.store.write(["outbox", "put", { ...record, state: "refused", status, message }]);
  }

  /** What was being sent when the page was killed waits again: whoever holds the lock is the only sender. */
  async wake() {
    const left = (await this.store.all("outbox")).filter((each) => each.state === "sending");
    if (left.length) await this.mark(left, "waiting");
  }

  rest(waiting) {
    const held = waiting.map((each) => each.holdUntil || 0).filter((until) => until > Date.now());
    this.tell("idle", "", held.length ? Math.min(...held) - Date.now() + 50 : 0);
  }

  hindered(status, message) {
    if (SIGNED_OUT.has(status)) return this.tell(this.day.other ? "other" : "signin", message);
    this.failures += 1;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.failures - 1)) * (0.75 + Math.random() / 2);
    return this.tell(status ? "busy" : "offline", message, wait);
  }

  async mark(records, state) {
    const kept = await Promise.all(records.map((each) => this.store.get("outbox", each.seq)));
    const there = kept.filter(Boolean);
    const tries = state === "sending" ? 1 : 0;
    if (there.length) {
      await this.store.write(...there.map((each) => ["outbox", "put", { ...each, state, tries: each.tries + tries }]));
    }
  }

  async post(batch) {
    if (navigator.onLine === false) return { status: 0 };
    const { path, body, type } = bodyOf(batch);
    const headers = { "X-Field-Person": String(this.person), Accept: JSON_TYPE };
    if (type) headers["Content-Type"] = type;
    if (this.day.token) headers[this.day.tokenHeader] = this.day.token;
    try {
      const answer = await fetch(`${this.base}/${path}`, {
        method: "POST", body, headers, credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(GIVE_UP),
      });
      const told = await answer.json().catch(() => null);
      const unread = answer.ok && !told;
      return { status: unread ? 0 : answer.status, told };
    } catch {
      return { status: 0 };
    }
  }

  async settle(batch, told) {
    const changes = [];
    for (const { record, status, message, missing, at } of verdicts(batch, told)) {
      if (status === 201) {
        const { id, kind, titles, station, form } = record;
        changes.push(["receipts", "put", { id, kind, titles, station, form, at, written: record.at, message, missing }]);
        changes.push(["outbox", "delete", record.seq]);
      } else if (status === 429 || status >= 500) {
        changes.push(["outbox", "put", { ...record, state: "waiting", message }]);
      } else {
        changes.push(["outbox", "put", { ...record, state: "refused", status, message }]);
      }
    }
    await this.store.write(...changes);
  }
}
