// Room on the device. Browsers no longer tell how much is left, so two megabytes are kept in reserve: when the device is
// full it makes room for the last answers, and the person is told that space is short.
const RESERVE = 2 * 1024 * 1024;
const SHORT = 30 * 1024 * 1024;
// A browser frees what was deleted a little later.
const PAUSES = [0, 400, 1_600, 4_000];

/** Ask the browser not to clear this site's storage by itself. */
export async function keep() {
  if (!navigator.storage?.persist || (await navigator.storage.persisted())) return;
  await navigator.storage.persist().catch(() => false);
}

/** Whether a write failed because the device is full. */
export function isFull(fault) {
  return fault?.name === "QuotaExceededError" || fault?.inner?.name === "QuotaExceededError";
}

/** Put the reserve aside, where there is room for it. */
export async function reserve(store) {
  if (await store.fact("reserve")) return;
  try {
    await store.attempt(["facts", "put", new Blob([new Uint8Array(RESERVE)]), "reserve"]);
    store.isShort = false;
  } catch (fault) {
    if (!isFull(fault)) throw fault;
    store.isShort = true;
  }
}

/** Do a write that the device had no room for, in the room of the reserve. Fails as before when that is gone. */
export async function writeInReserve(store, changes, fault) {
  store.isShort = true;
  store.dispatchEvent(new Event("change"));
  if (!(await store.fact("reserve"))) throw fault;
  await store.attempt(["facts", "delete", "reserve"]);
  for (const pause of PAUSES) {
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    try {
      return await store.attempt(...changes);
    } catch (again) {
      if (!isFull(again)) throw again;
    }
  }
  throw fault;
}

/** Whether little is left, as far as the browser tells. */
export async function isShort(store) {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) || {};
  return Boolean(store?.isShort) || (quota > 0 && quota - usage < SHORT);
}
