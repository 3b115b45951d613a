import type { IpiHandler } from './stream-table.js';
import { MAX_RECORDED_PROCESSORS } from './recording.js';
import { CALL_FUNCTION, OTHER_HANDLERS_FROM, RESCHEDULE } from './trace-event.js';

/** Handlers of ARM that answer neither kind of request; all of them share one number. */
const OTHER_ARM_HANDLER = OTHER_HANDLERS_FROM - 1;

/** The handler that a request of x86 asks for; `detail` is the text of `ipi_send_cpu`. */
export function requestedHandler(detail: string): IpiHandler {
  return /callback=0x0\b/.test(detail) ? 'reschedule' : 'call';
}

/**
 * The number of the handler that ARM's text names: `(Rescheduling interrupts)`,
 * `target_mask=00000000,00000002 (Function call interrupts)`.
 */
export function armHandler(detail: string): number {
  if (detail.includes('(Rescheduling')) return RESCHEDULE;
  return detail.includes('(Function call') ? CALL_FUNCTION : OTHER_ARM_HANDLER;
}

/** What x86 calls the handler: `irq_work` for `(IRQ work interrupts)`. */
export function armHandlerName(detail: string): string {
  const handler = armHandler(detail);
  if (handler === RESCHEDULE) return 'reschedule';
  if (handler === CALL_FUNCTION) return 'call_function';
  const words = /\(([A-Za-z ]{1,40}?)(?: interrupts)?\)/.exec(detail)?.[1] ?? 'ipi';
  return words.toLowerCase().replaceAll(' ', '_');
}

/** The processors of `cpumask=0-1,3`; none if the text is not such a list. */
export function readCpuList(detail: string): number[] {
  const text = /cpumask=([0-9,-]{1,4000})/.exec(detail)?.[1] ?? '';
  const listed = new Set<number>();
  for (const part of text.split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (range === null) return [];
    const last = Number(range[2] ?? range[1]);
    if (last >= MAX_RECORDED_PROCESSORS) return [];
    for (let i = Number(range[1]); i <= last; i++) listed.add(i);
  }
  return [...listed];
}

/**
 * The processors of `target_mask=00000001,00000002`, 32 of them a word in hexadecimal digits, the
 * highest first; none if the text is no such mask or names a processor over the limit.
 */
export function readCpuMask(detail: string): number[] {
  const text = /target_mask=([0-9a-f,]{1,600})/.exec(detail)?.[1] ?? '';
  const digits = [...text.replaceAll(',', '')].reverse();
  const set = digits.flatMap((digit, i) => {
    const bits = Number.parseInt(digit, 16);
    return [0, 1, 2, 3].filter((bit) => (bits >> bit) & 1).map((bit) => 4 * i + bit);
  });
  return set.every((processor) => processor < MAX_RECORDED_PROCESSORS) ? set : [];
}
