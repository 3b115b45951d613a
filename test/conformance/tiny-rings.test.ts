import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import { InputError } from '../../src/errors.js';
import { compileKernel, type CompiledKernel } from '../../src/kernel/compiled-kernel.js';
import * as simulator from '../../src/kernel/simulate.js';
import type { ShardOutcome } from '../../src/result/outcome.js';
import { reusedMemory } from '../simulate.js';
import { randomScenario } from './random-scenario.js';
import { requestsOf, simulateTwin } from './simulate-models.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 100);
const SEED = Number(process.env['DPCBENCH_RANDOM_SEED'] ?? 65_536);

/** Powers of 2, as the kernel's own: small machines fill them and go round them many times. */
const IPIS = 4;
const ARRIVALS = 4;
const REPLACED: Record<string, [found: string, instead: string][]> = {
  'assembly/shared/abi.ts': [
    ['MAX_IPIS_IN_FLIGHT: i32 = 65536', `MAX_IPIS_IN_FLIGHT: i32 = ${IPIS}`],
  ],
  'assembly/setup/setup-lines.ts': [['return 256;', `return ${ARRIVALS};`]],
};
const ROOT = join(import.meta.dirname, '../..');

/** What is used of asc, whose own types would declare `i64` and the like for all of the project. */
interface Compiler {
  main(
    command: string[],
    files: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: Uint8Array | string): void;
      listFiles(): string[];
    },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>;
}
const COMPILER = 'assemblyscript/asc';

let tiny: CompiledKernel;

/** The debug build with tiny rings: an IPI, or an arrival drawn ahead, soon lies where one lay. */
beforeAll(async () => {
  const { main } = (await import(COMPILER)) as Compiler;
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  let replaced = 0;
  // To make it fast would take longer than all machines that it simulates.
  const command = ['assembly/index.ts', '--target', 'debug', '--optimizeLevel', '0'];
  const { error, stderr } = await main(command, {
    readFile(name) {
      let text: string;
      try {
        text = readFileSync(join(ROOT, name), 'utf8');
      } catch {
        return null;
      }
      for (const [found, instead] of REPLACED[name] ?? []) {
        expect(text.split(found), `${found} in ${name}`).toHaveLength(2);
        text = text.replace(found, instead);
        replaced++;
      }
      return text;
    },
    writeFile(_name, contents) {
      if (typeof contents !== 'string') bytes = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === null) throw new Error(`asc: ${stderr.toString()}`);
  expect(replaced).toBe(2);
  tiny = compileKernel(bytes, '');
}, 120_000);

/** The outcome; null where more IPIs were under way than the ring holds. */
function simulateTiny(request: simulator.ShardRequest, lockstep: boolean): ShardOutcome | null {
  try {
    const spare = reusedMemory(request.scenario, `tiny ${lockstep}`);
    return simulator.simulateShard(request, { kernel: tiny, lockstep, chunkInterrupts: 7, spare });
  } catch (error) {
    if (error instanceof InputError) {
      expect(error.message).toContain('IPIs were under way at once');
      return null;
    }
    throw error;
  }
}

/** Sends an IPI every 100 ns. One that arrives when another is sent is still under way (R4). */
function salvo(count: number, flightNs: number): Record<string, unknown> {
  return {
    machine: {
      processors: 2,
      tick: '1s',
      background: [{ busy: '1s', idle: 1 }],
      costs: { interrupt: 0, ipiSend: 0, ipiFlight: flightNs },
    },
    sources: Array.from({ length: count }, (_, i) => ({
      name: `source${i}`,
      irql: 5,
      processor: 0,
      isr: 1,
      arrivals: { at: [10_000 + 100 * i] },
      dpc: { target: 1, importance: 'high', service: 10 },
    })),
    policies: [{ name: 'each', extends: 'pre-vista', suppress: false }],
    until: { time: 1_000_000 },
  };
}

describe('with rings of a few places', () => {
  it.each([false, true])('IPIs go round theirs, and more of them are refused (%s)', (lockstep) => {
    const [fits] = requestsOf(salvo(41, 100 * IPIS - 1), { seed: 1 });
    const outcome = simulateTiny(fits, lockstep);
    expect(outcome?.machine.counters.ipis).toBe(41);
    expect(fingerprint(outcome!)).toBe(fingerprint(simulateTwin(fits)));
    // One more than there are places, at the instant at which the first arrives.
    const [over] = requestsOf(salvo(IPIS + 1, 100 * IPIS), { seed: 1 });
    expect(simulateTiny(over, lockstep)).toBeNull();
  });

  it('random scenarios have the same results', { timeout: 600_000 }, () => {
    let compared = 0;
    let wrapped = 0;
    const scenarios = fc.oneof(
      randomScenario({ isDrawn: true }),
      randomScenario({ isDrawn: false, palette: 'grid' }),
    );
    fc.assert(
      fc.property(scenarios, fc.nat(), fc.boolean(), (written, seed, lockstep) => {
        for (const request of requestsOf(written, { seed })) {
          const outcome = simulateTiny(request, lockstep);
          if (outcome === null) continue;
          compared++;
          if (outcome.machine.counters.ipis > IPIS) wrapped++;
          expect(fingerprint(outcome)).toBe(fingerprint(simulateTwin(request)));
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(compared).toBeGreaterThan(RUNS);
    expect(wrapped).toBeGreaterThan(RUNS / 10);
  });
});
