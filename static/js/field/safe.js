// "I am safe": the second tap puts it into the outbox at once; the position follows if the phone finds it in time.
import { position } from "./place.js";
import { confirmed } from "./dom.js";
import { t } from "./words.js";

const HOLD = 9_000;

export async function tellSafe(store, sender, titles) {
  if (!(await confirmed(t("safe-question"), t("safe"), t("cancel"), null))) return false;
  const id = `uuid:${crypto.randomUUID()}`;
  const record = { id, kind: "safe", titles, xml: "", files: [], place: {}, holdUntil: Date.now() + HOLD };
  await store.queue(record);
  position(HOLD - 1_000).then(async (place) => {
    const kept = await store.queued(id);
    // Without a position it is sent all the same; once it is on its way it stays as it is.
    if (kept?.state === "waiting") await store.write(["outbox", "put", { ...kept, place, holdUntil: 0 }]);
    await sender.now();
  });
  await sender.now();
  return true;
}
