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
