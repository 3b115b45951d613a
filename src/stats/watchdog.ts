import type { PolicyResult, ResultDocument, StoppedShards } from '../result/document.js';
import { formatCountOf, formatNs } from '../units.js';

/** The arguments of bug check 0x133, as Windows names them. */
const ARGUMENTS = {
  routine: 'argument 0: a single DPC or ISR exceeded its time allotment',
  dispatch:
    'argument 1: the system cumulatively spent an extended period at IRQL DISPATCH_LEVEL or above',
} as const;

/**
 * What the blue screen would say where a watchdog stopped machines of a policy (R23); null where it
 * stopped none. Every other figure ends there.
 */
export function stopText(
  { stopped }: PolicyResult,
  { meta }: Pick<ResultDocument, 'meta'>,
): string | null {
  if (stopped === undefined) return null;
  const { first, shards } = stopped;
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
