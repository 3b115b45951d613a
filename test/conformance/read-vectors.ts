import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Counters } from '../../src/result/outcome.js';
import type { TraceEvent } from '../../src/kernel/simulate.js';

/**
 * The conformance vectors: scenarios with the event log and the counters that the rules of the
 * machine lead to under each policy. Named ones show a rule; `random/` reaches into the corners.
 */
export interface Vector {
  name: string;
  /** As written, in the core form: for the scenario parser. */
  scenario: Record<string, unknown>;
  /** By policy name, in the scenario's order; read anew each time: all at once fill the heap. */
  readonly expected: Record<string, Expectation>;
}

export interface Expectation {
  counters: Counters & Record<VectorLatency, VectorSummary>;
  events: TraceEvent[];
}

export type VectorLatency = 'isrWait' | 'dpcWait' | 'interruptToDpc';

export interface VectorSummary {
  count: number;
  min: number;
  max: number;
  sum: number;
}

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'vectors');

/** All of them, named ones first, by name. */
export function readVectors(): Vector[] {
  return [...readFolder(FOLDER), ...readFolder(join(FOLDER, 'random'))];
}

function readFolder(folder: string): Vector[] {
  const files = readdirSync(folder)
    .filter((file) => /\.json(\.gz)?$/.test(file))
    .sort();
  return files.map((file) => {
    const read = (): Omit<Vector, 'name'> => {
      const bytes = readFileSync(join(folder, file));
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
      return JSON.parse(text) as Omit<Vector, 'name'>;
    };
    return {
      name: file.replace(/\.json(\.gz)?$/, ''),
      scenario: read().scenario,
      get expected() {
        return read().expected;
      },
    };
  });
}
