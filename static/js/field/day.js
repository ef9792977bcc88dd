// The person's day: asked of the server whenever it can be reached, kept for when it cannot.
// What is another person's is never shown: who is signed in is asked before anything is opened.
const PATIENCE = 6_000;
// Where this device knows nobody, there is nothing to show before the answer.
export const FIRST_PATIENCE = 90_000;

const holderKey = (mission) => `eom-field:person:${mission}`;

/** Whose phone this was last, in a mission: {id, name}, or null after signing out. */
export function holder(mission) {
  return JSON.parse(localStorage.getItem(holderKey(mission)) || "null");
}

export class Day {
  constructor(base, mission) {
    Object.assign(this, { base, mission, token: "", tokenHeader: "X-CSRFToken", other: null, told: null });
  }

  /** What the server says now: {status: "ok", told}, or "signed-out", "refused" or "offline". */
  async ask(patience = PATIENCE) {
    if (navigator.onLine === false) return { status: "offline" };
    try {
      const answer = await fetch(`${this.base}/today.json`, {
        credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(patience),
      });
      if (answer.status === 401) return { status: "signed-out" };
      if (answer.status === 403 || answer.status === 404) return { status: "refused" };
      if (!answer.ok) return { status: "offline" };
      const told = await answer.json();
      Object.assign(this, { told, token: told.token, tokenHeader: told.tokenHeader });
      return { status: "ok", told };
    } catch {
      return { status: "offline" };
    }
  }

  /** A new token for the same person: "ok", "other" when it is not the same, or what hinders. */
  async renew() {
    const { status, told } = await this.ask();
    if (status !== "ok") return status;
    this.other = told.person.id === this.person ? null : told.person;
    return this.other ? "other" : "ok";
  }

  hold(person) {
    this.person = person.id;
    localStorage.setItem(holderKey(this.mission), JSON.stringify({ id: person.id, name: person.name }));
  }
}

async function fetched(url) {
  const answer = await fetch(url, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/** Take one form along with its files, where what is here is not what is published: {version, as the store gives it,
 * kept, a promise of its being on the disk}. */
export async function takeForm(store, form) {
  const had = await store.get("forms", form.id);
  const file = async ({ name, hash, url }) => {
    const kept = await store.get("files", [form.id, name]);
    if (kept?.hash === hash) return [[name, kept.blob], null];
    const blob = await (await fetched(url)).blob();
    return [[name, blob], ["files", "put", { version: form.id, name, hash, blob }]];
  };
  const text = async () => {
    if (had?.hash === form.hash && JSON.stringify(had.titles) === JSON.stringify(form.titles)) return [had, null];
    const now = { ...form, xml: had?.hash === form.hash ? had.xml : await (await fetched(form.url)).text() };
    return [now, ["forms", "put", now]];
  };
  const [[now, change], ...files] = await Promise.all([text(), ...form.files.map(file)]);
  const changes = [change, ...files.map(([, each]) => each)].filter(Boolean);
  const version = { form: now, read: null, files: files.map(([each]) => each) };
  return { version, kept: changes.length ? store.write(...changes) : Promise.resolve() };
}

/** Take the forms of a day along: what is new is fetched, what nobody fills in any more goes. */
export async function takeAlong(store, told) {
  for (const form of told.forms) await (await takeForm(store, form)).kept;
  const { token, ...kept } = told;
  await store.write(["facts", "put", kept, "day"], ...(await outdated(store, told)));
}

/** Versions that are published no more and that no draft was begun with. */
async function outdated(store, told) {
  const [forms, files, drafts] = await Promise.all(["forms", "files", "drafts"].map((place) => store.all(place)));
  const needed = new Set([...told.forms.map((each) => each.id), ...drafts.map((each) => each.versionId)]);
  return [
    ...forms.filter((each) => !needed.has(each.id)).map((each) => ["forms", "delete", each.id]),
    ...files.filter((each) => !needed.has(each.version)).map((each) => ["files", "delete", [each.version, each.name]]),
  ];
}
