// Bundles ODK Web Forms (with Vue) to static/vendor/webforms, so that no request leaves the site.
// The package writes its style sheets from script, which a strict content security policy drops:
// they are taken out of the script here and become webforms.css.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { withFiles } from "./webforms_files.mjs";

const root = process.env.EOM_ROOT || dirname(dirname(fileURLToPath(import.meta.url)));
const modules = process.env.EOM_NODE_MODULES || join(root, "node_modules");
const target = join(root, "static", "vendor", "webforms");
const TWELVE = '"hour-format": "12"';
const INJECTED = /^\(function\(\)\{"use strict";try\{if\(typeof document<"u"\)\{var \w+=document\.createElement\("style"\);\w+\.appendChild\(document\.createTextNode\(/;

// [the style sheet, the script without it]
function parted(source) {
  const head = source.match(INJECTED);
  if (!head) return ["", source];
  const start = head[0].length;
  const quote = source[start];
  let end = start + 1;
  while (source[end] !== quote) end += source[end] === "\\" ? 2 : 1;
  const css = runInNewContext(source.slice(start, end + 1));
  const close = "})();";
  return [css, source.slice(source.indexOf(close, end) + close.length)];
}

// The component only edits what was sent. The engine inside can also take up a draft again, under its own
// instanceID: `editInstance: {draft: {kept, opened}}` asks for that (nothing kept: a new one) and is handed the
// instance, so that its answers can be kept while it is being filled in.
const EDITED = "if (tA.editInstance == null)";
const RESTORED = `if (tA.editInstance?.draft) {
  const { kept, opened } = tA.editInstance.draft;
  try {
    const made = kept ? await AA.restoreInstance(kept, nA) : AA.createInstance(nA);
    opened(made.root);
    return success(AA, made);
  } catch (fault) {
    return failure(FormInitializationError.from(fault));
  }
}
`;

// A whole form is drawn in one go, which takes a telephone seconds. Each list of questions draws its first one at
// once and four more after every frame; the engine knows all of them from the beginning.
const SETUP = "setup(eA) {\n    const tA = (rA) => rA.nodeType === \"group\", AA =";
const GROWING = `setup(eA) {
    const drawn = ref(1);
    const more = () => requestAnimationFrame(() => setTimeout(() => {
      drawn.value += 4;
      if (drawn.value < eA.nodes.length) more();
    }));
    onMounted(() => eA.nodes.length > 1 && more());
    const tA = (rA) => rA.nodeType === "group", AA =`;
const LISTED = "renderList(eA.nodes, (iA) => (openBlock(), createElementBlock(Fragment, {\n      key: iA.nodeId";
const SOME = LISTED.replace("eA.nodes", "drawn.value < eA.nodes.length ? eA.nodes.slice(0, drawn.value) : eA.nodes");

const CHANGES = [[TWELVE, '"hour-format": "24"'], [EDITED, RESTORED + EDITED], [SETUP, GROWING], [LISTED, SOME]];

// A map behind a position would ask another site for its tiles: they are left blank.
const TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png";
const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=";

// The clock of the observers has 24 hours. A text that is not found stops the build: look at the new version.
function adapted(path, source) {
  const script = source.replaceAll(TILES, BLANK);
  if (!path.includes("/index-")) return script;
  for (const [text] of CHANGES) {
    if (script.split(text).length !== 2) throw new Error(`ODK Web Forms changed: “${text}” is not where it was`);
  }
  return CHANGES.reduce((changed, [text, ours]) => changed.replace(text, () => ours), script);
}

const sheets = [];
const styles = {
  name: "styles-apart",
  setup(builder) {
    builder.onLoad({ filter: /@getodk\/web-forms\/dist\/.*\.js$/ }, async ({ path }) => {
      const [css, contents] = parted(await readFile(path, "utf8"));
      if (css) sheets.push(css);
      return { contents: adapted(path, withFiles(path, contents)), loader: "js" };
    });
  },
};

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await build({
  entryPoints: { webforms: join(root, "scripts", "webforms_entry.mjs") },
  outdir: target,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  target: "es2022",
  nodePaths: [modules],
  chunkNames: "part-[hash]",
  legalComments: "linked",
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  plugins: [styles],
  logLevel: "error",
});
// The fonts inside (1.2 MB of data: addresses) would widen the policy: the pages' own font is used.
const fixed = sheets.join("\n").replaceAll('@charset "UTF-8";', "").replace(/@font-face\{[^}]*\}/g, "");
await writeFile(join(target, "webforms.css"), `@charset "UTF-8";\n${fixed}\n`);
const { version } = JSON.parse(await readFile(join(modules, "@getodk", "web-forms", "package.json"), "utf8"));
console.log(`static/vendor/webforms  @getodk/web-forms ${version}`);
