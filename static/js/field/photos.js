// A photo is made small before anything keeps it: a phone's picture has 4 to 12 megabytes, a slow line few minutes.
const LONGEST = 1600;
const QUALITY = 0.82;

/** A picture as JPEG of at most 1,600 pixels a side, upright, under a name that no other has. */
export async function scaled(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const ratio = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * ratio));
  canvas.height = Math.max(1, Math.round(picture.height * ratio));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
  if (!blob) throw new Error("the picture could not be written");
  return new File([blob], `${crypto.randomUUID()}.jpg`, { type: "image/jpeg" });
}

// Cameras name every picture alike ("image.jpg"), and a form may hold several.
function renamed(file) {
  const ending = file.name.match(/\.\w{1,8}$/)?.[0] || "";
  return new File([file], `${crypto.randomUUID()}${ending}`, { type: file.type });
}

/** Every file chosen inside `place` reaches the form scaled (a picture) or under its own name (anything else).
 * Answers how many are on their way: {waiting}. */
export function scalePhotos(place, told) {
  const passed = new WeakSet();
  const photos = { waiting: 0 };
  place.addEventListener("change", async (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const [file] = input.files;
    if (!file || passed.has(file)) return;
    event.stopImmediatePropagation();
    photos.waiting += 1;
    told();
    const small = file.type.startsWith("image/") && file.type !== "image/svg+xml" ? await scaled(file).catch(() => renamed(file)) : renamed(file);
    const list = new DataTransfer();
    list.items.add(small);
    photos.waiting -= 1;
    input.files = list.files;
    passed.add(input.files[0]);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, true);
  return photos;
}
