// Review by keyboard. Everything here is also a link or a button: j/k go through the queue, x chooses, c, a, t and r
// decide about what is chosen or, when nothing is, about the row that has the focus; ? opens the list of keys.
const form = document.querySelector("[data-reviewed]");
const isQueue = form?.dataset.reviewed === "queue";
const rows = isQueue ? [...form.querySelectorAll(".review-row")] : [];

function current() {
  return rows.find((row) => row.contains(document.activeElement));
}

function go(step) {
  if (!isQueue) {
    const to = step > 0 ? document.querySelector("[data-next]")?.href : form.dataset.queue;
    if (to) window.location.assign(to);
    return;
  }
  const at = rows.indexOf(current());
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  next?.querySelector(".review-link").focus();
  next?.scrollIntoView({ block: "nearest" });
}

function choose() {
  const box = current()?.querySelector("input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

// Whether there is something to decide about; the row with the focus is chosen when nothing else is.
function isChosen() {
  if (!isQueue || form.querySelector(".review-row input:checked")) return true;
  if (!current()) return false;
  choose();
  return true;
}

function decide(button) {
  if (!isChosen()) return;
  if (button.hasAttribute("data-needs-comment")) {
    const comment = form.querySelector("textarea");
    if (!comment.value.trim()) return comment.focus();
  }
  form.requestSubmit(button);
}

function help() {
  const keys = document.getElementById("review-help");
  keys.open = !keys.open;
  keys.querySelector("summary").focus();
}

function onKey(event) {
  const isTyping = event.target.closest("textarea, select, input:not([type=checkbox])");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const button = form.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  const act = { j: () => go(1), k: () => go(-1), x: choose, "?": help }[event.key];
  if (!act && !button) return;
  event.preventDefault();
  act ? act() : decide(button);
}

if (form) document.addEventListener("keydown", onKey);
