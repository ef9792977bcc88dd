// Bundles ODK Web Forms (with Vue) and the field app to static/vendor/webforms, so that no request leaves the site.
//   webforms.js, webforms.css   for a page on which a checklist is filled in (static/js/checklist_form.js)
//   field.js, field.css         the field app (static/js/field): one script, one style sheet, all that it needs at first
//   part-*.js, *.wasm           what both share, and what is fetched when it is needed (the map, the parser of XPath)
//   sources.json                of which sources of ours they were made, with the hash of each
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { build, transform } from "esbuild";
import { read, used } from "./used_rules.mjs";
import { CHANGES, UNSTYLED, changed } from "./webforms_changes.mjs";
import { writtenStyles } from "./webforms_styles.mjs";
import { withFiles } from "./webforms_files.mjs";

const root = process.env.EOM_ROOT || dirname(dirname(fileURLToPath(import.meta.url)));
const modules = process.env.EOM_NODE_MODULES || join(root, "node_modules");
const target = join(root, "static", "vendor", "webforms");
const entry = join(root, "scripts", "webforms_entry.mjs");
const { version } = JSON.parse(await readFile(join(modules, "@getodk", "web-forms", "package.json"), "utf8"));

// The package writes its style sheets from script, which a strict content security policy drops: they are taken out.
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

// A map behind a position would ask another site for its tiles: they are left blank.
const TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png";
const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=";

// The WebAssembly and the mark inside, as files that are fetched when they are needed.
const COMPILED = /(\w+) = "data:application\/wasm;base64,([^"]+)"/g;
const FILES = { xpathLanguage: "xpath.wasm", webTreeSitter: "tree-sitter.wasm" };
const MARK = /_imports_0 = "data:image\/svg\+xml,([^"]+)"/;
const MAIN = /from "(\.\/index-[^"]+)"/;
const compiled = new Map();
let main = "";

function adapted(path, source) {
  const script = source.replaceAll(TILES, BLANK);
  // The package tells the outside nothing of the parser of expressions: its main file does (webforms_changes.mjs).
  if (path.endsWith("/index.js")) return `${script}\nexport { expressions, loadForm } from "${script.match(MAIN)[1]}";\n`;
  if (!path.includes("/index-")) return script;
  main = path;
  const ours = `${changed(script, [...CHANGES, ...UNSTYLED])}\nexport { loadForm };\n`;
  return ours.replace(COMPILED, (_all, name, data) => {
    compiled.set(FILES[name], Buffer.from(data, "base64"));
    return `${name} = new URL("./${FILES[name]}", import.meta.url).href`;
  }).replace(MARK, (_all, data) => {
    compiled.set("mark.svg", decodeURIComponent(data));
    return '_imports_0 = new URL("./mark.svg", import.meta.url).href';
  });
}

const sheets = [];
const webforms = {
  name: "webforms",
  setup(builder) {
    builder.onLoad({ filter: /@getodk\/web-forms\/dist\/.*\.js$/ }, async ({ path }) => {
      const [css, contents] = parted(await readFile(path, "utf8"));
      if (css) sheets.push(css);
      return { contents: adapted(path, withFiles(path, contents)), loader: "js" };
    });
    // The field app asks for ODK Web Forms where the other pages find it.
    builder.onResolve({ filter: /vendor\/webforms\/webforms\.js$/ }, () => ({ path: entry }));
  },
};

const hashOf = async (path) => createHash("sha256").update(await readFile(path)).digest("hex");
const minified = async (css) => (await transform(css, { loader: "css", minify: true, target: "es2022" })).code;
const own = (name) => readFile(join(root, "static", name), "utf8");

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const { metafile } = await build({
  entryPoints: { webforms: entry, field: join(root, "static", "js", "field", "main.js") },
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
    WEB_FORMS_VERSION: JSON.stringify(version),
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  plugins: [webforms],
  metafile: true,
  logLevel: "error",
});
if (compiled.size !== 3) throw new Error("ODK Web Forms changed: its WebAssembly or its mark is not where it was");
for (const [name, bytes] of compiled) await writeFile(join(target, name), bytes);

const written = await writtenStyles(main, modules);
// The fonts inside (1.2 MB of data: addresses) would widen the policy: the pages' own font is used.
const forms = sheets.join("\n").replaceAll('@charset "UTF-8";', "").replace(/@font-face\{[^}]*\}/g, "");
const scripts = (await readdir(target)).filter((name) => name.endsWith(".js"));
const words = [await readFile(join(root, "templates", "checklists", "field.html"), "utf8")];
for (const name of scripts) words.push(await readFile(join(target, name), "utf8"));
// Where the form is a part of a page of the site, its rules for bare elements give way to the page's.
const inPage = `@layer webforms-reset{${written.reset}}\n${used(forms, words)}\n${written.components}`;
await writeFile(join(target, "webforms.css"), await minified(read(inPage, words)));
const STYLES = ["vendor/bootstrap/bootstrap.min.css", "css/base.css", "css/components.css", "css/checklists.css", "css/field.css"];
const [bootstrap, ...ours] = await Promise.all(STYLES.map(own));
// Of ours everything stays: names like task-due are put together while the app runs.
const inApp = [written.reset, ...[bootstrap, forms].map((sheet) => used(sheet, words)), ...ours, written.components];
await writeFile(join(target, "field.css"), await minified(read(inApp.join("\n"), words)));

const sources = Object.keys(metafile.inputs).map((path) => relative(root, join(process.cwd(), path)));
const made = [...sources.filter((path) => /^(static|scripts)\//.test(path)), ...STYLES.slice(1).map((name) => `static/${name}`)];
const hashes = await Promise.all(made.sort().map(async (path) => [path, await hashOf(join(root, path))]));
await writeFile(join(target, "sources.json"), `${JSON.stringify(Object.fromEntries(hashes), null, 1)}\n`);
console.log(`static/vendor/webforms  @getodk/web-forms ${version}, the field app`);
