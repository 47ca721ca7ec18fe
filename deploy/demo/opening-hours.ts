/** When a place takes guests on a weekday (0 = Sunday), in minutes of its day; past midnight counts on from 1440. */
export interface OpenSpan {
  readonly weekday: number;
  readonly opensMinute: number;
  readonly closesMinute: number;
}

const DAYS = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"] as const;
const DAY_MINUTES = 1440;
const DAY = "(?:Su|Mo|Tu|We|Th|Fr|Sa)";
const RULE = new RegExp(`^(?:(${DAY}(?:-${DAY})?(?:\\s*,\\s*${DAY}(?:-${DAY})?)*)\\s*)?(.*)$`, "u");
const TIMES = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/u;

/**
 * The usual part of OpenStreetMap's `opening_hours` (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification):
 * days and spans of days with spans of time, rules apart by `;`, further ones by a comma before a day, `24/7`, and
 * `off`. A later rule replaces an earlier one on its days, except after a comma. Null when anything else is in it:
 * half understood would be wrong. [DMO3]
 */
export function parseOpeningHours(text: string): readonly OpenSpan[] | null {
  if (text.trim() === "24/7") return DAYS.map((_, weekday) => ({ weekday, opensMinute: 0, closesMinute: DAY_MINUTES }));
  let spans: readonly OpenSpan[] = [];
  for (const group of text.split(";")) {
    if (group.trim() === "") continue;
    const rules = rulesIn(group.trim());
    for (const [index, rule] of rules.entries()) {
      const read = readRule(rule);
      if (read === null) return null;
      const days = new Set(read.days);
      const kept = index > 0 ? spans : spans.filter((span) => !days.has(span.weekday));
      spans = [...kept, ...read.spans];
    }
  }
  return spans.length > 0 ? spans.toSorted((a, b) => a.weekday - b.weekday || a.opensMinute - b.opensMinute) : null;
}

/** "Mo-Fr 09:00-22:00, Sa 10:30-22:00" is two rules; "Mo-Fr 11:30-15:30, 19:00-24:00" and "Fr, Sa 21:00-24:00" are one. */
function rulesIn(group: string): readonly string[] {
  return group.split(new RegExp(`(?<=\\d)\\s*,\\s*(?=${DAY})`, "u"));
}

function readRule(rule: string): { readonly days: readonly number[]; readonly spans: readonly OpenSpan[] } | null {
  const [, daysText, timesText = ""] = RULE.exec(rule.trim()) ?? [];
  const days = daysText === undefined ? DAYS.map((_, weekday) => weekday) : daysIn(daysText);
  if (/^(off|closed)$/u.test(timesText.trim())) return { days, spans: [] };
  const times = timesText.split(",").map((each) => readTimes(each.trim()));
  if (times.some((each) => each === null)) return null;
  const spans = days.flatMap((weekday) => times.flatMap((each) => (each ? [{ weekday, ...each }] : [])));
  return { days, spans };
}

function daysIn(text: string): readonly number[] {
  return text.split(",").flatMap((part) => {
    const [first = "", last = first] = part.trim().split("-");
    const [from, to] = [DAYS.findIndex((day) => day === first), DAYS.findIndex((day) => day === last)];
    const length = ((to - from + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => (from + index) % 7);
  });
}

function readTimes(text: string): Omit<OpenSpan, "weekday"> | null {
  const [whole, ...parts] = TIMES.exec(text) ?? [];
  if (whole === undefined) return null;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = parts.map(Number);
  if (fromHour > 23 || toHour > 26 || fromMinute > 59 || toMinute > 59) return null;
  const opensMinute = fromHour * 60 + fromMinute;
  const until = toHour * 60 + toMinute;
  return { opensMinute, closesMinute: until > opensMinute ? until : until + DAY_MINUTES };
}
