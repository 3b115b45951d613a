import type { Policy } from '../policy/policy.js';
import { paretoFront, type Trade } from '../stats/pareto.js';
import { SeededStream } from '../stats/seeded-stream.js';
import { behaviourOf, type Candidate, candidateOf, type Space } from './candidate.js';

/** A candidate that was simulated, and its two figures; null for one without samples. */
export interface Tried {
  candidate: Candidate;
  /** The name of a policy that ships; "" for a candidate that was made. */
  preset: string;
  trade: Trade | null;
}

export interface SearchOptions {
  /** So many candidates are simulated, those that ship among them. */
  budget: number;
  seed: number;
  space: Space;
  presets: readonly Policy[];
  /** The figures of each; one that is no scenario has none. */
  evaluate: (candidates: readonly Candidate[]) => Promise<(Trade | null)[]>;
}

/** Candidates that are simulated together, on the same interrupts. */
const BATCH = 12;
/** So often in a row a new candidate is looked for before the space counts as searched. */
const MOST_TRIES = 400;

/**
 * Searches for rule sets of which no other one is better in both figures. First the policies that
 * ship, then each question answered alike in all its cells, or by one fact, then what is near to
 * the front so far: a cell, an end of a queue or a setting changed at a time, sometimes two, or
 * the answers of two of the front mixed (after J. Knowles and D. Corne, "Approximating the
 * nondominated front", Evolutionary Computation 8, 2000). A function of its options and of what
 * `evaluate` answers.
 */
export async function searchFront(options: SearchOptions): Promise<Tried[]> {
  const { budget, evaluate, presets, seed, space } = options;
  const tried: Tried[] = [];
  const seen = new Set<string>();
  const take = (candidate: Candidate): boolean => {
    const { size } = seen;
    return seen.add(behaviourOf(candidate, space)).size > size;
  };
  const run = async (
    wanted: readonly { candidate: Candidate; preset: string }[],
  ): Promise<void> => {
    const room = wanted.slice(0, Math.max(0, budget - tried.length));
    for (let from = 0; from < room.length; from += BATCH) {
      const batch = room.slice(from, from + BATCH);
      const trades = await evaluate(batch.map(({ candidate }) => candidate));
      batch.forEach((one, i) => tried.push({ ...one, trade: trades[i] }));
    }
  };
  await run(
    presets
      .map((policy) => ({ candidate: candidateOf(policy, space), preset: policy.name }))
      .filter(({ candidate }) => take(candidate)),
  );
  const made = (candidate: Candidate): { candidate: Candidate; preset: string } => ({
    candidate,
    preset: '',
  });
  const simple = simpleCandidates(space).filter(take).map(made);
  await run(simple.slice(0, Math.floor(budget / 2)));
  const stream = new SeededStream([seed, budget, space.questions.length]);
  while (tried.length < budget) {
    const children = newCandidates(tried, options, stream, take);
    if (children.length === 0) break;
    await run(children.map(made));
  }
  return tried;
}

/** The base with one question answered for all of its cells alike, or by one of the facts. */
function simpleCandidates(space: Space): Candidate[] {
  const base = candidateOf(space.base, space);
  const answers = space.questions.flatMap(({ cells }, question) => {
    const facts = [1, 2, 4, 8, 16, 32].filter((bit) => {
      const holding = cells.filter((cell) => (cell.facts & bit) !== 0).length;
      return holding > 0 && holding < cells.length;
    });
    const columns = [
      cells.map(() => false),
      cells.map(() => true),
      ...facts.map((bit) => cells.map((cell) => (cell.facts & bit) !== 0)),
      ...facts.map((bit) => cells.map((cell) => (cell.facts & bit) === 0)),
    ];
    return columns.map((column) => ({
      ...base,
      asks: base.asks.map((own, i) => (i === question ? column : own)),
    }));
  });
  const settings = space.settings.flatMap(({ values }, setting) =>
    values.slice(1).map((_, place) => ({
      ...base,
      chosen: base.chosen.map((own, i) => (i === setting ? place + 1 : own)),
    })),
  );
  return [...answers, ...settings];
}

function newCandidates(
  tried: readonly Tried[],
  { budget, space }: SearchOptions,
  stream: SeededStream,
  take: (candidate: Candidate) => boolean,
): Candidate[] {
  const front = paretoFront(tried.map(({ trade }) => trade)).map((place) => tried[place].candidate);
  if (front.length === 0) return [];
  const wanted = Math.min(BATCH, budget - tried.length);
  const found: Candidate[] = [];
  for (let tries = 0; found.length < wanted && tries < MOST_TRIES; tries += 1) {
    const parent = front[stream.below(front.length)];
    const isMixed = front.length > 1 && stream.below(5) === 0;
    let child = isMixed ? mixed(parent, front[stream.below(front.length)], stream) : parent;
    const changes = isMixed ? stream.below(2) : 1 + (stream.below(3) === 0 ? 1 : 0);
    for (let i = 0; i < changes; i += 1) child = changed(child, space, stream);
    if (take(child)) found.push(child);
  }
  return found;
}

function mixed(a: Candidate, b: Candidate, stream: SeededStream): Candidate {
  const pick = <T>(one: T, other: T): T => (stream.below(2) === 0 ? one : other);
  return {
    asks: a.asks.map((own, i) => pick(own, b.asks[i])),
    insert: a.insert.map((own, i) => pick(own, b.insert[i])),
    depth: pick(a.depth, b.depth),
    chosen: a.chosen.map((own, i) => pick(own, b.chosen[i])),
  };
}

/** A cell three times in five, one that many DPCs are in rather than one that few are in. */
function changed(candidate: Candidate, space: Space, stream: SeededStream): Candidate {
  const kind = stream.below(10);
  const { importances, questions, settings } = space;
  if (kind < 6 || (kind >= 8 && settings.length === 0)) {
    const question = stream.below(questions.length);
    const cell = heavyCell(questions[question].cells, stream);
    const asks = candidate.asks.map((own, i) =>
      i === question ? own.map((answer, j) => (j === cell ? !answer : answer)) : own,
    );
    return { ...candidate, asks };
  }
  if (kind === 6) {
    const place = stream.below(importances.length);
    const turned = candidate.insert[place] === 'head' ? 'tail' : 'head';
    return { ...candidate, insert: candidate.insert.map((own, i) => (i === place ? turned : own)) };
  }
  if (kind === 7) {
    return { ...candidate, depth: candidate.depth === 'reaches' ? 'exceeds' : 'reaches' };
  }
  const setting = stream.below(settings.length);
  const value = stream.below(settings[setting].values.length);
  return { ...candidate, chosen: candidate.chosen.map((own, i) => (i === setting ? value : own)) };
}

/** Drawn by the square root of the number of inserts: rare cells come up, common ones more. */
function heavyCell(cells: Space['questions'][number]['cells'], stream: SeededStream): number {
  const weights = cells.map(({ inserts }) => Math.sqrt(inserts));
  let left = (stream.next() / 2 ** 32) * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [place, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return place;
  }
  return cells.length - 1;
}
