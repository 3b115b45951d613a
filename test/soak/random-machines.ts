import fc from 'fast-check';
import { type PaletteName } from '../conformance/time-palettes.js';
import { randomScenario, type WrittenScenario } from '../conformance/random-scenario.js';
import { swarm } from './swarm.js';

/** A scenario on which something went wrong, as small as it could be made. */
export interface SmallFailure {
  written: WrittenScenario;
  /** The seed of its random streams. */
  seed: number;
  what: string;
}

const KINDS: readonly { isDrawn: boolean; palette: PaletteName }[] = [
  { isDrawn: false, palette: 'corners' },
  { isDrawn: true, palette: 'corners' },
  { isDrawn: false, palette: 'crowded' },
  { isDrawn: false, palette: 'grid' },
  { isDrawn: true, palette: 'grid' },
];

/**
 * Looks for a scenario of which `judge` has something to say, or which it does not survive, among
 * `count` random ones; a function of the seed. What is found is shrunk.
 */
export function tryRandomMachines(
  judge: (written: WrittenScenario, seed: number) => string,
  { count, seed }: { count: number; seed: number },
): SmallFailure | null {
  const scenarios = fc.oneof(...KINDS.map((kind) => swarm(randomScenario(kind))));
  const failure = (written: WrittenScenario, streams: number): string => {
    try {
      return judge(written, streams);
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  };
  const { counterexample } = fc.check(
    fc.property(scenarios, fc.nat(), (written, streams) => failure(written, streams) === ''),
    { numRuns: count, seed },
  );
  if (counterexample === null) return null;
  const [written, streams] = counterexample;
  return { written, seed: streams, what: failure(written, streams) };
}
