// The outbox as a file, for the day when the phone cannot reach the network at all, and back again.
const KIND = "eom-field-outbox";

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 32_768) text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
  return btoa(text);
}

const unpacked = (text, type) => new Blob([Uint8Array.from(atob(text), (each) => each.charCodeAt(0))], { type });

/** Give everything that waits as a file to keep. */
export async function save(store, mission, person) {
  const records = await Promise.all((await store.all("outbox")).map(async ({ seq, ...record }) => ({
    ...record,
    files: await Promise.all(record.files.map(async ({ name, blob }) => ({ name, type: blob.type, data: await base64(blob) }))),
  })));
  const file = new Blob([JSON.stringify({ kind: KIND, mission, person, records })], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `outbox-${mission}-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Put the records of a file back: how many are new here, or null when it is no such file of this person. */
export async function load(store, mission, person, file) {
  let told = null;
  try {
    told = JSON.parse(await file.text());
  } catch {
    return null;
  }
  if (told?.kind !== KIND || told.mission !== mission || told.person !== person || !Array.isArray(told.records)) return null;
  let added = 0;
  for (const record of told.records) {
    if (typeof record?.id !== "string" || (await store.queued(record.id)) || (await store.get("receipts", record.id))) continue;
    const files = (record.files || []).map(({ name, type, data }) => ({ name, blob: unpacked(data, type) }));
    await store.queue({ ...record, files, state: "waiting" });
    added += 1;
  }
  return added;
}
