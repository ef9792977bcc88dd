// A published form made ready to be filled in.
const XFORMS = "http://www.w3.org/2002/xforms";

/** The XForm, opened in the reader's language and with the answers that are known beforehand filled in. */
export function prepared(xml, language, answers) {
  const form = new DOMParser().parseFromString(xml, "application/xml");
  const translations = [...form.getElementsByTagNameNS(XFORMS, "translation")];
  const chosen = translations.find((each) => each.getAttribute("lang").endsWith(`(${language})`));
  if (chosen) {
    translations.forEach((each) => each.removeAttribute("default"));
    chosen.setAttribute("default", "true()");
  }
  const instance = form.getElementsByTagNameNS(XFORMS, "instance")[0];
  for (const [name, value] of Object.entries(answers)) {
    const node = instance.getElementsByTagName(name)[0];
    if (node) node.textContent = value;
  }
  return new XMLSerializer().serializeToString(form);
}
