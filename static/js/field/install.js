// The service worker: the app opens without a network, and a new version waits until the person takes it up.
import { t } from "./words.js";

export async function install(app) {
  if (!navigator.serviceWorker) return;
  app.isGettingReady = !navigator.serviceWorker.controller;
  if (app.isGettingReady) {
    app.frame();
    navigator.serviceWorker.ready.then(() => {
      app.isGettingReady = false;
      if (app.person) app.tell(t("ready-offline"), "success");
    });
  }
  const known = await navigator.serviceWorker.register(`${app.base}/worker.js`, { scope: app.base }).catch(() => null);
  const ready = () => {
    // The first worker of all replaces nothing.
    if (!navigator.serviceWorker.controller) return;
    app.update = known.waiting;
    app.frame();
  };
  if (known?.waiting) ready();
  known?.addEventListener("updatefound", () => {
    known.installing?.addEventListener("statechange", () => known.waiting && ready());
  });
  let { controller } = navigator.serviceWorker;
  let reloads = false;
  navigator.serviceWorker.addEventListener("controllerchange", async () => {
    // The first worker of all is of this page's version; the next one is not, also on the page that saw the first.
    const isFirst = !controller;
    ({ controller } = navigator.serviceWorker);
    if (isFirst || reloads) return;
    reloads = true;
    await app.page.leave();
    window.location.reload();
  });
}
