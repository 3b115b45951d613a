import { Bench } from 'tinybench';
import { caseName } from './bench-case.js';
import type { BenchCase, RunFigure, TimedRun } from './bench-case.js';

export interface Measured {
  benchCase: BenchCase;
  /** One a round, in the unit of the case. */
  values: number[];
  /** Every hash that the case came to, the warm-up's too; more than one is a defect. */
  hashes: Set<string>;
}

export interface MeasureOptions {
  rounds: number;
  /**
   * Rounds before those: compilers warm up, caches fill. Their results count, their times do not.
   */
  warmupRounds?: number;
  /** Called before each run; warm-up rounds are negative. */
  onRun?: (round: number, benchCase: BenchCase) => void;
  /** A clock in ms, for tests. */
  now?: () => number;
}

/**
 * Measures every case once, then every case once more, and so on: A B C A B C. What disturbs the
 * machine for a while then disturbs neighbours alike, and ratios within a round hold.
 *
 * tinybench times all iterations of a task in a row, A A A B B B. Hence a `Bench` of one task and
 * one iteration for each run, of which tinybench takes the time; the rounds are put together here.
 */
export async function measureRounds(
  cases: readonly BenchCase[],
  { rounds, warmupRounds = 1, onRun, now }: MeasureOptions,
): Promise<Measured[]> {
  const measured: Measured[] = cases.map((benchCase) => ({
    benchCase,
    values: [],
    hashes: new Set(),
  }));
  for (let round = -warmupRounds; round < rounds; round++) {
    for (const { benchCase, values, hashes } of measured) {
      onRun?.(round, benchCase);
      const { value, hash } = await timeOnce(benchCase, now);
      if (round >= 0) values.push(value);
      hashes.add(hash);
    }
  }
  return measured;
}

async function timeOnce(benchCase: BenchCase, now?: () => number): Promise<RunFigure> {
  const options = { iterations: 1, time: 0, warmup: false, throws: true };
  const bench = new Bench(now === undefined ? options : { ...options, now });
  let timed: TimedRun;
  const run = async (): Promise<{ overriddenDuration?: number }> => {
    const ownMs = await timed.run();
    return typeof ownMs === 'number' ? { overriddenDuration: ownMs } : {};
  };
  bench.add(caseName(benchCase), run, {
    async: true,
    // No garbage is collected here: V8 would throw compiled code away with it, to the twin's loss.
    beforeEach: async () => {
      timed = await benchCase.prepare();
    },
  });
  const [{ result }] = await bench.run();
  if (result.state !== 'completed') throw new Error(`${caseName(benchCase)}: ${result.state}`);
  return timed!.finish(result.latency.mean);
}
