import { formatCount } from '../units.js';
import type { TableModel } from './model.js';

/** Rows of a table in a report; the result of a large machine holds more. */
export const ROW_LIMIT = 100;

/** The first rows of a table, and a note on where the others stand. */
export function capRows<Row>(rows: Row[], place: string): { kept: Row[]; note: string } {
  if (rows.length <= ROW_LIMIT) return { kept: rows, note: '' };
  return {
    kept: rows.slice(0, ROW_LIMIT),
    note:
      `The first ${ROW_LIMIT} of ${formatCount(rows.length)} rows. ` +
      `The JSON result holds all of them, under ${place}.`,
  };
}

/** The table of what stood by when a report's figures were made. */
export function factTable(rows: readonly (readonly [what: string, value: string])[]): TableModel {
  return {
    caption: 'How these figures were made',
    columns: [
      { label: 'What', unit: 'text', values: rows.map(([label]) => label) },
      { label: 'Value', unit: 'text', values: rows.map(([, value]) => value) },
    ],
    note: '',
  };
}
