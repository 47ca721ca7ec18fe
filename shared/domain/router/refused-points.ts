import type { Point } from "../geo/point.ts";

/** A service answers, but not this question: something in it has no street. */
export class QuestionRefused extends Error {}

/**
 * Which of the points are why a question was refused, found by halves: of hundreds with one among them some twenty small questions.
 *
 * @param ask a question of these sources and destinations
 * @throws whatever `ask` throws beside {@link QuestionRefused}
 */
export async function refusedPoints(
  points: readonly Point[],
  ask: (sources: readonly Point[], destinations: readonly Point[]) => Promise<unknown>,
): Promise<Point[]> {
  const [first] = points;
  if (!first) return [];
  try {
    await ask(points, [first]);
    return [];
  } catch (error) {
    if (!(error instanceof QuestionRefused)) throw error;
  }
  if (points.length === 1) return [first];
  const half = Math.ceil(points.length / 2);
  const before = await refusedPoints(points.slice(0, half), ask);
  return [...before, ...(await refusedPoints(points.slice(half), ask))];
}
