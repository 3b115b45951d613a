import type { TraceEvent } from '../kernel/simulate.js';
import { visibleJson } from '../visible-text.js';

/** Events as NDJSON: one object a line, keys in the order of section 10 of docs/semantics.md. */
export function toNdjson(events: readonly TraceEvent[]): string {
  let text = '';
  for (const event of events) text += `${JSON.stringify(event)}\n`;
  return visibleJson(text);
}
