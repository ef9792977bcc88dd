// What is on this device when someone signs out, or another signs in: it goes, unless it still has to be sent.
import { forget, known, unsent } from "./store.js";

const LEFT = "eom-field:left";
const HOLDER = "eom-field:person:";

/** Drop what is of others than `person` and holds no work of theirs; answers how many of their records wait here. */
export async function tidy(person = null, mission = "") {
  let waiting = 0;
  for (const name of known()) {
    if (person !== null && name.endsWith(`:${person}`)) continue;
    const { drafts, waiting: queued } = await unsent(name);
    if (drafts + queued === 0) await forget(name);
    else if (name.startsWith(`eom-field:${mission}:`)) waiting += queued;
  }
  return waiting;
}

/** After a signing out or in on this device nobody's day is shown until the server says whose it is. */
export async function leave() {
  if (!localStorage.getItem(LEFT)) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(HOLDER)) localStorage.removeItem(key);
  localStorage.removeItem(LEFT);
  await tidy();
}

// Loaded by a page of the site (static/js/page.js) right after signing out.
if (!document.getElementById("field")) leave();
