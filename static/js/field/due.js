// When a checklist is due at a station, by the hours of its polling day.
export const STAGES = ["opening", "voting", "closing", "counting"];
const EARLY_MINUTES = 60;

/** The date and the time of day at an instant in a zone: ["2021-11-28", "07:05"]. */
export function clockIn(timeZone, at = new Date()) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(at);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return [`${part.year}-${part.month}-${part.day}`, `${part.hour}:${part.minute}`];
}

function earlier(time, minutes) {
  const [hour, minute] = time.split(":").map(Number);
  const all = Math.max(0, hour * 60 + minute - minutes);
  return `${String(Math.floor(all / 60)).padStart(2, "0")}:${String(all % 60).padStart(2, "0")}`;
}

/** {state, from}: whether a stage's checklist is due ("later", "now", "late"), and from which hour of its day.
 * "open" where the hours of the polling day are not known. */
export function dueOf(kind, round, at = new Date()) {
  const [today, time] = clockIn(round.timeZone, at);
  const isAfter = kind === "closing" || kind === "counting";
  const from = isAfter ? round.closes : round.opens;
  if (today > round.on) return { state: "late", from };
  if (!from) return { state: "open", from };
  if (today < round.on) return { state: "later", from };
  if (time < (kind === "opening" ? earlier(from, EARLY_MINUTES) : from)) return { state: "later", from };
  return { state: !isAfter && round.closes && time > round.closes ? "late" : "now", from };
}

/** The round of a station that matters now: today's, else the next, else the last. */
export function roundOf(station, rounds, at = new Date()) {
  const its = rounds.filter((each) => station.days.includes(each.on)).sort((a, b) => (a.on < b.on ? -1 : 1));
  return its.find((each) => each.on >= clockIn(each.timeZone, at)[0]) || its.at(-1) || null;
}
