import { formatCell } from './format.js';
import { escapeHtml, nameHtml } from './html.js';
import type { ColumnModel, TableModel } from './model.js';

/** A table that scrolls inside its own container, which the keyboard can reach. */
export function renderTable(table: TableModel): string {
  const rowCount = table.columns[0].values.length;
  const head = table.columns
    .map(
      (column) =>
        `<th scope="col"${isText(column) ? '' : ' class="n"'}>${nameHtml(column.label)}</th>`,
    )
    .join('');
  const rows = Array.from(
    { length: rowCount },
    (_, row) => `<tr>${table.columns.map((column, i) => cell(column, row, i === 0)).join('')}</tr>`,
  );
  const note = table.note === '' ? '' : `<p class="note">${escapeHtml(table.note)}</p>`;
  const label = escapeHtml(table.caption);
  return (
    `<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table>` +
    `<caption>${nameHtml(table.caption)}</caption>` +
    `<thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>${note}\n`
  );
}

function cell(column: ColumnModel, row: number, isHead: boolean): string {
  const value = column.values[row];
  const text = formatCell(value, column.unit);
  const html = column.unit === 'name' ? nameHtml(text) : escapeHtml(text);
  if (isHead) return `<th scope="row"${isText(column) ? '' : ' class="n"'}>${html}</th>`;
  if (isText(column)) return `<td>${html}</td>`;
  return `<td class="n${value === null ? ' few' : ''}">${html}</td>`;
}

function isText(column: ColumnModel): boolean {
  return column.unit === 'name' || column.unit === 'text';
}
