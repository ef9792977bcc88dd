// The style sheets that ODK Web Forms' components (PrimeVue) would write into the page while they run, written down once:
// {reset, components}. The theme is taken from the package itself, run here without a page.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { CHANGES, changed } from "./webforms_changes.mjs";

const EXTENDED = "extend: function(tA) {\n    return _objectSpread$c(_objectSpread$c({}, this), {}, {\n      css: void 0,\n      style: void 0\n    }, tA);";
const NOTED = "extend: function(tA) {\n    const made = _objectSpread$c(_objectSpread$c({}, this), {}, {\n      css: void 0,\n      style: void 0\n    }, tA);\n    (BaseStyle.made ??= []).push(made);\n    return made;";
const TOLD = "\nexport { BaseStyle, config_default as theming, dt$1 as tokenOf, odkThemePreset, resetStyles };\n";

// What the script asks a browser for while it is loaded.
const STANDING_IN = `const anything = new Proxy(function () {}, {
  get: (_all, name) => (name === Symbol.toPrimitive ? () => "" : name === Symbol.iterator ? [][Symbol.iterator] : anything), apply: () => anything, construct: () => anything,
});
for (const name of ["document", "DOMParser", "XMLSerializer", "Element", "Node"]) globalThis[name] ??= anything;
`;

/** Runs the package's main script, whose path is given, and collects what it would write. */
export async function writtenStyles(main, modules) {
  const folder = await mkdtemp(join(tmpdir(), "webforms-"));
  try {
    const file = join(folder, "styles.mjs");
    const contents = changed(await readFile(main, "utf8"), [...CHANGES, [EXTENDED, NOTED]]) + TOLD;
    await build({
      stdin: { contents, resolveDir: join(main, ".."), loader: "js" }, outfile: file, bundle: true, format: "esm",
      platform: "node", nodePaths: [modules], external: ["./MapBlock-*", "fs", "path"], logLevel: "error",
      banner: { js: STANDING_IN + "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return collected(await import(pathToFileURL(file).href));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// In the order in which a component writes them: what all share, then each component's variables and rules.
function collected({ BaseStyle, theming, tokenOf, odkThemePreset, resetStyles }) {
  const sheets = [];
  const write = function (css, _options, transformed = (text) => text) {
    const text = transformed(typeof css === "function" ? css({ dt: tokenOf }) : css || "");
    if (text) sheets.push(text);
    return {};
  };
  theming.setTheme({ preset: odkThemePreset, options: { darkModeSelector: false } });
  const { primitive, semantic, global, style } = theming.getCommon("base");
  BaseStyle.load = write;
  for (const each of [primitive, semantic, global]) BaseStyle.load(each.css);
  BaseStyle.loadCSS();
  BaseStyle.loadStyle({ name: "global-style" }, style);
  for (const made of BaseStyle.made) {
    made.load = write;
    made.loadCSS();
    const told = theming.getComponent(made.name);
    made.load(told.css);
    made.loadStyle({ name: `${made.name}-style` }, told.style);
  }
  return { reset: resetStyles, components: [...new Set(sheets)].join("\n") };
}
