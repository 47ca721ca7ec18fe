import { nearCell } from "./ladder.ts";
import { playInOrder } from "./play-in-order.ts";
import { endedAtMs, type Outcome, type Task } from "./task.ts";

const MINUTE_MS = 60_000;
/** How fast what has just been seen is forgotten: a rush, an hour, an afternoon, a day. */
const FORGET_MS = [15, 40, 120, 400].map((minutes) => minutes * MINUTE_MS);
const FORGET_HERE_MS = 60 * MINUTE_MS;
/** An outcome that was already forgotten this often counts as none. */
const FURTHEST = 1.1;
/** An open task that was asked this long ago is taken for lost. */
const LOST_MS = 120 * MINUTE_MS;

/** A mean whose past fades: after `forgetMs` an outcome counts for 1/e. */
interface Fading {
  sum: number;
  weight: number;
  atMs: number;
}

function faded(mean: Fading | undefined, nowMs: number, forgetMs: number): readonly [sum: number, weight: number] {
  if (!mean) return [0, 0];
  const kept = Math.exp(-(nowMs - mean.atMs) / forgetMs);
  return [mean.sum * kept, mean.weight * kept];
}

interface Open {
  readonly task: Task;
  readonly expectedS: number;
}

/**
 * How it goes just now: what was finished lately against what was expected of it, here, by the same subject and everywhere,
 * and what is still open though it should be done. Told everything in the order of time; tells only what was known.
 */
export interface Pulse {
  /** What has been asked and is not over yet. */
  opened(id: number, task: Task, expectedS: number): void;
  /** Over. */
  closed(id: number, outcome: Outcome): void;
  read(task: Task): number[];
}

export function makePulse(): Pulse {
  const everywhere: (Fading | undefined)[] = FORGET_MS.map(() => undefined);
  const here = new Map<string, Fading>();
  const lastOf = new Map<string, { readonly off: number; readonly atMs: number }>();
  const open = new Map<number, Open>();
  const asked = makeCounter(15 * MINUTE_MS);
  const done = makeCounter(30 * MINUTE_MS);

  const at = (key: string, nowMs: number) => faded(here.get(key), nowMs, FORGET_HERE_MS);

  return {
    opened: (id, task, expectedS) => {
      open.set(id, { task, expectedS });
      asked.add(task.askedAtMs);
    },
    closed: (id, outcome) => {
      const opened = open.get(id);
      if (!opened) return;
      open.delete(id);
      const atMs = endedAtMs(outcome);
      const off = Math.max(-FURTHEST, Math.min(FURTHEST, Math.log(outcome.tookS / opened.expectedS)));
      for (const [index, forgetMs] of FORGET_MS.entries())
        everywhere[index] = add(everywhere[index], off, atMs, forgetMs);
      for (const key of [outcome.subject, `from ${nearCell(outcome.from)}`, `to ${nearCell(outcome.to)}`])
        here.set(key, add(here.get(key), off, atMs, FORGET_HERE_MS));
      lastOf.set(outcome.subject, { off, atMs });
      done.add(atMs);
    },
    read: (task) => {
      const nowMs = task.askedAtMs;
      const lately = FORGET_MS.map((forgetMs, index) => faded(everywhere[index], nowMs, forgetMs));
      const bySubject = at(task.subject, nowMs);
      const [from, to] = [at(`from ${nearCell(task.from)}`, nowMs), at(`to ${nearCell(task.to)}`, nowMs)];
      const last = lastOf.get(task.subject);
      const { count, overdueS, leftS, ofSubject, overdueOfSubject } = openTasks(open, task);
      const done30 = done.count(nowMs);
      return [
        ...lately.map(([sum, weight], index) => sum / (weight + 2 + index)),
        lately[1]?.[1] ?? 0,
        bySubject[0] / (bySubject[1] + 1),
        bySubject[1],
        from[0] / (from[1] + 1),
        to[0] / (to[1] + 1),
        last?.off ?? Number.NaN,
        last ? (nowMs - last.atMs) / MINUTE_MS : Number.NaN,
        count,
        overdueS,
        overdueS / (count + 1),
        asked.count(nowMs),
        done30,
        count / (done30 + 1),
        ofSubject,
        overdueOfSubject,
        leftS / (count + 1),
      ];
    },
  };
}

/** What is open beside this task, and how far past its time. What has been open for very long is forgotten. */
function openTasks(open: Map<number, Open>, task: Task) {
  let [count, overdueS, leftS, ofSubject, overdueOfSubject] = [0, 0, 0, 0, 0];
  for (const [id, each] of open) {
    const ageMs = task.askedAtMs - each.task.askedAtMs;
    if (ageMs > LOST_MS) {
      open.delete(id);
      continue;
    }
    const overS = ageMs / 1000 - each.expectedS;
    const mine = each.task.subject === task.subject;
    count += 1;
    overdueS += Math.max(0, overS);
    leftS += Math.max(0, -overS);
    if (mine) ofSubject += 1;
    if (mine) overdueOfSubject += Math.max(0, overS);
  }
  return { count, overdueS, leftS, ofSubject, overdueOfSubject };
}

function add(mean: Fading | undefined, off: number, atMs: number, forgetMs: number): Fading {
  const [sum, weight] = faded(mean, atMs, forgetMs);
  return { sum: sum + off, weight: weight + 1, atMs };
}

/** How many there were in the last while; times come in order. */
function makeCounter(whileMs: number) {
  let times: number[] = [];
  let first = 0;
  return {
    add: (atMs: number) => void times.push(atMs),
    count: (nowMs: number): number => {
      while (first < times.length && times[first]! < nowMs - whileMs) first++;
      if (first > 10_000) {
        times = times.slice(first);
        first = 0;
      }
      return times.length - first;
    },
  };
}

/**
 * The pulse at each question, which knows only what was over or begun before it.
 *
 * @param expectedS what was expected of each outcome when it was asked
 */
export function readPulses(
  outcomes: readonly Outcome[],
  expectedS: readonly number[],
  questions: readonly Task[] = outcomes,
): number[][] {
  const pulse = makePulse();
  const read: number[][] = questions.map(() => []);
  playInOrder(outcomes, questions, {
    asked: (index) => {
      read[index] = pulse.read(questions[index]!);
    },
    opened: (id) => pulse.opened(id, outcomes[id]!, expectedS[id]!),
    closed: (id) => pulse.closed(id, outcomes[id]!),
  });
  return read;
}
