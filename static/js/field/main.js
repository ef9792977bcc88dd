// The field app: whose day it is, which page is shown, what is sent meanwhile.
import { Day, FIRST_PATIENCE, holder, takeAlong, takeForm } from "./day.js";
import { confirmed, h, renew } from "./dom.js";
import { bars, notices } from "./frame.js";
import { idle, readAhead, webForms } from "./form.js";
import { install } from "./install.js";
import { leave, tidy } from "./leaving.js";
import { Sender } from "./outbox.js";
import { Page } from "./pages.js";
import { tellSafe } from "./safe.js";
import { isFull, isShort, keep, reserve } from "./space.js";
import { openStore } from "./store.js";
import { everyLanguage, language, loadWords, speak, t } from "./words.js";

const EVERY = 600_000;
const UNSURE = "eom-field:unsure";
const place = document.getElementById("field");
const { base, mission } = place.dataset;
const app = { base, mission, day: new Day(base, mission), store: null, sender: null, status: "", waitingOfOthers: 0, sentence: null, isShort: false };

/** Whoever the server says is signed in; who was last, when it cannot be reached; nobody after signing out. */
async function whose() {
  // Someone has signed in since, and nobody has said who.
  const kept = localStorage.getItem(UNSURE) ? null : holder(mission);
  const { status, told } = await app.day.ask(kept ? undefined : FIRST_PATIENCE);
  app.status = status;
  if (status === "ok") {
    localStorage.removeItem(UNSURE);
    return { person: told.person, told };
  }
  return { person: status === "refused" ? null : kept, told: null };
}

async function begin() {
  // An address that names a form will need it; a device that knows no form yet will need the parser too.
  const isForm = /^#(new|form)\//.test(window.location.hash);
  if (isForm) webForms().then((forms) => holder(mission) || forms.ready()).catch(() => {});
  await leave();
  // Whoever it was last is most likely who it is: opened meanwhile, shown only when that is known.
  const likely = holder(mission);
  const opening = likely && openStore(mission, likely.id);
  opening?.catch(() => {});
  const [{ person, told }] = await Promise.all([whose(), loadWords(base)]);
  app.person = person;
  if (opening && likely.id !== person?.id) (await opening).close();
  const others = tidy(person ? person.id : null, mission);
  if (person) await beginFor(person, told, likely?.id === person.id ? opening : null);
  // Nobody's page waits for what is left of others, but what it says of them does.
  if (!isForm || !person) app.waitingOfOthers = await others;
  app.page = new Page(app);
  listen();
  await app.page.draw();
  if (isForm) app.waitingOfOthers = await others;
  if (isForm && app.waitingOfOthers) frame();
  document.documentElement.dataset.field = "ready";
  if (person) {
    app.sender.start();
    if (told) await refresh(told);
    await keep();
    await reserve(app.store);
  }
}

async function beginFor(person, told, opening) {
  app.store = await (opening || openStore(mission, person.id));
  app.day.person = person.id;
  if (told) app.day.hold(person);
  app.sender = new Sender(app.store, { base, person: person.id, day: app.day });
}

async function refresh(told) {
  try {
    await takeAlong(app.store, told);
  } catch (fault) {
    // What could not be fetched now is fetched the next time; a full device is told of.
    if (isFull(fault)) app.tell(t("full"), "danger");
  }
}

/** The form that an address names, where it is not on this device yet: it is fetched before all others. */
app.fetchVersion = async (id) => {
  const form = app.day.told?.forms.find((each) => each.id === id);
  if (!form) return null;
  const taken = await takeForm(app.store, form).catch(() => null);
  // It is kept while it is shown; a device that is full is told of.
  taken?.kept.catch((fault) => app.tell(t(isFull(fault) ? "full" : "not-kept"), "danger"));
  return taken?.version;
};

/** Ask again whose day it is: another person's page is never this one's. */
async function again() {
  if (document.visibilityState !== "visible" || app.isAsking) return undefined;
  app.isAsking = true;
  const { status, told } = await app.day.ask().finally(() => { app.isAsking = false; });
  if (status === "offline") return frame();
  app.status = status;
  if ((told && told.person.id !== app.person?.id) || (app.person && !holder(mission))) return window.location.reload();
  if (told) await refresh(told);
  if (app.store) await reserve(app.store);
  return frame();
}

// While the lists are shown the engine is loaded and every form read that was not opened yet.
const ahead = new Set();
app.readAhead = async () => {
  if (app.isReading || !app.store) return;
  app.isReading = true;
  const isFree = () => Boolean(app.page.kind) && document.visibilityState === "visible";
  try {
    const { forms = [] } = (await app.store.fact("day")) || {};
    const ids = forms.map((each) => each.id).filter((id) => !ahead.has(id));
    if (await readAhead(app.store, ids, isFree)) ids.forEach((id) => ahead.add(id));
  } catch (fault) {
    // It is read when it is opened.
    console.warn(fault);
  } finally {
    app.isReading = false;
  }
};

app.tell = (sentence, tone = "info") => {
  app.sentence = sentence ? { sentence, tone } : null;
  frame();
};

async function frame() {
  renew(document.getElementById("field-notices"), ...notices(app));
  measure();
  await bars(app);
}

/** How much room is left is asked when there is nothing else to do, and said when that has changed. */
function measure() {
  clearTimeout(app.measuring);
  app.measuring = setTimeout(async () => {
    const before = app.isShort;
    app.isShort = await isShort(app.store).catch(() => false);
    if (app.isShort !== before) frame();
  }, 1_000);
}
app.frame = frame;

app.safe = async () => {
  try {
    if (await tellSafe(app.store, app.sender, everyLanguage("safe-title"))) app.tell(t("safe-queued"), "success");
  } catch (fault) {
    app.tell(isFull(fault) ? t("full") : t("not-kept"), "danger");
  }
};

app.signOut = async () => {
  const { status } = await app.day.ask();
  if (status === "offline") return app.tell(t("sign-out-offline"), "warning");
  const counts = await Promise.all(["drafts", "outbox"].map((each) => app.store.count(each)));
  const question = counts[0] + counts[1] ? t("sign-out-waiting", { count: counts[0] + counts[1] }) : t("sign-out-question");
  if (!(await confirmed(question, t("sign-out"), t("cancel")))) return;
  await app.page.leave();
  localStorage.setItem("eom-field:left", "1");
  app.store.close();
  await leave();
  const form = h("form", { method: "post", action: "/logout", hidden: true }, h("input", { type: "hidden", name: "csrf_token", value: app.day.token }));
  document.body.append(form);
  form.submit();
};

function listen() {
  app.store?.addEventListener("change", () => app.page.changed());
  app.sender?.addEventListener("change", () => app.page.changed());
  window.addEventListener("hashchange", () => app.page.draw());
  window.addEventListener("online", again);
  window.addEventListener("offline", frame);
  document.addEventListener("visibilitychange", again);
  window.addEventListener("focus", again);
  setInterval(again, EVERY);
  document.getElementById("field-language").addEventListener("change", async ({ target }) => {
    await app.page.leave();
    speak(target.value, app.day.token, app.day.tokenHeader);
    await app.page.draw();
  });
}

await begin();
document.getElementById("field-language").value = language();
await install(app);
await idle();
await app.readAhead();
