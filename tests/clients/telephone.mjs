// Runs a story against a server and prints what came of it. Standard input: {base, form, answers, photo, corrected}.
import { documentOf, edited, fill, formOf, messageOf, payloadOf } from "./engine.mjs";

const LIST = "http://openrosa.org/xforms/xformsList";
const MANIFEST = "http://openrosa.org/xforms/xformsManifest";
const told = JSON.parse(await new Response(process.stdin).text());
const headers = { "X-OpenRosa-Version": "1.0", Date: "Thu, 01 Jan 1970 00:00:00 GMT", ...told.headers };

async function get(url) {
  const answer = await fetch(url, { headers });
  if (answer.status !== 200) throw new Error(`${answer.status} ${url}: ${await answer.text()}`);
  return answer;
}

async function download() {
  const listed = documentOf(await (await get(`${told.base}/formList?deviceID=node`)).text(), "xforms", LIST);
  const wanted = listed.find((each) => each.formID === told.form);
  const files = {};
  if (wanted.manifestUrl) {
    for (const file of documentOf(await (await get(wanted.manifestUrl)).text(), "manifest", MANIFEST)) {
      const answer = await get(file.downloadUrl);
      files[file.filename] = { data: await answer.arrayBuffer(), type: answer.headers.get("content-type") };
    }
  }
  return { listed: listed.map((each) => each.formID), form: await formOf(await (await get(wanted.downloadUrl)).text(), files) };
}

async function post({ xml, files }) {
  const body = new FormData();
  body.append("xml_submission_file", new File([xml], "s.xml", { type: "text/xml" }));
  for (const [name, file] of files) body.append(name, file, name);
  const answer = await fetch(`${told.base}/submission?deviceID=node`, { method: "POST", headers, body });
  return { status: answer.status, ...messageOf(await answer.text()) };
}

/** What some tell of a photo, as the file that the engine takes. */
function withFiles(answers) {
  const made = ([path, value]) => [path, value?.base64 ? { ...value, data: Buffer.from(value.base64, "base64") } : value];
  return Object.fromEntries(Object.entries(answers).map(made));
}

const { listed, form } = await download();
const instance = form.createInstance({ preloadProperties: { deviceID: "node:1", username: "bruno" } });
fill(instance, withFiles(told.answers));
const first = await payloadOf(instance);
const out = { listed, wrong: first.wrong, xml: first.xml, files: first.files.map(([name]) => name) };
const head = await fetch(`${told.base}/submission?deviceID=node`, { method: "HEAD", headers });
out.head = { status: head.status, limit: head.headers.get("X-OpenRosa-Accept-Content-Length") };
out.bare = first.files.length ? await post({ ...first, files: [] }) : null;
out.posted = await post(first);
out.again = await post(first);
if (told.other) out.other = await post({ ...first, xml: first.xml.replace(...told.other) });
if (told.corrected) {
  const correction = await edited(form, first);
  fill(correction, told.corrected);
  const second = await payloadOf(correction);
  out.edit = await post({ ...second, files: [] });
  out.editAgain = await post(second);
  const late = await edited(form, first);
  fill(late, told.corrected);
  out.late = await post(await payloadOf(late));
}
process.stdout.write(JSON.stringify(out));
