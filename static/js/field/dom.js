// Elements without HTML in strings, and a question that must be answered before something is lost.

// What an element does when it is touched belongs to what it was made of.
const touchable = new WeakSet();

/** h("p", {class: "x", onclick}, "text", child): attributes that are null, false or undefined are left out. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) {
      touchable.add(made);
      made.addEventListener(key.slice(2), value);
    } else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return made;
}

export function button(label, onclick, kind = "btn-outline-primary", more = {}) {
  return h("button", { type: "button", class: `btn ${kind}`, onclick, ...more }, label);
}

/** Show these children in place of what was there; the focus stays on the same thing (data-key). */
export function show(place, ...children) {
  redrawn(place, () => place.replaceChildren(...children.flat().filter(Boolean)));
}

/** Show these children where what was there is mostly the same: that stays, so that a finger on it never misses. */
export function renew(place, ...children) {
  redrawn(place, () => exchange(place, children.flat().filter(Boolean)));
}

function redrawn(place, draw) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  draw();
  if (key && !place.contains(document.activeElement)) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function exchange(place, children) {
  let old = place.firstChild;
  for (const made of children) {
    let same = old;
    while (same && !isSame(same, made)) same = same.nextSibling;
    if (!same) {
      place.insertBefore(made, old);
      continue;
    }
    while (old !== same) old = removed(old);
    update(same, made);
    old = same.nextSibling;
  }
  while (old) old = removed(old);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

const nameOf = (node) => node.id || node.dataset?.id || node.dataset?.key || "";

function isSame(old, made) {
  if (old.nodeName !== made.nodeName || nameOf(old) !== nameOf(made)) return false;
  return !touchable.has(made) || (nameOf(made) !== "" && old.isEqualNode(made));
}

function update(old, made) {
  if (old.isEqualNode(made)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = made.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  exchange(old, [...made.childNodes]);
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
