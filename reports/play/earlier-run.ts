import type { LiveColumn } from '../../src/play/live-column.js';
import type { LiveMachine } from './live-machine.js';
import type { Edit } from './scenario-edits.js';

/** What the charts keep of a run that was changed: its streams were those of the new one. */
export interface EarlierRun {
  /** By policy. */
  columns: LiveColumn[][];
  /** How far it had come. */
  atNs: number;
  /** What was changed: "nic: arrivals, before 20,000/s". */
  words: string;
}

/** What the charts keep when an edit changes a run, `known` being what they kept before. */
export function earlierRun(
  { goesOn, words }: Edit,
  known: EarlierRun | null,
  { atNs, machines }: { atNs: number; machines: readonly LiveMachine[] },
): EarlierRun | null {
  const columns = machines.map((machine) => machine.columns);
  // A change before the last one has drawn anything: what was there stays.
  const isNothing = columns.every((each) => each.length === 0);
  const stays = isNothing || (goesOn && known !== null);
  return stays ? known : { columns, atNs, words };
}
