// Shows a checklist with ODK Web Forms and sends it as an OpenRosa submission.
// Everything comes from data attributes of #checklist-form: form, attachments, submission and return addresses,
// the language, answers known beforehand (JSON), the session's token and the sentences to show.
import { mountForm } from "../vendor/webforms/webforms.js";
import { speakCalendar } from "./checklist_calendar.js";
import { adapt } from "./checklist_words.js";
import { prepared } from "./checklist_xform.js";

const place = document.getElementById("checklist-form");
const outcome = document.getElementById("checklist-outcome");
const asked = place.dataset;

function say(sentence, tone) {
  outcome.textContent = sentence;
  outcome.className = `alert alert-${tone}`;
  outcome.hidden = false;
  outcome.focus();
}

// The server's own sentence, where it sent one.
function sentenceOf(text) {
  const answer = new DOMParser().parseFromString(text, "application/xml");
  return answer.getElementsByTagNameNS("*", "message")[0]?.textContent?.trim() || "";
}

async function attachment(url) {
  const name = decodeURIComponent(url.pathname.split("/").pop());
  return fetch(`${asked.attachmentsUrl}/${encodeURIComponent(name)}`, { credentials: "same-origin" });
}

let sending = false;
async function send(payload) {
  if (sending) return;
  if (payload.status !== "ready") return say(asked.textIncomplete, "warning");
  // The trial of a draft has nowhere to send to.
  if (!asked.submissionUrl) return say(asked.textTried, "success");
  sending = true;
  say(asked.textSending, "info");
  try {
    const headers = { "X-OpenRosa-Version": "1.0" };
    if (asked.tokenHeader) headers[asked.tokenHeader] = asked.token;
    const answer = await fetch(asked.submissionUrl, {
      method: "POST", body: payload.data[0], headers, credentials: "same-origin",
    });
    const sentence = sentenceOf(await answer.text());
    if (answer.status !== 201) return say(sentence || `${asked.textFailed} (${answer.status})`, "danger");
    say(sentence || asked.textReceived, "success");
    window.removeEventListener("beforeunload", hold);
    window.location.assign(asked.returnUrl);
  } catch {
    say(asked.textOffline, "danger");
  } finally {
    sending = false;
  }
}

// What has been typed lives in this page only: leaving asks first.
function hold(event) {
  event.preventDefault();
}

// A report that is corrected: its answers and its files, from where they are kept.
function corrected() {
  const files = JSON.parse(asked.files || "{}");
  const kept = (url) => fetch(url, { credentials: "same-origin" });
  return {
    resolveInstance: async () => (await kept(asked.instanceUrl)).text(),
    attachmentFileNames: Object.keys(files),
    resolveAttachment: (name) => kept(files[name]),
  };
}

async function open() {
  const answer = await fetch(asked.formUrl, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return say(asked.textUnavailable, "danger");
  const nonce = document.querySelector("script[nonce]")?.nonce;
  const formXml = prepared(await answer.text(), asked.language, JSON.parse(asked.answers || "{}"));
  const props = { formXml, fetchFormAttachment: attachment, missingResourceBehavior: "BLANK", trackDevice: true, onSubmit: send };
  if (asked.instanceUrl) props.editInstance = corrected();
  const words = JSON.parse(asked.words || "{}");
  speakCalendar(mountForm(place, props, nonce), asked.language, words);
  adapt(place, words);
  place.addEventListener("input", () => window.addEventListener("beforeunload", hold), { once: true });
}

open();
