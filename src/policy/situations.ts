import { FACT_DEEP, FACT_IDLE, FACT_POLLING, FACTS, type FactWord } from './facts.js';
import { conditionHolds } from './parse-condition.js';
import { type Importance, IMPORTANCES, type Policy } from './policy.js';

/** To the processor that queues, or to another one. */
export type Target = 'current' | 'other';
export const TARGETS: readonly Target[] = ['current', 'other'];

/** All states of a target in which some policies decide alike, each for itself (R10). */
export interface Situation {
  target: Target;
  /** Those that every policy treats alike: the same condition, the same end of the queue. */
  importances: readonly Importance[];
  /** By policy: whether its condition asks for an interrupt. */
  asks: readonly boolean[];
  /** The sets of facts (0 to 63) that belong to it; of those that a processor can be in. */
  facts: ReadonlySet<number>;
  /** "High, for another processor that is busy". */
  words: string;
  /** "High DPCs for busy processors", for a sentence; null where nothing so short says it. */
  brief: string | null;
}

/** What a fact is called where it holds and where it does not. */
const WORDS: Record<FactWord, readonly [holds: string, not: string]> = {
  idle: ['idle', 'busy'],
  polling: ['polling', 'not polling'],
  deep: ['deeply halted', 'not deeply halted'],
  over: ['queue over its depth', 'queue not over its depth'],
  slow: ['draining slowly', 'not draining slowly'],
  rare: ['seldom asked', 'often asked'],
};
const OF_PROCESSOR: readonly FactWord[] = ['idle', 'polling', 'deep'];
/** How an importance is written in a sentence. */
export const IMPORTANCE_LABELS: Record<Importance, string> = {
  low: 'Low',
  medium: 'Medium',
  mediumHigh: 'MediumHigh',
  high: 'High',
};

/** Every set of facts that a processor can be in. */
export const POSSIBLE_FACTS: readonly number[] = Array.from(
  { length: 2 ** FACTS.length },
  (_, facts) => facts,
).filter(isPossible);

/** A processor polls or is deeply halted only while it is idle, and never both (R10). */
function isPossible(facts: number): boolean {
  const [idle, polling, deep] = [FACT_IDLE, FACT_POLLING, FACT_DEEP].map((bit) => facts & bit);
  return (idle !== 0 || (polling === 0 && deep === 0)) && (polling === 0 || deep === 0);
}

/**
 * Every situation that the policies tell apart, by target and importance: together they hold every
 * state that a target can be in, once. Importances that never occur can be left out.
 */
export function situationsOf(
  policies: readonly Policy[],
  occurs: (target: Target, importance: Importance) => boolean = () => true,
): Situation[] {
  return TARGETS.flatMap((target) =>
    alike(
      policies,
      target,
      IMPORTANCES.filter((each) => occurs(target, each)),
    ).flatMap((group) => {
      const conditions = policies.map((policy) => policy[target][group[0]]);
      const byAnswers = new Map<string, { asks: boolean[]; facts: Set<number> }>();
      for (const facts of POSSIBLE_FACTS) {
        const asks = conditions.map((condition) => conditionHolds(condition, facts));
        const group = byAnswers.get(asks.join()) ?? { asks, facts: new Set() };
        group.facts.add(facts);
        byAnswers.set(asks.join(), group);
      }
      return [...byAnswers.values()].map(({ asks, facts }): Situation => {
        const cubes = cover(facts);
        return {
          target,
          importances: group,
          asks,
          facts,
          words: wordsOf(target, group, cubes),
          brief: briefOf(target, group, cubes),
        };
      });
    }),
  );
}

/** Puts importances together that each of the policies treats alike. */
function alike(
  policies: readonly Policy[],
  target: Target,
  importances: readonly Importance[],
): Importance[][] {
  const groups = new Map<string, Importance[]>();
  for (const importance of importances) {
    const key = policies
      .map((policy) => `${policy[target][importance].table} ${policy.insert[importance]}`)
      .join();
    groups.set(key, [...(groups.get(key) ?? []), importance]);
  }
  return [...groups.values()];
}

/** Facts that must hold (`yes`) and that must not (`no`), as sets. */
interface Cube {
  yes: number;
  no: number;
}

/** With the sets of facts that it holds, of those that are possible. */
type HoldingCube = Cube & { held: readonly number[] };

function wordsOf(
  target: Target,
  importances: readonly Importance[],
  cubes: readonly Cube[],
): string {
  const where = target === 'current' ? 'the current processor' : 'another processor';
  const head = `${namesOf(importances)}, for ${where}`;
  if (cubes.length > 1) return `${head}: ${cubes.map(wordsOfCube).join('; or ')}`;
  const [ofProcessor, ofQueue] = [true, false].map((wanted) =>
    literals(cubes[0])
      .filter(({ word }) => OF_PROCESSOR.includes(word) === wanted)
      .map(({ text }) => text),
  );
  const that = ofProcessor.length === 0 ? '' : ` that is ${ofProcessor.join(' and ')}`;
  return [head + that, ...ofQueue].join(', ');
}

/** The state of the queue is left out, unless it is over its depth. */
function briefOf(
  target: Target,
  importances: readonly Importance[],
  cubes: readonly Cube[],
): string | null {
  if (cubes.length > 1) return null;
  const words = literals(cubes[0]);
  const ofProcessor = words.filter(({ word }) => OF_PROCESSOR.includes(word));
  const which = ofProcessor.map(({ text }) => text).join(' and ');
  const isSimple = ofProcessor.length === 1 && !which.includes(' ');
  const processors = target === 'current' ? 'their own processor' : 'other processors';
  const that = target === 'current' ? ' that is ' : ' that are ';
  const where =
    isSimple && target === 'other'
      ? `${which} processors`
      : processors + (which === '' ? '' : that + which);
  const isOver = words.some(({ text }) => text === WORDS.over[0]);
  return `${namesOf(importances)} DPCs for ${where}${isOver ? ' with a queue over its depth' : ''}`;
}

/** "Low, Medium or High". */
function namesOf(importances: readonly Importance[]): string {
  const labels = importances.map((importance) => IMPORTANCE_LABELS[importance]);
  const last = labels.pop()!;
  return labels.length === 0 ? last : `${labels.join(', ')} or ${last}`;
}

function wordsOfCube(cube: Cube): string {
  return literals(cube)
    .map(({ text }) => text)
    .join(', ');
}

function literals({ yes, no }: Cube): { word: FactWord; text: string }[] {
  return FACTS.filter(({ bit }) => ((yes | no) & bit) !== 0).map(({ bit, word }) => ({
    word,
    text: WORDS[word][(yes & bit) !== 0 ? 0 : 1],
  }));
}

/**
 * A short list of cubes that together hold just these states, of those that are possible: each is
 * the one that holds most of what is left, and of those the one with the fewest conditions (greedy,
 * after Quine and McCluskey).
 */
function cover(facts: ReadonlySet<number>): Cube[] {
  const allowed = CUBES.filter(({ held }) => held.every((set) => facts.has(set)));
  const left = new Set(facts);
  const chosen: Cube[] = [];
  while (left.size > 0) {
    let best = allowed[0];
    let most = -1;
    for (const cube of allowed) {
      // Nobody has more left to hold than it holds at all.
      if (cube.held.length <= most) continue;
      const count = cube.held.reduce((sum, set) => sum + Number(left.has(set)), 0);
      if (count > most) [best, most] = [cube, count];
    }
    chosen.push(best);
    for (const set of best.held) left.delete(set);
  }
  return chosen;
}

function holds({ yes, no }: Cube, facts: number): boolean {
  return (facts & yes) === yes && (facts & no) === 0;
}

/** Every cube of six facts, the one with the fewest conditions first. */
const CUBES: readonly HoldingCube[] = FACTS.reduce<Cube[]>(
  (cubes, { bit }) =>
    cubes.flatMap((cube) => [
      cube,
      { ...cube, yes: cube.yes | bit },
      { ...cube, no: cube.no | bit },
    ]),
  [{ yes: 0, no: 0 }],
)
  .map((cube, place) => ({ cube, place, size: literals(cube).length }))
  .sort((a, b) => a.size - b.size || a.place - b.place)
  .map(({ cube }) => ({ ...cube, held: POSSIBLE_FACTS.filter((facts) => holds(cube, facts)) }));
