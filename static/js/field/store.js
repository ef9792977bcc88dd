// What a person carries on this device: one database for each person in a mission, so that nobody's is another's.
// drafts and outbox hold answers as XML with their photos; nothing leaves the outbox before a receipt is written.
import { isFull, writeInReserve } from "./space.js";

const REGISTRY = "eom-field:databases";
const PREFIX = "eom-field";
const EXPRESSIONS = "expressions";

/** Whether an engine has read the expressions of a form: `read` as the store gives it. */
export const isRead = (read, form, engine) => read?.engine === engine && read.hashes[form.id] === form.hash;

const nameOf = (mission, person) => `${PREFIX}:${mission}:${person}`;

/** The names of the databases that were made on this device. */
export function known() {
  return JSON.parse(localStorage.getItem(REGISTRY) || "[]");
}

function remember(names) {
  localStorage.setItem(REGISTRY, JSON.stringify(names));
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function opened(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    const made = request.result;
    made.createObjectStore("forms", { keyPath: "id" });
    made.createObjectStore("files", { keyPath: ["version", "name"] });
    made.createObjectStore("drafts", { keyPath: "id" });
    const outbox = made.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
    outbox.createIndex("id", "id", { unique: true });
    made.createObjectStore("receipts", { keyPath: "id" });
    made.createObjectStore("facts");
  };
  return asked(request);
}

/** A person's database; it is made when it is not there. */
export async function openStore(mission, person) {
  const name = nameOf(mission, person);
  const store = new Store(name, await opened(name));
  if (!known().includes(name)) remember([...known(), name]);
  return store;
}

/** Take a person's database off this device. */
export async function forget(name) {
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
    request.onblocked = resolve;
  });
  remember(known().filter((each) => each !== name));
}

/** How much of a person's own work is in a database: drafts, and what waits to be sent. */
export async function unsent(name) {
  const db = await opened(name);
  try {
    const asks = db.transaction(["drafts", "outbox"]);
    const counts = ["drafts", "outbox"].map((each) => asked(asks.objectStore(each).count()));
    const [drafts, waiting] = await Promise.all(counts);
    return { drafts, waiting };
  } finally {
    db.close();
  }
}

export class Store extends EventTarget {
  constructor(name, db) {
    super();
    this.name = name;
    this.db = db;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = () => this.dispatchEvent(new Event("change"));
    db.onversionchange = () => db.close();
  }

  get(place, key) {
    return asked(this.db.transaction(place).objectStore(place).get(key));
  }

  all(place) {
    return asked(this.db.transaction(place).objectStore(place).getAll());
  }

  count(place) {
    return asked(this.db.transaction(place).objectStore(place).count());
  }

  /** What filling in a version needs: {form, read (expressions of forms), files: [[name, blob]]}; no form: not here. */
  async version(id) {
    const reads = this.db.transaction(["forms", "facts", "files"]);
    const [form, read, files] = await Promise.all([
      asked(reads.objectStore("forms").get(id)),
      asked(reads.objectStore("facts").get(EXPRESSIONS)),
      asked(reads.objectStore("files").getAll(IDBKeyRange.bound([id], [id, []]))),
    ]);
    return { form, read, files: files.map(({ name, blob }) => [name, blob]) };
  }

  /** Keep the expressions of forms as an engine read them: this form opens without their parser the next time. */
  async keepRead(form, engine, read) {
    const kept = await this.fact(EXPRESSIONS);
    const before = kept?.engine === engine ? kept : null;
    const trees = { ...before?.read.trees, ...read.trees };
    const hashes = { ...before?.hashes, [form.id]: form.hash };
    await this.attempt(["facts", "put", { engine, hashes, read: { ...read, trees } }, EXPRESSIONS]);
  }

  fact(name) {
    return this.get("facts", name);
  }

  /** Do all of the changes or none; told of only when they are on the disk. A change is [place, verb, ...]. */
  async write(...changes) {
    try {
      await this.attempt(...changes);
    } catch (fault) {
      if (!isFull(fault)) throw fault;
      await writeInReserve(this, changes, fault);
    }
    this.dispatchEvent(new Event("change"));
    this.channel.postMessage("change");
  }

  async attempt(...changes) {
    const places = [...new Set(changes.map(([place]) => place))];
    const writes = this.db.transaction(places, "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      writes.oncomplete = resolve;
      writes.onabort = () => reject(writes.error || new DOMException("aborted", "AbortError"));
    });
    try {
      for (const [place, verb, ...rest] of changes) writes.objectStore(place)[verb](...rest);
    } catch (fault) {
      done.catch(() => {});
      writes.abort();
      throw fault;
    }
    await done;
  }

  /** Put something at the end of the outbox; a draft that it was made of goes in the same step. */
  async queue(record, draft = null) {
    const waiting = { tries: 0, state: "waiting", at: new Date().toISOString(), ...record };
    const changes = [["outbox", "add", waiting]];
    if (draft) changes.push(["drafts", "delete", draft]);
    await this.write(...changes);
  }

  /** What waits under an id. */
  queued(id) {
    return asked(this.db.transaction("outbox").objectStore("outbox").index("id").get(id));
  }

  close() {
    this.channel.close();
    this.db.close();
  }
}
