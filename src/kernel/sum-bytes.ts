import { InputError, inputError } from '../errors.js';
import { packedProblem } from '../result/check-packed.js';
import { countedNames, COUNTER_NAMES } from '../result/outcome.js';
import type { PackedHistograms } from '../result/histogram-packer.js';
import { LATENCY_NAMES } from '../result/figures.js';
import type { ShardLine } from '../result/shard-line.js';
import { ascend, writtenSum, type WrittenSum } from '../result/sum-shape.js';
import { problemsError } from '../scenario/problems.js';
import { focusedNames } from '../scenario/focus.js';
import { Scope, Spot } from '../scenario/shape.js';
import type { Scenario } from '../scenario/scenario.js';
import { TIMES, type PolicySumState } from './policy-sum.js';

/** What of a scenario says how large its sums are. */
export type SummedScenario = Pick<Scenario, 'policies' | 'focus'> & {
  machine: Pick<Scenario['machine'], 'processors' | 'watchdog'>;
  sources: Parameters<typeof countedNames>[0]['sources'];
};

const LENGTH_BYTES = 4;

/**
 * A sum as bytes for a file or another host: a length of 32 bits, lowest byte first, so much JSON
 * (`sum-shape.ts`), and the bytes of its packed histograms.
 */
export function encodeSum(state: PolicySumState): Uint8Array {
  const { counted: _, latencies, processors: __, sources: ___, ...rest } = state;
  const written = {
    ...rest,
    latencies: latencies.map(({ bytes, ...columns }) => ({ length: bytes.length, ...columns })),
  };
  const json = new TextEncoder().encode(JSON.stringify(written, plain));
  const total = latencies.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const all = new Uint8Array(LENGTH_BYTES + json.length + total);
  new DataView(all.buffer).setUint32(0, json.length, true);
  all.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + json.length;
  for (const { bytes } of latencies) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}

/**
 * The sum that `bytes` hold, of a run of this scenario. `from` says in errors where they are from.
 *
 * @throws InputError for bytes that are none, or a sum of another machine.
 */
export function decodeSum(
  bytes: Uint8Array,
  scenario: SummedScenario,
  from: string,
): PolicySumState {
  const { behind, written } = readWritten(bytes, from);
  const latencies: PackedHistograms[] = [];
  let at = 0;
  for (const { length, ...columns } of written.latencies) {
    latencies.push({
      // A copy: a Buffer's slice would hold all of it.
      bytes: new Uint8Array(behind.subarray(at, at + length)),
      starts: Float64Array.from(columns.starts),
      count: Float64Array.from(columns.count),
      sumNs: columns.sumNs,
      minNs: Float64Array.from(columns.minNs),
      maxNs: Float64Array.from(columns.maxNs),
    });
    at += length;
  }
  const state: PolicySumState = {
    ...written,
    latencies,
    sources: scenario.sources.length,
    processors: scenario.machine.processors,
    counted: countedNames(scenario),
  };
  const problem = at === behind.length ? contradiction(state, scenario) : 'it has other bytes';
  if (problem === '') return state;
  throw inputError(`${from}: this is no sum of shards of the scenario: ${problem}`);
}

function readWritten(bytes: Uint8Array, from: string): { written: WrittenSum; behind: Uint8Array } {
  const length =
    bytes.length < LENGTH_BYTES
      ? Infinity
      : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - LENGTH_BYTES) throw inputError(`${from}: this is no sum of shards`);
  const scope = new Scope();
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length),
    );
    const written = writtenSum.read(JSON.parse(text), new Spot(scope));
    if (written !== undefined && scope.problems.length === 0) {
      return { written, behind: bytes.subarray(LENGTH_BYTES + length) };
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw inputError(`${from}: this is no sum of shards`);
  }
  throw problemsError(scope.problems, from, () => null, 3);
}

/** What in a sum does not fit to its scenario or to the rest of it, or "". */
function contradiction(state: PolicySumState, scenario: SummedScenario): string {
  const { processors, sources } = state;
  const scopes = 1 + sources + processors;
  const lengths: [string, number, number][] = [
    ['counters', state.counters.length, scopes * COUNTER_NAMES.length],
    ['executions', state.executions.length, scopes],
    ['times', state.times.length, processors * TIMES.length],
    ['depthAreaNs', state.depthAreaNs.length, processors],
    ['depthMaximum', state.depthMaximum.length, processors],
  ];
  const wrong = lengths.find(([, length, wanted]) => length !== wanted);
  if (wrong !== undefined) return `${wrong[0]} are ${wrong[1]} instead of ${wrong[2]}`;
  if (state.policyIndex >= scenario.policies.length) return 'it is of no policy';
  if (!ascend((state.census ?? []).map(({ cell }) => cell))) return 'its cells do not ascend';
  const names = focusedNames(scenario.focus);
  if (state.lines.some((line) => !isOfScenario(line, state, names))) {
    return 'a line is of another machine';
  }
  if (new Set(state.lines.map(({ shardIndex }) => shardIndex)).size < state.lines.length) {
    return 'a shard is in it twice';
  }
  for (const packed of state.latencies) {
    const problem = packedProblem(packed, scopes * LATENCY_NAMES.length);
    if (problem !== '') return `of its histograms, ${problem}`;
  }
  return '';
}

function isOfScenario(
  { counters, endNs, focused, processors, sources, startNs }: ShardLine,
  state: PolicySumState,
  names: readonly string[],
): boolean {
  const hasScopes = sources.length > 0 || processors.length > 0;
  const isWhole = sources.length === state.sources && processors.length === state.processors;
  const scopes = [{ counters }, ...sources, ...processors, ...Object.values(focused)];
  const isFocused = (name: string): boolean => Object.hasOwn(focused, name);
  return (
    endNs >= startNs &&
    (isWhole || !hasScopes) &&
    names.every(isFocused) &&
    scopes.every((scope) => state.counted.every((name) => scope.counters[name] !== undefined))
  );
}
