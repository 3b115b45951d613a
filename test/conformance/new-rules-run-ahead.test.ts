import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import type { Kernel } from '../../src/kernel/compiled-kernel.js';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { fingerprint } from '../../bench/fingerprint.js';
import { simulateShard } from '../simulate.js';

/** Four processors with remote DPCs at rates at which they meet often. */
function scenarioWith(source: object, dpc: object, machine: object = {}): Scenario {
  return resolveScenario({
    machine: {
      processors: 4,
      tick: '100us',
      background: { busy: '50us', idle: '20us' },
      ...machine,
    },
    sources: [0, 1, 2, 3].map((processor) => ({
      name: `s${processor}`,
      irql: 5,
      processor,
      isr: '1us',
      arrivals: { poisson: '30000/s' },
      ...source,
      dpc: { importance: 'high', target: (processor + 1) % 4, service: '4us', ...dpc },
    })),
    policies: ['vista'],
    until: { time: '100ms' },
  });
}

function isAhead(scenario: Scenario): boolean {
  const kernels: Kernel[] = [];
  const watch = (kernel: Kernel): Kernel => (kernels.push(kernel), kernel);
  const series = new ShardSeries(scenario, 0, { kernel: shippedKernel('release'), watch });
  const request = {
    scenario,
    policyIndex: 0,
    seed: 4,
    shardIndex: 0,
    warmupNs: 0,
    untilTimeNs: 100_000_000,
    untilInterrupts: null,
  };
  series.simulate(request);
  const print = fingerprint(series.finish().outcome());
  expect(print).toBe(fingerprint(simulateShard(request, { lockstep: true })));
  return kernels.every((kernel) => kernel.isInStep() === 0);
}

describe('processors run ahead', () => {
  it.each([
    { rule: 'threaded DPCs', source: {}, dpc: { threaded: true }, machine: {} },
    { rule: 'moderation by time', source: { moderation: { time: '40us' } }, dpc: {}, machine: {} },
    { rule: 'moderation by count', source: { moderation: { count: 3 } }, dpc: {}, machine: {} },
    {
      rule: 'moderation by both',
      source: { moderation: { time: '60us', count: 2 } },
      dpc: {},
      machine: {},
    },
    {
      rule: 'watchdogs that count',
      source: {},
      dpc: { threaded: true },
      machine: { watchdog: { routine: '100us', dispatch: '100us' } },
    },
  ])('with $rule, to the same result', ({ source, dpc, machine }) => {
    expect(isAhead(scenarioWith(source, dpc, machine))).toBe(true);
  });

  it('in step where a timeout stops the machine: it stops all of them', () => {
    const watchdog = { routine: '100us', action: 'stop' };
    expect(isAhead(scenarioWith({}, {}, { watchdog }))).toBe(false);
  });
});
