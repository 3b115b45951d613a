import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { canonicalJson } from '../scenario/canonical.js';
import type { RecordedArrivals, Scenario } from '../scenario/scenario.js';
import { DPC_GUIDELINE_NS, ISR_GUIDELINE_NS } from '../stats/guidelines.js';
import type { RecordingReference, SimulatedScenario } from '../result/scenario-shape.js';

/**
 * The scenario as a result carries it: what is simulated and no more, every recording by origin,
 * length and hash.
 */
export function describeScenario({ focus: _, ...scenario }: Scenario): SimulatedScenario {
  return {
    ...scenario,
    sources: scenario.sources.map((source) => {
      if (source.kind === 'timer') return source;
      const { arrivals } = source;
      if (arrivals.kind !== 'recording') return { ...source, arrivals };
      const recording = describeRecording(arrivals.recording);
      return { ...source, arrivals: { kind: 'recording' as const, recording } };
    }),
  };
}

/** SHA-256, hexadecimal, of the described scenario's canonical JSON. */
export function hashScenario(scenario: SimulatedScenario): string {
  return createHash('sha256').update(canonicalJson(scenario)).digest('hex');
}

function describeRecording(recording: RecordedArrivals): RecordingReference {
  const { origin, atNs, processor, isrNs, serviceNs } = recording;
  const hash = createHash('sha256');
  for (const column of [atNs, processor, isrNs, serviceNs]) hash.update(littleEndian(column));
  return {
    origin,
    hash: hash.digest('hex'),
    arrivals: atNs.length,
    longIsrs: countOver(isrNs, ISR_GUIDELINE_NS),
    longServices: countOver(serviceNs, DPC_GUIDELINE_NS),
  };
}

function countOver(column: Uint32Array, limitNs: number): number {
  return column.reduce((count, ns) => count + (ns > limitNs ? 1 : 0), 0);
}

function littleEndian(column: Float64Array | Uint16Array | Uint32Array): Buffer {
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  if (endianness() === 'LE') return bytes;
  const copy = Buffer.from(bytes);
  if (column.BYTES_PER_ELEMENT === 2) return copy.swap16();
  return column.BYTES_PER_ELEMENT === 4 ? copy.swap32() : copy.swap64();
}
