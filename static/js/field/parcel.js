// What goes out in one request, and what the answer says of each record in it.
export const JSON_TYPE = "application/json";
const MOST = 20;
const HEAVIEST = 6 * 1024 * 1024;

const weight = (record) => record.xml.length + record.files.reduce((sum, { blob }) => sum + blob.size, 0);

/** The next records to send: someone's safety before all else, then the checklists in their order. */
export function batchOf(waiting, most = MOST) {
  const ready = waiting.filter((each) => !(each.holdUntil > Date.now()));
  const safe = ready.find((each) => each.kind === "safe");
  if (safe) return [safe];
  const batch = [];
  let sum = 0;
  for (const each of ready) {
    sum += weight(each);
    if (batch.length && (batch.length === most || sum > HEAVIEST)) break;
    batch.push(each);
  }
  return batch;
}

/** {path, body, type} of a request. */
export function bodyOf(batch) {
  if (batch[0].kind === "safe") {
    const { id, at, place } = batch[0];
    return { path: "safe", body: JSON.stringify({ instanceID: id, at, ...place }), type: JSON_TYPE };
  }
  const submissions = batch.map((record, number) => {
    const files = {};
    record.files.forEach(({ name }, place) => { files[name] = `file-${number}-${place}`; });
    return { instanceID: record.id, form: record.formId, version: record.version, xml: record.xml, files };
  });
  const told = JSON.stringify({ submissions });
  if (batch.every((record) => !record.files.length)) return { path: "submissions", body: told, type: JSON_TYPE };
  const form = new FormData();
  form.append("submissions", new Blob([told], { type: JSON_TYPE }), "submissions.json");
  batch.forEach((record, number) => record.files.forEach(({ name, blob }, place) => {
    form.append(`file-${number}-${place}`, blob, name);
  }));
  return { path: "submissions", body: form };
}

/** [{record, status, message, missing, at}] of an answer; a record that the answer says nothing of waits again. */
export function verdicts(batch, told) {
  const at = told.receivedAt || new Date().toISOString();
  if (batch[0].kind === "safe") return [{ record: batch[0], status: 201, message: told.message, missing: [], at }];
  const byId = new Map((told.results || []).map((each) => [each.instanceID, each]));
  return batch.map((record) => {
    const { status = 500, message = "", filesMissing = [] } = byId.get(record.id) || {};
    return { record, status, message, missing: filesMissing, at };
  });
}
