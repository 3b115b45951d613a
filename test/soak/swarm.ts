import fc from 'fast-check';
import type { WrittenScenario } from '../conformance/random-scenario.js';

/**
 * Swarm testing (Groce and others, ISSTA 2012): each scenario lacks some features, chosen at
 * random. One that has all of them at once hardly ever gets into a corner where a few meet.
 */
interface Parts {
  machine: Record<string, unknown>;
  sources: Record<string, unknown>[];
  policies: unknown[];
  until: unknown;
}

type Feature = (parts: Parts) => Parts;

const machineWithout =
  (...keys: string[]): Feature =>
  (parts) => ({ ...parts, machine: without(parts.machine, keys) });

const devicesWith =
  (change: (device: Record<string, unknown>) => Record<string, unknown>): Feature =>
  (parts) => ({
    ...parts,
    sources: parts.sources.map((source) => ('timer' in source ? source : change(source))),
  });

const dpcsWith = (dpc: Record<string, unknown>): Feature =>
  devicesWith((device) =>
    device.dpc === undefined ? device : { ...device, dpc: { ...(device.dpc as object), ...dpc } },
  );

/** What switches each of them off. */
const FEATURES: Record<string, Feature> = {
  watchdog: machineWithout('watchdog'),
  background: machineWithout('background'),
  tickSkew: machineWithout('tickSkew'),
  dynamicTick: machineWithout('dynamicTick'),
  poll: machineWithout('poll'),
  costs: machineWithout('costs'),
  tunables: machineWithout('tunables'),
  moderation: devicesWith((device) => without(device, ['moderation'])),
  shortFifos: devicesWith((device) => ({ ...device, fifo: 1_024 })),
  threadedDpcs: dpcsWith({ threaded: false }),
  importances: dpcsWith({ importance: 'medium' }),
  remoteTargets: dpcsWith({ target: 'current' }),
  sharedObjects: dpcsWith({ objects: 'per-processor' }),
  budgets: dpcsWith({ budget: 0 }),
  timers: (parts) => {
    const sources = parts.sources.filter((source) => !('timer' in source));
    return sources.length === 0 ? parts : { ...parts, sources };
  },
  // Timers alone have no interrupts that a run could end by.
  manySources: (parts) => {
    const device = parts.sources.find((source) => !('timer' in source));
    return device === undefined ? parts : { ...parts, sources: [device] };
  },
  customPolicies: (parts) => ({ ...parts, policies: parts.policies.slice(0, 1) }),
};

function without(
  record: Record<string, unknown>,
  keys: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/** The scenarios with each feature switched off half of the time. */
export function swarm(scenarios: fc.Arbitrary<WrittenScenario>): fc.Arbitrary<WrittenScenario> {
  const off = fc.subarray(Object.keys(FEATURES));
  return fc.tuple(scenarios, off).map(([written, names]) => {
    let parts = written as unknown as Parts;
    for (const name of names) parts = FEATURES[name](parts);
    return parts as unknown as WrittenScenario;
  });
}
