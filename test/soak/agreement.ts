import { fingerprint } from '../../bench/fingerprint.js';
import type { ShardRequest } from '../../src/kernel/shard.js';
import {
  KERNELS,
  nameOf,
  requestsOf,
  simulateTwin,
  traceKernel,
} from '../conformance/simulate-models.js';
import { simulateShard } from '../simulate.js';
import type { WrittenScenario } from '../conformance/random-scenario.js';

/**
 * In what the model, both builds and both engines differ on a scenario, in words; "" where they
 * agree to the last event and figure.
 */
export function disagreement(written: WrittenScenario, seed: number): string {
  for (const request of requestsOf(written, { seed })) {
    const said = disagreementOf(request);
    if (said !== '') return `under ${request.scenario.policies[request.policyIndex].name}: ${said}`;
  }
  return '';
}

function disagreementOf(request: ShardRequest): string {
  const expected: string[] = [];
  const twin = fingerprint(simulateTwin(request, (event) => expected.push(JSON.stringify(event))));
  const { events, outcome } = traceKernel(request);
  const seen = events.map((event) => JSON.stringify(event));
  const first = expected.findIndex((event, i) => event !== seen[i]);
  if (first >= 0 || seen.length !== expected.length) {
    const at = first >= 0 ? first : Math.min(seen.length, expected.length);
    return `event ${at} is ${seen[at] ?? 'none'}, and ${expected[at] ?? 'none'} of the model`;
  }
  if (fingerprint(outcome) !== twin) return "the figures of the traced kernel are not the model's";
  for (const options of KERNELS) {
    if (fingerprint(simulateShard(request, options)) !== twin) {
      return `the figures of ${nameOf(options)} are not the model's`;
    }
  }
  return '';
}
