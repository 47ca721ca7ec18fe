import { register } from "prom-client";
import { z } from "zod";

import { DISPATCH_VERSION, type RoundSettings } from "#shared/domain/dispatch/round.ts";
import { learnRefusals } from "#shared/domain/dispatch/refusals/learn-refusals.ts";
import { hourOf, refusalOf } from "#shared/domain/dispatch/refusals/refusal-model.ts";
import { makeLocalClock } from "#shared/domain/restaurant/opening-hours.ts";
import { loadCities } from "#shared/server/city/cities.ts";
import { readConfig } from "#shared/server/config/read-config.ts";
import { roundSettingsFrom } from "#shared/server/config/round-settings.ts";
import { checkRouter, router } from "#shared/server/config/router-variables.ts";
import { city, deadlines, stores } from "#shared/server/config/variables.ts";
import { working } from "#shared/server/config/worker-config.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { readMarkets } from "#shared/server/db/markets.ts";
import { ANSWERS_AT_MOST, ANSWERS_OF_MS, readAnswers } from "#shared/server/dispatch/answers.ts";
import { refusalVersions } from "#shared/server/dispatch/refusals.ts";
import { decidedBetween } from "#shared/server/life/decisions.ts";
import { makeCityRouters, routerFrom } from "#shared/server/routing/routers.ts";

import { answersBy } from "./answers.ts";
import { WrongInput, type Args } from "./args.ts";
import { compare, figuresOf, unitFor, type Unit } from "./compare.ts";
import { localDay, type LocalDay } from "./local-day.ts";
import { playStoredDay, type Outcome, type Plan } from "./play.ts";
import { POLICIES, type Policy } from "./policies.ts";
import { readStoredDay, type DayRead } from "./read-stored-day.ts";
import { calibrationOf, type Report } from "./report.ts";
import type { StoredDay } from "./stored-day.ts";
import { settingsOfRound, withWeights } from "./weights.ts";

const schema = z
  .object({
    DATABASE_URL: stores.DATABASE_URL,
    ROUND_EVERY_MS: working.ROUND_EVERY_MS,
    OFFER_LIFE_MS: deadlines.OFFER_LIFE_MS,
    MOVES_AT_ONCE: working.MOVES_AT_ONCE,
    ...city,
    ...router,
  })
  .superRefine(checkRouter);

type Market = Awaited<ReturnType<typeof readMarkets>>[number];

/**
 * Plays a stored day by the policy that was in force and by another one, and compares.
 *
 * @param env the settings of the deployment's workers: database, router, city
 * @param tell progress, in sentences
 * @throws {WrongInput} when there is no such market, or no order to play
 */
export async function whatIf(
  args: Args,
  env: Readonly<Record<string, string | undefined>>,
  tell: (sentence: string) => void,
): Promise<Report> {
  const config = readConfig(schema, env);
  const db = connectDb(config.DATABASE_URL, { max: 1, name: "tiffin-whatif" });
  try {
    const market = marketOf(await readMarkets(db.orm), args.market);
    const cityRouterAt = makeCityRouters(loadCities(config.CITY_DIR));
    const log = { warn: (...said: readonly unknown[]) => tell(String(said.at(-1))) };
    const ways = routerFrom(config, { cityRouterAt, log, metrics: register })(market.center);
    const span = localDay(args.day, market.timeZone);
    const { settings, note } = await settingsOf(db, market.id, span, roundSettingsFrom(config));
    tell(`reading ${args.day} of ${market.id}`);
    const asked = { marketId: market.id, center: market.center, span, router: ways, handover: settings.handover };
    const read = await readStoredDay(db, asked);
    if (read.day.orders.length === 0) throw new WrongInput(nothingToPlay(args.day, market, read));
    const known = await refusalsBefore(db, market, span.fromMs);
    const plan = { settings, router: ways, answerOf: answersBy(args.seed, read.day.answers), ...known };
    return { ...(await played(args, read, plan, tell)), market: market.id, notes: [note, ...notesOf(read)] };
  } finally {
    await db.close();
  }
}

async function played(
  args: Args,
  { day }: DayRead,
  plan: Omit<Plan, "policy">,
  tell: (sentence: string) => void,
): Promise<Omit<Report, "market" | "notes">> {
  const { policy, weights, seed, draws } = args;
  const base = await playTold(day, { ...plan, policy: policyOf("live") }, "replay", tell);
  const changed = { ...plan, policy: policyOf(policy), settings: withWeights(plan.settings, weights) };
  const other = await playTold(day, changed, "what if", tell);
  const unit: Unit = args.by ?? unitFor(base);
  tell(`comparing, ${draws} draws`);
  const compared = compare(base, other, { seed, times: draws, unit });
  const was = day.orders.map((each): Outcome => {
    return { placedAtMs: each.placedAtMs, readyAtMs: each.readyAtMs, ...each.was, wayM: null };
  });
  const figures = { replayed: compared.base, was: figuresOf(was) };
  const calibration = calibrationOf(base, was, figures, day.wayFactors);
  return { ...compared, day: args.day, couriers: day.shifts.length, policy, weights, seed, draws, calibration };
}

async function playTold(
  day: StoredDay,
  plan: Plan,
  name: string,
  tell: (sentence: string) => void,
): Promise<Outcome[]> {
  const onHour = (atMs: number, carried: number) =>
    tell(`${name}: ${new Date(atMs).toISOString()}, ${carried} of ${day.orders.length} orders fetched`);
  return await playStoredDay(day, { ...plan, onHour });
}

function policyOf(name: string): Policy {
  const policy = POLICIES[name];
  if (!policy) throw new WrongInput(`there is no policy "${name}"`);
  return policy;
}

function marketOf(markets: readonly Market[], id: string | undefined): Market {
  const [only, ...more] = markets;
  const market = id === undefined && more.length === 0 ? only : markets.find((each) => each.id === id);
  if (market) return market;
  const there = markets.map((each) => each.id).join(", ") || "none";
  throw new WrongInput(
    id === undefined ? `which --market? There are ${there}.` : `no market ${id}; there are ${there}`,
  );
}

/** What the day's own rounds went by, where they are kept; else what workers are told now. */
async function settingsOf(
  db: Db,
  marketId: string,
  { fromMs, toMs }: LocalDay,
  told: RoundSettings,
): Promise<{ readonly settings: RoundSettings; readonly note: string }> {
  const kept = await decidedBetween(db.orm, marketId, fromMs, toMs);
  if (!kept) return { settings: told, note: "settings: today's, because no round of that day is kept any more" };
  const { first, last, rounds } = kept;
  const changed =
    JSON.stringify(first.plan.settings) === JSON.stringify(last.plan.settings)
      ? ""
      : "; they were changed during the day, the last ones count";
  const version =
    last.plan.version === DISPATCH_VERSION
      ? ""
      : `; rounds were then of version ${last.plan.version}, and are played by ${DISPATCH_VERSION}`;
  return {
    settings: settingsOfRound({ ...last.plan.settings }, told),
    note: `settings: those of the day's ${rounds} kept rounds${changed}${version}`,
  };
}

/** What the day's rounds could know of how couriers answer: learned from the answers before it, unless that is backed out. */
async function refusalsBefore(db: Db, { id, timeZone }: Market, fromMs: number): Promise<Pick<Plan, "refusalOf">> {
  const [choice] = await refusalVersions.readChoices(db.orm, id);
  if (choice?.version === null) return {};
  const which = { fromMs: fromMs - ANSWERS_OF_MS, beforeMs: fromMs, most: ANSWERS_AT_MOST };
  const clock = makeLocalClock(timeZone);
  const learned = learnRefusals(await readAnswers(db, id, which), clock);
  if (!learned) return {};
  return { refusalOf: (courierId, atMs) => refusalOf(learned.model, courierId, hourOf(clock(atMs))) };
}

function nothingToPlay(day: string, { id, timeZone }: Market, { leftOut }: DayRead): string {
  const { neverConfirmed, neverReady, underWay } = leftOut;
  const others = neverConfirmed + neverReady + underWay;
  return others === 0
    ? `nobody in ${id} ordered a delivery on ${day} (${timeZone})`
    : `no order of ${day} in ${id} can be played: ${neverConfirmed} never confirmed, ${neverReady} never ready, ${underWay} still under way`;
}

function notesOf({ leftOut, placesGuessed }: DayRead): string[] {
  const { neverConfirmed, neverReady, underWay } = leftOut;
  return [
    ...(neverConfirmed + neverReady + underWay > 0
      ? [`left out: ${neverConfirmed} orders never confirmed, ${neverReady} never ready, ${underWay} still under way`]
      : []),
    ...(placesGuessed > 0
      ? [`places: of ${placesGuessed} shifts no fix tells where they began; the courier's last written place stands in`]
      : []),
  ];
}
