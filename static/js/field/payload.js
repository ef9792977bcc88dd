// What ODK Web Forms makes of the answers, as a draft keeps it, and back.
const XML = "xml_submission_file";

const first = (xml, name) => xml.getElementsByTagNameNS("*", name)[0]?.textContent ?? "";

/** The answers without the clock that runs on. */
export const lasting = (xml) => xml.replace(/<end>[^<]*<\/end>/, "");

/** A filled form of ODK Web Forms in the words of a draft: {id, formId, version, station, xml, files}. */
export async function read(payload) {
  const [sent] = payload.data;
  const xml = await sent.get(XML).text();
  const told = new DOMParser().parseFromString(xml, "application/xml");
  const files = [...sent.entries()].filter(([name]) => name !== XML).map(([name, blob]) => ({ name, blob }));
  const root = told.documentElement;
  return {
    id: first(told, "instanceID"), formId: root.getAttribute("id"), version: root.getAttribute("version") ?? "",
    station: first(told, "station"), xml, files,
  };
}

/** A kept draft as ODK Web Forms takes it up again. */
export function restored(draft) {
  const sent = new FormData();
  sent.set(XML, new File([draft.xml], XML, { type: "text/xml" }), XML);
  for (const { name, blob } of draft.files) sent.set(name, new File([blob], name, { type: blob.type }), name);
  return { data: [sent] };
}
