// Copies the files that pages load from node_modules to static/vendor, so that no request leaves the site.
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vendor = join(root, "static", "vendor");

// package -> folder in static/vendor, [path in the package, path in the folder]
const FILES = {
  bootstrap: ["bootstrap", [
    ["dist/css/bootstrap.min.css", "bootstrap.min.css"],
    ["dist/js/bootstrap.bundle.min.js", "bootstrap.bundle.min.js"],
  ]],
  "bootstrap-icons": ["bootstrap-icons", [
    ["font/bootstrap-icons.min.css", "bootstrap-icons.min.css"],
    ["font/fonts", "fonts"],
  ]],
  "htmx.org": ["htmx", [["dist/htmx.min.js", "htmx.min.js"]]],
  "chart.js": ["chart", [["dist/chart.umd.min.js", "chart.umd.min.js"]]],
  leaflet: ["leaflet", [
    ["dist/leaflet.css", "leaflet.css"],
    ["dist/leaflet.js", "leaflet.js"],
    ["dist/images", "images"],
  ]],
  "leaflet.markercluster": ["leaflet.markercluster", [
    ["dist/MarkerCluster.css", "MarkerCluster.css"],
    ["dist/MarkerCluster.Default.css", "MarkerCluster.Default.css"],
    ["dist/leaflet.markercluster.js", "leaflet.markercluster.js"],
  ]],
};

// Source maps are not shipped; without this the browser's tools ask for them in vain.
const MAP_COMMENT = /\n?(\/\/# sourceMappingURL=\S+|\/\*# sourceMappingURL=\S+ \*\/)\s*$/;

async function copyPackage(name, [folder, files]) {
  const target = join(vendor, folder);
  // Only this folder: others in static/vendor belong to other builds.
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const [from, to] of files) {
    const source = join(root, "node_modules", name, from);
    await cp(source, join(target, to), { recursive: true });
    if (/\.(css|js)$/.test(to)) {
      const text = await readFile(join(target, to), "utf8");
      await writeFile(join(target, to), text.replace(MAP_COMMENT, "\n"));
    }
  }
  const { version } = JSON.parse(await readFile(join(root, "node_modules", name, "package.json"), "utf8"));
  console.log(`static/vendor/${folder}  ${name} ${version}`);
}

for (const [name, plan] of Object.entries(FILES)) await copyPackage(name, plan);

const webforms = join(root, "scripts", "build-webforms.mjs");
if (await stat(webforms).catch(() => null)) await import(pathToFileURL(webforms).href);
