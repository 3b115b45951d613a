import type { RoutineSpans, StampedEnd } from './routine-spans.js';
import type { LineKind } from './trace-event.js';

/** Reads a text of finished routines, line by line, into `spans`. */
export interface SpanReader {
  readonly spans: RoutineSpans;
  /** Which end of a routine the stamps are; null if that is not known of the format. */
  readonly stampedEnd: StampedEnd | null;
  /** The step of stamps, in ns. */
  readonly stepNs: number;
  /** Events that are not used, by name. */
  readonly skipped: Map<string, number>;
  readonly lostEvents: number;
  take(line: string, tooLong: boolean): LineKind;
  /** What the reader of the report must know, in sentences. */
  notes(): string[];
}

/** `ndis.sys!ndisInterruptDpc` of a module and a function, of which either may be missing. */
export function routineName(module: string, routine: string): string {
  const parts = [module, routine].filter(
    (part) => part !== '' && !/^(?:unknown|n\/a)$/i.test(part),
  );
  return parts.length === 0 ? 'unknown' : parts.join('!');
}

/** `1 row lacks`, `12 rows lack`. */
export function rowsThat(count: number, one: string, several: string): string {
  return count === 1 ? `1 row ${one}` : `${count} rows ${several}`;
}
