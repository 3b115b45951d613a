import { type FigureRow, ROW_COLUMNS } from './figure-row.js';
import { type Exported, figureRows } from './result-table.js';

/** What a spreadsheet would take for a formula (OWASP, "CSV injection"). */
const FORMULA = /^[=+\-@]/;

/** The figures as CSV (RFC 4180): a header, a line for each row, empty for what is not known. */
export function toCsv(exported: Exported): string {
  const lines = [ROW_COLUMNS.join(',')];
  for (const row of figureRows(exported)) lines.push(line(row));
  return `${lines.join('\r\n')}\r\n`;
}

function line(row: FigureRow): string {
  return ROW_COLUMNS.map((column) => csvField(row[column])).join(',');
}

/** A text that looks like a formula gets an apostrophe before it; numbers stay as they are. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
