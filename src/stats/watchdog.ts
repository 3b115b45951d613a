import type { PolicyResult, ResultDocument, StoppedShards } from '../result/document.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';

/** Of bug check 0x133, as Windows names them. */
const ARGUMENTS = {
  routine: { number: 0, words: 'a single DPC or ISR exceeded its time allotment' },
  dispatch: {
    number: 1,
    words: 'the system cumulatively spent an extended period at IRQL DISPATCH_LEVEL or above',
  },
} as const;

/**
 * A sentence for each policy under which a watchdog stopped machines (R23), as the blue screen
 * would say it. Every other figure ends there, so an answer begins with them.
 */
export function stopSentences({ meta, results }: ResultDocument): string[] {
  return results.flatMap((result) => (result.stopped ? [sentence(result, meta.shards)] : []));
}

function sentence({ policy, stopped }: PolicyResult, shards: number): string {
  const { first, shards: count } = stopped!;
  const { number, words } = ARGUMENTS[first.kind];
  const where = `processor ${first.processor} at ${formatNs(first.atNs)}${culprit(first)}`;
  const which = shards === 1
    ? where
    : `${formatCount(count)} of ${formatCountOf(shards, 'shard')}, the first in shard ` +
      `${first.shard}: ${where}`;
  return `${policy}: DPC_WATCHDOG_VIOLATION (133), argument ${number}: ${words}. ` +
    `The machine stopped on ${which}.`;
}

function culprit({ dpc, isr }: StoppedShards['first']): string {
  if (dpc !== null) return ` in the DPC ${dpc}`;
  return isr === null ? '' : ` in the ISR of ${isr}`;
}
