import type { Policy } from '../policy/policy.js';
import type { Focus } from './focus.js';
import type { DeviceSource, DpcRoutine, Scenario } from './scenario.js';

/** More sources than this are no focus: the machine speaks for them. */
const MOST_SOURCES = 4;
/** A machine with more sources and processors is told as a whole. */
const MOST_SCOPES = 64;

const TARGETS = ['current', 'other'] as const;
type Dpc = DpcRoutine & { targets: readonly (typeof TARGETS)[number][] };

/** The whole machine: IPIs, and how long DPCs wait. */
export const MACHINE_FOCUS: Focus = {
  sources: [],
  against: [],
  latencies: ['dpcWait'],
  statistic: 'p99Ns',
  counters: ['ipis'],
};

/**
 * What a scenario that does not say is most likely about, before anything is simulated: the sources
 * whose DPCs one of the policies treats differently from the first one, or the whole machine where
 * there are none or too many.
 */
export function guessFocus(scenario: Scenario): Focus {
  const { machine, policies, sources } = scenario;
  const [first, ...others] = policies;
  const devices = sources.flatMap((source) =>
    source.kind === 'device' && source.dpc !== null
      ? [{ name: source.name, dpc: dpcOf(source) }]
      : [],
  );
  const ordinary = devices.filter(({ dpc }) => !dpc.threaded || machine.threadedDpcs === false);
  const asked = ordinary.filter(({ dpc }) => others.some((other) => asksElse(first, other, dpc)));
  const touched =
    asked.length > 0 ? asked : others.some((one) => drainsElse(first, one)) ? devices : [];
  const isSmall = sources.length + machine.processors <= MOST_SCOPES;
  const chosen = touched.length <= MOST_SOURCES && isSmall ? touched : [];
  const isRemote = touched.some(({ dpc }) => dpc.targets.includes('other'));
  return {
    ...MACHINE_FOCUS,
    sources: chosen.map(({ name }) => name),
    counters: touched.length > 0 && !isRemote ? ['localRequests'] : ['ipis'],
  };
}

function dpcOf({ arrivals, dpc, processors }: DeviceSource): Dpc {
  const { target } = dpc!;
  if (target === 'current') return { ...dpc!, targets: ['current'] };
  const isAnywhere = target === 'round-robin' || arrivals.kind === 'recording';
  const isLocal = processors.every((processor) => processor === target);
  return { ...dpc!, targets: isAnywhere ? TARGETS : isLocal ? ['current'] : ['other'] };
}

/** Asks for an interrupt in other situations (R10), or puts it elsewhere in the queue (R9). */
function asksElse(first: Policy, other: Policy, { importance, targets }: Dpc): boolean {
  return (
    first.insert[importance] !== other.insert[importance] ||
    targets.some((target) => first[target][importance].table !== other[target][importance].table)
  );
}

/** Differs in a setting that concerns every DPC. */
function drainsElse(first: Policy, other: Policy): boolean {
  return (
    first.suppress !== other.suppress ||
    first.tickRescue !== other.tickRescue ||
    first.adaptive !== other.adaptive ||
    first.depth !== other.depth ||
    first.drainLimit !== other.drainLimit ||
    first.drainTimeNs !== other.drainTimeNs
  );
}
