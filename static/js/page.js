// What every page needs: say that script runs, focus the summary of errors, send the token with htmx, send forms once.
document.documentElement.classList.remove("no-js");

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();

  document.body.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("meta[name=csrf-token]");
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });
});

// A second click on a slow network must not send the form twice. Downloads by form opt out with data-many.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});

// A page kept by the browser's back button may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// Copies what a field shows and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  await navigator.clipboard?.writeText(field.value).catch(() => field.select());
  button.querySelector("span").textContent = field.dataset.copied;
});

// A telephone that several share: what the field app keeps of a person goes when they sign out or another signs in,
// or waits locked for them. Until a page says who signed in, the app opens for nobody without the server's word.
const fieldScript = new URL("field/leaving.js", document.currentScript.src);
document.addEventListener("submit", (event) => {
  if (!localStorage.getItem("eom-field:databases")) return;
  if (/\/logout\b/.test(event.target.action)) localStorage.setItem("eom-field:left", "1");
  if (/\/(login|wan-signin|wan-signin-response|tf-validate)\b/.test(event.target.action)) localStorage.setItem("eom-field:unsure", "1");
});
const fieldPerson = document.querySelector("meta[name=person]")?.content;
const fieldHolders = Object.keys(localStorage).filter((key) => key.startsWith("eom-field:person:"));
if (fieldPerson) {
  localStorage.removeItem("eom-field:unsure");
  const isAnother = (key) => String(JSON.parse(localStorage.getItem(key)).id) !== fieldPerson;
  if (fieldHolders.some(isAnother)) localStorage.setItem("eom-field:left", "1");
}
if (localStorage.getItem("eom-field:left")) import(fieldScript);
