// ODK Web Forms writes its own buttons in English and leaves some inputs without a name. This says them in the
// reader's language and names every input after its question, now and whenever the form draws anew.
const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt"];

// A sentence with a number is known by the sentence with {n} in its place.
function said(text, words) {
  if (Object.hasOwn(words, text)) return words[text];
  const number = text.match(/\d+/)?.[0];
  const pattern = number && text.replace(number, "{n}");
  return pattern && Object.hasOwn(words, pattern) ? words[pattern].replace("{n}", number) : text;
}

function say(node, words) {
  const text = node.nodeValue.trim();
  const own = said(text, words);
  if (own !== text) node.nodeValue = node.nodeValue.replace(text, own);
}

function speak(root, words) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) say(texts.currentNode, words);
  for (const name of ATTRIBUTES) {
    for (const each of [root, ...root.querySelectorAll(`[${name}]`)]) {
      const text = each.getAttribute?.(name);
      if (text && said(text, words) !== text) each.setAttribute(name, said(text, words));
    }
  }
}

function name(root, words) {
  // A cross beside a chosen file.
  root.querySelectorAll("button.clear-button:not([aria-label])").forEach((each) => each.setAttribute("aria-label", said("Remove selection", words)));
  // A wheel that turns while a part is fetched.
  const wheels = [...root.querySelectorAll("[role=progressbar]"), ...(root.matches?.("[role=progressbar]") ? [root] : [])];
  wheels.forEach((each) => each.ariaLabel ||= said("Loading", words));
  // The menu at the head of a row of a repeat, and the arrows that rank.
  root.querySelectorAll("button.button-menu:not([aria-label])").forEach((each) => each.setAttribute("aria-label", said("Menu", words)));
  for (const item of root.querySelectorAll(".rank-option")) {
    const what = item.querySelector(".rank-label")?.textContent.trim() ?? "";
    const [up, down] = item.querySelectorAll(".rank-buttons button");
    up?.setAttribute("aria-label", `${said("Move up", words)}: ${what}`);
    down?.setAttribute("aria-label", `${said("Move down", words)}: ${what}`);
  }
  const boxes = root.matches?.(".question-container") ? [root] : root.querySelectorAll(".question-container");
  // A group of questions is a group, not a landmark of the page.
  root.querySelectorAll(".p-panel-content-container[role=region]").forEach((each) => each.setAttribute("role", "group"));
  for (const box of boxes) {
    const label = box.querySelector(".control-text label, .control-text .label");
    if (!label) continue;
    label.id ||= `${box.id}_label`;
    if (box.querySelector("input[type=radio], input[type=checkbox]")) {
      box.setAttribute("role", box.querySelector("input[type=radio]") ? "radiogroup" : "group");
      box.setAttribute("aria-labelledby", label.id);
    }
    for (const handle of box.querySelectorAll("[role=slider]")) {
      handle.setAttribute("aria-labelledby", label.id);
      // A scale that was not touched yet stands at its beginning.
      if (!handle.hasAttribute("aria-valuenow")) handle.setAttribute("aria-valuenow", handle.getAttribute("aria-valuemin"));
    }
    // A list that opens, stars, a text that is hidden while it is typed.
    box.querySelectorAll("[role=combobox]:not(input)").forEach((each) => each.setAttribute("aria-labelledby", label.id));
    box.querySelectorAll(".p-rating input").forEach((each) => each.setAttribute("aria-label", each.value));
    for (const hidden of box.querySelectorAll("input[type=password]")) {
      ["aria-controls", "aria-expanded", "aria-haspopup"].forEach((each) => hidden.removeAttribute(each));
    }
    const inputs = box.querySelectorAll("textarea, select, input:not([type=radio], [type=checkbox], [type=hidden])");
    for (const input of inputs) {
      if (!document.getElementById(label.htmlFor)?.isSameNode(input)) input.setAttribute("aria-labelledby", label.id);
    }
  }
}

/** Keep everything inside `place` (and the panels the form opens at the end of the page) in these words.
 * Answers the observer that does it, to be disconnected when the form is left. */
export function adapt(place, words) {
  const all = (root) => {
    speak(root, words);
    name(root, words);
  };
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") say(change.target, words);
      for (const added of change.addedNodes) {
        if (added.nodeType === Node.TEXT_NODE) say(added, words);
        if (added.nodeType === Node.ELEMENT_NODE) all(added.closest(".question-container") || added);
      }
    }
  });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  all(place);
  return observer;
}
