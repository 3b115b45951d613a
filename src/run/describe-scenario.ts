import { canonicalJson } from '../scenario/canonical.js';
import type { RecordedArrivals, Scenario } from '../scenario/scenario.js';
import { DPC_GUIDELINE_NS, ISR_GUIDELINE_NS } from '../stats/guidelines.js';
import type { RecordingReference, SimulatedScenario } from '../result/scenario-shape.js';

/** SHA-256 of the parts as one, hexadecimal: Node and browsers have no common one. */
export type Sha256 = (parts: readonly Uint8Array[]) => string;

/**
 * The scenario as a result carries it: what is simulated and no more, every recording by origin,
 * length and hash.
 */
export function describeScenario(
  { focus: _, ...scenario }: Scenario,
  sha256: Sha256,
): SimulatedScenario {
  return {
    ...scenario,
    sources: scenario.sources.map((source) => {
      if (source.kind === 'timer') return source;
      const { arrivals } = source;
      if (arrivals.kind !== 'recording') return { ...source, arrivals };
      const recording = describeRecording(arrivals.recording, sha256);
      return { ...source, arrivals: { kind: 'recording' as const, recording } };
    }),
  };
}

/** SHA-256, hexadecimal, of the described scenario's canonical JSON. */
export function hashScenario(scenario: SimulatedScenario, sha256: Sha256): string {
  return sha256([new TextEncoder().encode(canonicalJson(scenario))]);
}

function describeRecording(recording: RecordedArrivals, sha256: Sha256): RecordingReference {
  const { origin, atNs, processor, isrNs, serviceNs } = recording;
  return {
    origin,
    hash: sha256([atNs, processor, isrNs, serviceNs].map(littleEndian)),
    arrivals: atNs.length,
    longIsrs: countOver(isrNs, ISR_GUIDELINE_NS),
    longServices: countOver(serviceNs, DPC_GUIDELINE_NS),
  };
}

function countOver(column: Uint32Array, limitNs: number): number {
  return column.reduce((count, ns) => count + (ns > limitNs ? 1 : 0), 0);
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function littleEndian(column: Float64Array | Uint16Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  if (IS_LITTLE_ENDIAN) return bytes;
  const copy = bytes.slice();
  const { BYTES_PER_ELEMENT: width } = column;
  for (let at = 0; at < copy.length; at += width) copy.subarray(at, at + width).reverse();
  return copy;
}
