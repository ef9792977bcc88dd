// The rules of a style sheet that anything on a page can match.
import postcss from "postcss";

const CLASS = /\.((?:\\.|[\w-])+)/g;
// As they stand in quotes ("lg:inline"), and as the keys of an object ({highlight:isWrong}).
const WORDS = [/[\w:./-]+/g, /[\w-]+/g];
// Names that are put together while the page runs.
const MADE = /^(p|ol|odk)-|-(enter|leave)-(active|from|to)$/;

/** A style sheet without the rules for classes that stand in none of the texts (scripts, templates). */
export function used(css, texts) {
  const known = new Set(texts.flatMap((text) => WORDS.flatMap((words) => text.match(words))));
  const canMatch = (selector) => [...selector.matchAll(CLASS)].every(([, name]) => {
    const plain = name.replaceAll("\\", "");
    return MADE.test(plain) || known.has(plain);
  });
  const sheet = postcss.parse(css);
  sheet.walkRules((rule) => {
    if (rule.parent.type === "atrule" && rule.parent.name.endsWith("keyframes")) return;
    const kept = rule.selectors.filter(canMatch);
    if (!kept.length) rule.remove();
    else rule.selectors = kept;
  });
  sheet.walkAtRules((rule) => { if (rule.nodes && !rule.nodes.length) rule.remove(); });
  return sheet.toString();
}

/** A style sheet without the variables of PrimeVue's theme that nothing reads: of some 2,000 it uses a few hundred. */
export function read(css, texts) {
  const sheet = postcss.parse(css);
  const isTheme = (name) => name.startsWith("--p-");
  for (let left = -1; left !== 0;) {
    left = 0;
    const asked = new Set(`${sheet} ${texts.join(" ")}`.match(/(?<=var\(\s*)--[\w-]+/g));
    sheet.walkDecls((each) => {
      if (!isTheme(each.prop) || asked.has(each.prop)) return;
      each.remove();
      left += 1;
    });
  }
  sheet.walkRules((rule) => { if (!rule.nodes.length) rule.remove(); });
  return sheet.toString();
}
