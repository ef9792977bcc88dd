// The calendar of ODK Web Forms comes with American dates (10/20/2019) and English names: it gets the reader's.
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY = 86_400_000;
const MONDAY_FIRST = new Set(["fr"]);
// As PrimeVue writes patterns: "yy" is a year of four digits, "M" a short name of the month.
const PATTERNS = { en: "M d, yy" };

const names = (language, form, moments) => {
  const written = new Intl.DateTimeFormat(language, { ...form, timeZone: "UTC" });
  return moments.map((moment) => written.format(moment));
};

/** Give a mounted form the names of days and months, the order of a date and the first day of the week. */
export function speakCalendar(app, language, words) {
  const days = [...Array(7).keys()].map((each) => SUNDAY + each * DAY);
  const months = [...Array(12).keys()].map((each) => Date.UTC(2023, each, 15));
  const said = (text) => words[text] ?? text;
  Object.assign(app.config.globalProperties.$primevue.config.locale, {
    dayNames: names(language, { weekday: "long" }, days),
    dayNamesShort: names(language, { weekday: "short" }, days),
    dayNamesMin: names(language, { weekday: "short" }, days).map((each) => each.slice(0, 2)),
    monthNames: names(language, { month: "long" }, months),
    // A short name is read back when it is typed: a full stop at its end would be in the way.
    monthNamesShort: names(language, { month: "short" }, months).map((each) => each.replace(/\.$/, "")),
    dateFormat: PATTERNS[language] ?? "dd/mm/yy",
    firstDayOfWeek: MONDAY_FIRST.has(language) ? 1 : 0,
    today: said("Today"), clear: said("Clear"), chooseMonth: said("Choose Month"), chooseYear: said("Choose Year"),
    prevMonth: said("Previous Month"), nextMonth: said("Next Month"), prevYear: said("Previous Year"),
    nextYear: said("Next Year"), chooseDate: said("Choose Date"), emptyFilterMessage: said("No results found"),
    emptyMessage: said("No available options"),
    // Said of a text that is hidden while it is typed, which is no password.
    passwordPrompt: "", weak: "", medium: "", strong: "",
  });
}
