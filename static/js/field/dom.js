// Elements without HTML in strings, and a question that must be answered before something is lost.

/** h("p", {class: "x", onclick}, "text", child): attributes that are null, false or undefined are left out. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return made;
}

export function button(label, onclick, kind = "btn-outline-primary", more = {}) {
  return h("button", { type: "button", class: `btn ${kind}`, onclick, ...more }, label);
}

/** Show these children in place of what was there; the focus stays on the same thing (data-key). */
export function show(place, ...children) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  place.replaceChildren(...children.flat().filter(Boolean));
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** Ask before something is done: true when the person says so. */
export function confirmed(question, yes, no, extra = null) {
  return new Promise((resolve) => {
    let answer = false;
    const choose = (value) => () => {
      answer = value;
      dialog.close();
    };
    const dialog = h(
      "dialog", { class: "field-dialog", "aria-labelledby": "field-question" },
      h("h2", { id: "field-question", class: "h4" }, question), extra,
      h("div", { class: "app-choices" },
        button(yes, choose(true), "btn-primary", { "data-yes": true }), button(no, choose(false), "btn-outline-secondary")),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
