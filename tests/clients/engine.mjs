// A telephone without a screen: ODK's own engine loads our XForm, runs its logic and writes what is posted.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("", { url: "http://localhost/" });
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
// The engine's parser asks for the folder of its script as a module of CommonJS would, and loads nothing from it.
globalThis.__dirname = "/";
const { loadForm } = await import("@getodk/xforms-engine");

const REPEAT = /^(.*?)\[(\d+)\](.*)$/;

/** The children of one element of an OpenRosa document, by their names. */
function fields(element) {
  return Object.fromEntries([...element.children].map((child) => [child.localName, child.textContent]));
}

/** The elements below the root of an OpenRosa document, each as its fields; the root must be as the protocol says. */
export function documentOf(text, name, namespace) {
  const { documentElement: root } = new DOMParser().parseFromString(text, "text/xml");
  if (root.localName !== name || root.namespaceURI !== namespace) throw new Error(`no ${name}: ${text}`);
  return [...root.children].map(fields);
}

/** The sentence in an answer to a submission. */
export function messageOf(text) {
  const [message] = new DOMParser().parseFromString(text, "text/xml").documentElement.children;
  return { nature: message.getAttribute("nature"), words: message.textContent };
}

/** The engine's form; `files` holds the attached files by name. */
export async function formOf(xml, files) {
  const loaded = await loadForm(xml, {
    fetchFormAttachment: async (url) => {
      const name = decodeURIComponent(String(url).split("/").pop());
      if (!(name in files)) throw new Error(`the manifest has no ${name}`);
      return new Response(files[name].data, { headers: { "content-type": files[name].type } });
    },
  });
  if (loaded.status === "failure") throw loaded.error;
  return loaded;
}

function* nodes(node) {
  for (const child of node.currentState.children ?? []) {
    yield child;
    yield* nodes(child);
  }
}

function nodeAt(root, path) {
  const found = [...nodes(root)].find((node) => node.currentState.reference === path);
  if (!found) throw new Error(`the form has no ${path}: ${[...nodes(root)].map((n) => n.currentState.reference)}`);
  return found;
}

/** Add rows to the repeats that a path goes through, as far as it needs them. */
function grow(root, path) {
  for (let done = "", rest = path, found; (found = REPEAT.exec(rest)); rest = found[3]) {
    const range = nodeAt(root, done + found[1]);
    while (range.nodeType === "repeat-range:uncontrolled" && range.currentState.children.length < Number(found[2])) {
      range.addInstances();
    }
    done += `${found[1]}[${found[2]}]`;
  }
}

function answer(node, value) {
  if (node.nodeType === "select") return node.selectValues([value].flat());
  if (node.nodeType === "rank") return node.setValues(value);
  if (node.nodeType === "upload") return node.setValue(new File([value.data], value.name, { type: value.type }));
  return node.setValue(value);
}

/** Give answers by the paths of their questions (`/data/group/name`, `/data/repeat[2]/name`). */
export function fill(instance, answers) {
  for (const [path, value] of Object.entries(answers)) {
    grow(instance.root, path);
    const node = nodeAt(instance.root, path);
    if (!node.currentState.relevant || node.currentState.readonly) throw new Error(`${path} cannot be answered`);
    answer(node, value);
  }
}

/** What the engine would post: the XML and the files, and the questions that it finds wrong. */
export async function payloadOf(instance) {
  const payload = await instance.root.prepareInstancePayload();
  const files = [...payload.data[0].entries()];
  const xml = await files.find(([name]) => name === "xml_submission_file")[1].text();
  const wrong = (payload.violations ?? []).map((each) => each.reference);
  return { xml, files: files.filter(([name]) => name !== "xml_submission_file"), wrong };
}

/** A new instance that corrects one that was sent: the engine itself writes `deprecatedID`. */
export function edited(form, { xml, files }) {
  const sent = new FormData();
  sent.append("xml_submission_file", new File([xml], "xml_submission_file", { type: "text/xml" }));
  for (const [name, file] of files) sent.append(name, file);
  return form.editInstance({ inputType: "FORM_INSTANCE_INPUT_RESOLVED", data: [sent] });
}
