import { PRESETS } from '../policy/presets.js';
import type { Scenario } from '../scenario/scenario.js';
import { paretoFront, type Trade } from '../stats/pareto.js';
import {
  behaviourOf,
  type Candidate,
  candidateOf,
  type Change,
  changesOf,
  policyOf,
  settingsOf,
  type Space,
} from './candidate.js';
import type { Effects, Entry, TuneRunner } from './carry-out-tune.js';
import { searchFront, type Tried } from './search.js';
import { spaceOf } from './space.js';

/** What a winner does, and how well that is known. */
export interface Winner extends Entry {
  /** The policy that ships and does the same here; "" for none. */
  preset: string;
  /** Against the base here, from the seed of the search. */
  here: Effects;
  /** Each difference from the base, and what the winner is without it, against itself. */
  reasons: { change: Change; effects: Effects }[];
  /** Against the base from other seeds. */
  seeds: { seed: number; effects: Effects }[];
  /** Did it hold from every one of them? */
  isHeld: boolean;
  /** Its rules in other scenarios, against the base there. */
  elsewhere: { scenario: string; outcome: Outcome }[];
}

export type Outcome = 'better' | 'worse' | 'trade' | 'same' | 'unknown';

/** One of which no other one that was tried is lower in both figures. */
export interface FrontEntry extends Entry {
  name: string;
  /** The policy that ships and does just this; "" for none. */
  preset: string;
  trade: Trade;
  changes: Change[];
  /** What differs from the base, in a line. */
  text: string;
}

/** What a tuning found. */
export interface TuneResult {
  scenario: string;
  figures: readonly [string, string];
  seed: number;
  base: string;
  baseTrade: Trade | null;
  /** What was simulated, and how many cells of the census there were to decide. */
  tried: number;
  cells: number;
  /** By ascending first figure. */
  front: FrontEntry[];
  winners: Winner[];
}

export interface TuneOptions {
  budget: number;
  seed: number;
  rulesOnly: boolean;
  /** Other scenarios, and what simulates them. */
  others: { name: string; runner: () => TuneRunner }[];
  onProgress?: (progress: { all: number; done: number; simulated: number }) => void;
  /** What begins once the search is over, in words. */
  onStage?: (what: string) => void;
}

const BASE_NAME = 'vista';
/** A figure that is so little higher or lower counts as the same. */
const TOLERANCE = 0.005;
/** Winners that are looked at closely. */
const MOST_WINNERS = 3;
const OTHER_SEEDS = 3;

/**
 * Searches rule sets and settings for what no other one beats in both figures, and looks closely
 * at those that beat the base in both: what each difference does, what none does is taken back,
 * whether it holds from other seeds and in other scenarios. A function of its options.
 */
export async function tune(
  scenario: Scenario,
  runner: TuneRunner,
  figures: readonly [string, string],
  options: TuneOptions,
): Promise<TuneResult> {
  const { budget, onProgress, rulesOnly, seed } = options;
  const base = PRESETS.find(({ name }) => name === BASE_NAME)!;
  const space = spaceOf(await runner.survey(PRESETS, seed), scenario, base, rulesOnly);
  let simulated = 0;
  const tried = await searchFront({
    budget,
    seed,
    space,
    // The base first: of rule sets that do the same here, the first stands for all.
    presets: [base, ...PRESETS.filter((preset) => preset !== base)],
    evaluate: async (candidates) => {
      const entries = candidates.map((candidate) => entryOf(candidate, space));
      const trades = await runner.trades(entries, seed);
      simulated += candidates.length;
      onProgress?.({ all: budget, done: simulated, simulated });
      return trades;
    },
  });
  const own = tried.find(({ preset }) => preset === BASE_NAME)!;
  const finalists = finalistsOf(tried, own.trade);
  const winners: Winner[] = [];
  const vista = entryOf(candidateOf(space.base, space), space, BASE_NAME);
  const behaviours = new Set<string>();
  for (const finalist of finalists) {
    const name = `tuned-${winners.length + 1}`;
    options.onStage?.(`checking ${winners.length + 1} of ${finalists.length} at most`);
    const { candidate, reasons } = await pruned(finalist.candidate, space, runner, seed);
    const behaviour = behaviourOf(candidate, space);
    if (behaviours.has(behaviour)) continue;
    behaviours.add(behaviour);
    const entry = entryOf(candidate, space, name);
    const here = (await runner.compare(vista, [entry], seed))[0];
    if (outcomeOf(here) !== 'better') continue;
    const preset = presetOf(behaviour, space);
    winners.push(await checked({ ...entry, preset, here, reasons }, vista, runner, options));
  }
  return {
    scenario: scenario.name,
    figures,
    seed,
    base: BASE_NAME,
    baseTrade: own.trade,
    tried: tried.length,
    cells: space.questions.reduce((sum, { cells }) => sum + cells.length, 0),
    front: frontOf(tried, space),
    winners,
  };
}

function presetOf(behaviour: string, space: Space): string {
  const same = PRESETS.find((one) => behaviourOf(candidateOf(one, space), space) === behaviour);
  return same?.name ?? '';
}

function entryOf(candidate: Candidate, space: Space, name = 'candidate'): Entry {
  return { policy: policyOf(candidate, space, name), settings: settingsOf(candidate, space) };
}

/** Lower in both than the base, or lower in one and equal in the other: the ends, and between. */
export function finalistsOf(tried: readonly Tried[], base: Trade | null): Tried[] {
  if (base === null) return [];
  const better = paretoFront(tried.map(({ trade }) => trade))
    .map((place) => tried[place])
    .filter(({ preset }) => preset !== BASE_NAME)
    .filter(({ trade }) => trade!.every((figure, i) => figure <= base[i] * (1 + TOLERANCE)));
  if (better.length <= MOST_WINNERS) return better;
  // Any figure may be 0, such as IPIs, and of two that are there is no gain.
  const gain = ({ trade }: Tried): number =>
    trade!.reduce((sum, figure, i) => sum + Math.log((base[i] + 1e-9) / (figure + 1e-9)), 0);
  const middle = better.slice(1, -1).reduce((a, b) => (gain(b) > gain(a) ? b : a));
  return [middle, better[0], better.at(-1)!];
}

function frontOf(tried: readonly Tried[], space: Space): FrontEntry[] {
  return paretoFront(tried.map(({ trade }) => trade)).map((place, i) => {
    const { candidate, preset, trade } = tried[place];
    const changes = changesOf(candidate, space);
    return {
      ...entryOf(candidate, space),
      name: `front-${i + 1}`,
      preset,
      trade: trade!,
      changes,
      text: changes.map(({ path, own }) => `${path}: ${own}`).join('; '),
    };
  });
}

async function checked(
  found: Entry & Pick<Winner, 'preset' | 'here' | 'reasons'>,
  base: Entry,
  runner: TuneRunner,
  { others, seed }: TuneOptions,
): Promise<Winner> {
  const entry = { policy: found.policy, settings: found.settings };
  const seeds = [];
  for (let more = 1; more <= OTHER_SEEDS; more += 1) {
    const [effects] = await runner.compare(base, [entry], seed + more);
    seeds.push({ seed: seed + more, effects });
  }
  const elsewhere = [];
  for (const other of others) {
    const rules = { policy: entry.policy, settings: [] };
    const [effects] = await other
      .runner()
      .compare({ policy: base.policy, settings: [] }, [rules], seed);
    elsewhere.push({ scenario: other.name, outcome: outcomeOf(effects) });
  }
  const isHeld = seeds.every(({ effects }) => outcomeOf(effects) === 'better');
  return { ...found, seeds, isHeld, elsewhere };
}

/** Without the differences that change neither figure, one after another. */
async function pruned(
  found: Candidate,
  space: Space,
  runner: TuneRunner,
  seed: number,
): Promise<{ candidate: Candidate; reasons: Winner['reasons'] }> {
  let candidate = found;
  for (;;) {
    const changes = changesOf(candidate, space);
    const without = changes.map((change) => entryOf(change.without, space));
    const effects = await runner.compare(entryOf(candidate, space), without, seed);
    const reasons = changes.map((change, i) => ({ change, effects: effects[i] }));
    const idle = reasons.find((reason) => outcomeOf(reason.effects) === 'same');
    if (idle === undefined) return { candidate, reasons };
    candidate = idle.change.without;
  }
}

/** What one entry is against another: what chance could explain is the same. */
export function outcomeOf(effects: Effects): Outcome {
  const verdicts = effects.map((effect) => {
    if (effect === null) return 'unknown';
    // However sure it is, so little matters to nobody.
    const { ratio, verdict } = effect;
    return ratio !== null && Math.abs(ratio - 1) <= TOLERANCE ? 'same' : verdict;
  });
  if (verdicts.includes('unknown')) return 'unknown';
  const [lower, higher] = (['lower', 'higher'] as const).map((word) => verdicts.includes(word));
  if (lower && higher) return 'trade';
  return lower ? 'better' : higher ? 'worse' : 'same';
}
