// A published form made ready to be filled in. pyxform wrote it, so its text is changed where it stands: reading the
// whole document here and again in the engine would double what a telephone needs for it.
const TRANSLATION = /<translation\b[^>]*>/g;
const DEFAULT = / default="[^"]*"/;
const INSTANCE = /<instance\b[^>]*>[^]*?<\/instance>/;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text) => String(text).replace(/[&<>"]/g, (each) => ENTITIES[each]);

/** The XForm, opened in the reader's language and with the answers that are known beforehand filled in. */
export function prepared(xml, language, answers) {
  const isReaders = (tag) => tag.match(/ lang="([^"]*)"/)?.[1].endsWith(`(${language})`);
  const chosen = xml.match(TRANSLATION)?.find(isReaders);
  const told = !chosen ? xml : xml.replace(TRANSLATION, (tag) => (
    tag === chosen ? tag.replace(DEFAULT, "").replace(/>$/, ' default="true()">') : tag.replace(DEFAULT, "")
  ));
  return told.replace(INSTANCE, (instance) => Object.entries(answers).reduce(filled, instance));
}

// The first element of a name, with an answer in it.
function filled(instance, [name, value]) {
  const element = new RegExp(`<${name}((?:\\s[^>]*?)?)(?:/>|>[^<]*</${name}>)`);
  return instance.replace(element, (_all, attributes) => `<${name}${attributes}>${escaped(value)}</${name}>`);
}
