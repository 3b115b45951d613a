import { FACTS } from './facts.js';

/** Facts that must hold (`yes`) and that must not (`no`), as sets; joined by `and`. */
interface Cube {
  yes: number;
  no: number;
  literals: number;
}

/**
 * A short condition that answers so: it holds for every set of facts in `asks` and for none in
 * `waits`. What it says of sets that are in neither is left to what is shortest. Greedy, after
 * Quine and McCluskey; the fewest facts first.
 */
export function conditionText(asks: readonly number[], waits: readonly number[]): string {
  if (asks.length === 0) return 'never';
  const positive = coverOf(asks, waits);
  const negative = coverOf(waits, asks);
  const [direct, inverse] = [positive, negative].map((cubes) =>
    cubes.reduce((sum, { literals }) => sum + literals, 0),
  );
  // "not (polling and over)" is said only where that is shorter.
  if (waits.length > 0 && negative.length === 1 && inverse < direct) {
    const text = textOf(negative[0]);
    return inverse === 1
      ? textOf({ ...negative[0], yes: negative[0].no, no: negative[0].yes })
      : `not (${text})`;
  }
  return positive.map(textOf).join(' or ');
}

function coverOf(wanted: readonly number[], others: readonly number[]): Cube[] {
  const allowed = CUBES.filter((cube) => !others.some((facts) => holds(cube, facts)));
  const chosen: Cube[] = [];
  let left = [...wanted];
  while (left.length > 0) {
    const held = (cube: Cube): number => left.filter((facts) => holds(cube, facts)).length;
    const best = allowed.reduce((a, b) => (held(b) > held(a) ? b : a));
    chosen.push(best);
    left = left.filter((facts) => !holds(best, facts));
  }
  return chosen;
}

function textOf({ yes, no }: Pick<Cube, 'yes' | 'no'>): string {
  const words = FACTS.flatMap(({ bit, word }) =>
    (yes & bit) !== 0 ? [word] : (no & bit) !== 0 ? [`not ${word}`] : [],
  );
  return words.length === 0 ? 'always' : words.join(' and ');
}

function holds({ yes, no }: Cube, facts: number): boolean {
  return (facts & yes) === yes && (facts & no) === 0;
}

/** In this order facts are preferred where several would do: what people think of first. */
const PREFERRED = ['idle', 'over', 'polling', 'deep', 'slow', 'rare'];

/** Every cube of six facts, the shortest first. */
const CUBES: readonly Cube[] = PREFERRED.map((word) => FACTS.find((fact) => fact.word === word)!)
  .reduce<Cube[]>(
    (cubes, { bit }) =>
      cubes.flatMap((cube) => [
        cube,
        { yes: cube.yes | bit, no: cube.no, literals: cube.literals + 1 },
        { yes: cube.yes, no: cube.no | bit, literals: cube.literals + 1 },
      ]),
    [{ yes: 0, no: 0, literals: 0 }],
  )
  .map((cube, place) => ({ cube, place }))
  .sort((a, b) => a.cube.literals - b.cube.literals || b.place - a.place)
  .map(({ cube }) => cube);
