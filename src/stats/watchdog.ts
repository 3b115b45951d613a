import type { PolicyResult, ResultDocument, StoppedShards } from '../result/document.js';
import type { SimulatedScenario } from '../result/scenario-shape.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';

/** The arguments of bug check 0x133, as Windows names them. */
const ARGUMENTS = {
  routine: 'argument 0: a single DPC or ISR exceeded its time allotment',
  dispatch:
    'argument 1: the system cumulatively spent an extended period at IRQL DISPATCH_LEVEL or above',
} as const;

/**
 * What the blue screen would say where a watchdog stopped machines of a policy (R23). Every other
 * figure ends there.
 */
export function stopText(
  { first, shards }: StoppedShards,
  { meta }: Pick<ResultDocument, 'meta'>,
): string {
  const which =
    meta.shards === 1
      ? 'the machine stopped'
      : `${shards} of ${formatCountOf(meta.shards, 'shard')} stopped, the first (${first.shard})`;
  return (
    `DPC_WATCHDOG_VIOLATION (133), ${ARGUMENTS[first.kind]}: ${which} at ` +
    `${formatNs(first.atNs)} on processor ${first.processor}${culprit(first)}.`
  );
}

function culprit({ dpc, isr }: StoppedShards['first']): string {
  if (dpc !== null) return `, in the DPC ${dpc}`;
  return isr === null ? '' : `, in the ISR of ${isr}`;
}

/** Timeouts that were counted and stopped nothing; null where there were none. */
export function timeoutText({ counters, stopped }: PolicyResult): string | null {
  const { routineTimeouts, dispatchTimeouts } = counters;
  const kinds = [
    ...(routineTimeouts ? [`${timeouts(routineTimeouts)} of a single DPC or ISR`] : []),
    ...(dispatchTimeouts ? [`${timeouts(dispatchTimeouts)} of the time at DISPATCH`] : []),
  ];
  if (kinds.length === 0 || stopped !== undefined) return null;
  return (
    `${kinds.join(' and ')}: with these limits Windows would have stopped there, with ` +
    'DPC_WATCHDOG_VIOLATION (133).'
  );
}

function timeouts(count: number): string {
  return formatCountOf(count, 'timeout');
}

/**
 * Whom the watchdogs point at, policy by policy: processors, how often, and the driver where what
 * was measured leaves only one. Empty where nothing timed out.
 */
export function timeoutSentences(document: ResultDocument): string[] {
  const { watchdog } = document.scenario.machine;
  if (watchdog === undefined) return [];
  return document.results.flatMap((result) => [
    ...routineSentences(result, document, watchdog.routineNs),
    ...dispatchSentences(result, document, watchdog.dispatchNs),
  ]);
}

function routineSentences(
  { policy, processors, sources }: PolicyResult,
  { scenario }: ResultDocument,
  limitNs: number,
): string[] {
  return processors.flatMap(({ counters: { routineTimeouts }, index }) => {
    if (!routineTimeouts) return [];
    const longest = sources.flatMap(({ execution, name }, i) => {
      const { dpc, isr } = processorsOf(scenario.sources[i], scenario.machine.processors);
      const of = (kind: 'isr' | 'dpc'): number => execution?.[kind].maxNs ?? 0;
      return [
        ...(dpc.includes(index) ? [{ name, routine: 'DPC', ns: of('dpc') }] : []),
        ...(isr.includes(index) ? [{ name, routine: 'ISR', ns: of('isr') }] : []),
      ].filter(({ ns }) => ns > limitNs);
    });
    const often = `the limit of a single DPC or ISR (${formatNs(limitNs)})`;
    const where = `${timesText(routineTimeouts)} on processor ${index}`;
    const [one] = longest;
    if (longest.length !== 1) return [`Under ${policy}, ${often} is reached ${where}.`];
    return [
      `Under ${policy}, ${one.name} reaches ${often} ${where}: its longest ${one.routine} ran ` +
        `${formatNs(one.ns)}.`,
    ];
  });
}

function dispatchSentences(
  { policy, processors, sources }: PolicyResult,
  { scenario }: ResultDocument,
  limitNs: number,
): string[] {
  return processors.flatMap(({ counters: { dispatchTimeouts }, index, timeSplit }) => {
    if (!dispatchTimeouts) return [];
    const timeNs = Object.values(timeSplit).reduce((sum, ns) => sum + (ns ?? 0), 0);
    const busiest = sources
      .map(({ execution, name }, i) => {
        const places = processorsOf(scenario.sources[i], scenario.machine.processors);
        const of = (kind: 'isr' | 'dpc'): number =>
          places[kind].every((place) => place === index) ? (execution?.[kind].totalNs ?? 0) : 0;
        return { name, share: (of('isr') + of('dpc')) / timeNs };
      })
      .reduce((most, one) => (one.share > most.share ? one : most));
    const often = `the limit of the time at DISPATCH (${formatNs(limitNs)})`;
    const where = `${timesText(dispatchTimeouts)} on processor ${index}`;
    if (!(busiest.share > 0.5)) return [`Under ${policy}, ${often} is reached ${where}.`];
    return [
      `Under ${policy}, ${busiest.name} takes ${(busiest.share * 100).toFixed(0)} % of processor ` +
        `${index} for its ISRs and DPCs, and ${often} is reached ${timesText(dispatchTimeouts)}.`,
    ];
  });
}

/** Where the ISRs and the DPCs of a source can run. */
function processorsOf(
  source: SimulatedScenario['sources'][number],
  count: number,
): { isr: readonly number[]; dpc: readonly number[] } {
  const all = Array.from({ length: count }, (_, i) => i);
  if (source.kind === 'timer') return { isr: [], dpc: [source.processor] };
  const isr = source.arrivals.kind === 'recording' ? all : source.processors;
  const target = source.dpc?.target;
  const dpc = target === undefined ? [] : target === 'current' ? isr : all;
  return { isr, dpc: typeof target === 'number' ? [target] : dpc };
}

function timesText(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${formatCount(count)} times`;
}
