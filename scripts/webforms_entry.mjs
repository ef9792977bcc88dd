// What static/js/checklist_form.js loads: ODK Web Forms mounted on an element, under a strict policy.
import { createApp, h } from "vue";
import { OdkWebForm, POST_SUBMIT__NEW_INSTANCE, webFormsPlugin } from "@getodk/web-forms";

export { POST_SUBMIT__NEW_INSTANCE };

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

/** Mounts the form and answers the Vue application. `props` are those of OdkWebForm. */
export function mountForm(element, props, nonce) {
  if (nonce) markStyles(nonce);
  const app = createApp({ render: () => h(OdkWebForm, props) });
  app.use(webFormsPlugin);
  if (nonce) app.config.globalProperties.$primevue.config.csp = { nonce };
  app.mount(element);
  return app;
}
