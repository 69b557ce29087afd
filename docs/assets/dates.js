// Days as texts such as "2026-11-25", without hours, and as people write them in the page's language.

const zh = document.documentElement.lang.startsWith("zh");
const LOCALE = zh ? "zh-Hans" : "en-GB"; // as the pages write dates: 25 November 2026
const SHAPES = {
  long: { day: "numeric", month: "long", year: "numeric" },
  short: { weekday: "short", day: "numeric", month: "short" },
  weekday: { weekday: "short", day: "numeric" },
  said: { weekday: "long", day: "numeric", month: "long" },
};

const pad = (number) => String(number).padStart(2, "0");
const written = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
export const today = () => written(new Date());
export const dayOf = (time) => written(new Date(time));
// A day as a date at noon, so that no change of the clock moves it to another day.
export const dateOf = (day) => new Date(`${day}T12:00:00`);

export function addDays(day, count) {
  const date = dateOf(day);
  date.setDate(date.getDate() + count);
  return written(date);
}

// A day in words; `shape` is "long", "short" (with its weekday), "weekday" (without its month) or "said".
export function dateText(day, shape) {
  const text = dateOf(day).toLocaleDateString(LOCALE, SHAPES[shape]);
  // A space between figures and Chinese, as the pages have it.
  return zh ? text.replace(/(\d)(?=[\u4e00-\u9fff])|([\u4e00-\u9fff])(?=\d)/g, "$& ") : text;
}
