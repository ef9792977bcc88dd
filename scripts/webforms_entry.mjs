// What static/js/checklist_form.js and the field app load: ODK Web Forms mounted on an element, under a strict policy.
import { createApp, h } from "vue";
import { OdkWebForm, POST_SUBMIT__NEW_INSTANCE, expressions, loadForm, webFormsPlugin } from "@getodk/web-forms";

export { POST_SUBMIT__NEW_INSTANCE };

/** Which engine reads the forms: what is kept of one does not serve another. */
export const engine = WEB_FORMS_VERSION;

// The libraries write style elements while they run; each needs the page's nonce or the policy drops it.
let marks = false;
function markStyles(nonce) {
  if (marks) return;
  marks = true;
  const create = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const made = create(name, options);
    if (String(name).toLowerCase() === "style") made.setAttribute("nonce", nonce);
    return made;
  };
}

/** Fetches the parser of the forms' expressions: mountForm may be called then, or with expressions that are known. */
export const ready = () => expressions.ready();

/** The expressions of the forms that were opened, read: what `know` takes another time. */
export const expressionsRead = () => expressions.given();

/** Forms with these expressions (as `expressionsRead` gave them) are opened without the parser. */
export function know(read) {
  expressions.known = read;
}

/** Reads a form that nobody fills in now, and answers its expressions. */
export async function readAhead(formXml, fetchFormAttachment) {
  await expressions.ready();
  const form = await loadForm(formXml, { fetchFormAttachment, missingResourceBehavior: "BLANK" });
  form.createInstance();
  return expressions.given();
}

/** Mounts the form and answers the Vue application. `props` are those of OdkWebForm. */
export function mountForm(element, props, nonce) {
  if (nonce) markStyles(nonce);
  const app = createApp({ render: () => h(OdkWebForm, props) });
  app.use(webFormsPlugin);
  if (nonce) app.config.globalProperties.$primevue.config.csp = { nonce };
  app.mount(element);
  return app;
}
