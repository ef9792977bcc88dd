// What the app says, in the language that was chosen; every language is on the device.
const KEY = "eom-field:language";
let all = {};
let code = document.documentElement.lang;

export async function loadWords(base) {
  all = await (await fetch(`${base}/words.json`, { credentials: "same-origin" })).json();
  const chosen = localStorage.getItem(KEY);
  use(Object.hasOwn(all, chosen) ? chosen : code);
}

function use(language) {
  code = language;
  document.documentElement.lang = language;
}

/** Speak another language from now on; the server is told when it can be reached. */
export function speak(language, token, header) {
  localStorage.setItem(KEY, language);
  use(language);
  const body = new URLSearchParams({ language, next: "/" });
  fetch("/language", {
    method: "POST", body, headers: token ? { [header]: token } : {}, credentials: "same-origin", redirect: "manual",
  }).catch(() => {});
}

export const language = () => code;
export const formWords = () => all[code].form;

/** The sentence of a name; {places} are filled in. */
export function t(name, places = {}) {
  const text = all[code]?.app[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, place) => places[place] ?? "");
}

/** A text of the app as titles are kept: under every language. */
export const everyLanguage = (name) => Object.fromEntries(Object.entries(all).map(([each, words]) => [each, words.app[name]]));

export const title = (titles) => titles?.[code] ?? Object.values(titles || {})[0] ?? "";

/** A moment as the reader writes it, with the day when it is not today's. */
export function moment(iso) {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(code, isToday ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" }).format(at);
}

export const day = (iso) => new Intl.DateTimeFormat(code, { dateStyle: "full", timeZone: "UTC" }).format(new Date(`${iso}T00:00Z`));
