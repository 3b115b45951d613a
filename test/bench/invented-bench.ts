import { buildDocument } from '../../bench/document.js';
import type { BenchDocument } from '../../bench/document.js';
import type { BenchCase } from '../../bench/bench-case.js';
import type { Measured } from '../../bench/measure.js';

/** A clock in ms that stands still until it is moved. */
export class MockClock {
  ms = 1_000;
  readonly now = (): number => this.ms;
}

/**
 * A case that takes the given times, one a run, and comes to the given results, the last for good.
 */
export function inventedCase(
  { subject, variant }: { subject: string; variant: string },
  clock: MockClock,
  times: number[],
  hashes = ['aaaaaaaaaaaa'],
  onRun: () => void = () => {},
): BenchCase {
  let runs = 0;
  return {
    subject,
    variant,
    resultKey: subject,
    unit: 'interrupts/s',
    prepare() {
      clock.ms += 500;
      const ms = times[runs % times.length];
      const hash = hashes[Math.min(runs, hashes.length - 1)];
      runs++;
      return {
        run() {
          onRun();
          clock.ms += ms;
        },
        finish(measuredMs) {
          clock.ms += 70;
          return { value: 1e6 / measuredMs, hash };
        },
      };
    },
  };
}

/** What was measured of a case, without measuring. */
export function measuredAs(
  subject: string,
  variant: string,
  values: number[],
  hashes: string[] = ['abcdef0123456789'],
  about: Partial<Pick<BenchCase, 'unit' | 'goal'>> = {},
): Measured {
  const benchCase: BenchCase = {
    subject,
    variant,
    resultKey: subject,
    unit: 'interrupts/s',
    ...about,
    prepare() {
      throw new Error('an invented case cannot be run');
    },
  };
  return { benchCase, values, hashes: new Set(hashes) };
}

export function inventedDocument(measured: readonly Measured[]): BenchDocument {
  return buildDocument(measured, {
    commit: '0123456789abcdef0123456789abcdef01234567',
    isModified: false,
    at: '2026-01-02T03:04:05.000Z',
    machine: { cpu: 'Invented CPU', processors: 2, memoryBytes: 8e9, system: 'Linux 6 x64' },
    versions: { dpcbench: '0.1.0', node: 'v20.19.0', gcc: '' },
    kernelHash: 'f'.repeat(64),
    settings: { rounds: 3, interrupts: 1_000, quick: false },
  });
}
