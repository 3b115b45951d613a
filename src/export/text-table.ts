import { cutToWidth, padToWidth, widthOf } from './text-width.js';

/** A column of a table for a terminal. A space stands before each but the first. */
export interface TextColumn {
  /** What it takes where there is room. */
  width: number;
  /** A text may be cut to so many columns. Left out for numbers: they are whole or not there. */
  least?: number;
  /** Where there is no room for all, those of the highest rank are left out first; 0 stays. */
  rank: number;
  /** A name stands at the left, a number at the right. */
  align?: 'left' | 'right';
}

/** Rows of cells in as many columns as a terminal has room for. */
export class TextTable {
  readonly kept: readonly { column: TextColumn; index: number; width: number }[];

  constructor(columns: readonly TextColumn[], width: number) {
    this.kept = fitted(columns, width);
  }

  has(index: number): boolean {
    return this.kept.some((each) => each.index === index);
  }

  /** A line; of each cell but a name nothing is cut. */
  row(cells: readonly string[]): string {
    return this.kept
      .map(({ column: { align = 'right', least }, index, width }) => {
        const text = least === undefined ? cells[index] : cutToWidth(cells[index], width);
        const missing = ' '.repeat(Math.max(0, width - widthOf(text)));
        return align === 'left' ? padToWidth(text, width) : missing + text;
      })
      .join(' ')
      .trimEnd();
  }
}

/** What is left has its width, or as much of it above the least as there is room for. */
function fitted(
  columns: readonly TextColumn[],
  width: number,
): { column: TextColumn; index: number; width: number }[] {
  let kept = columns.map((column, index) => ({
    column,
    index,
    width: column.least ?? column.width,
  }));
  const taken = (): number => kept.reduce((sum, each) => sum + each.width, kept.length - 1);
  const ranks = [...new Set(columns.map(({ rank }) => rank))].filter((rank) => rank > 0);
  for (const rank of ranks.sort((a, b) => b - a)) {
    if (taken() <= width) break;
    kept = kept.filter(({ column }) => column.rank < rank);
  }
  for (const each of kept) {
    const room = Math.max(0, width - taken());
    each.width += Math.min(room, each.column.width - each.width);
  }
  // Not even the names have room: the first of them gives way.
  const over = taken() - width;
  if (over > 0 && kept[0].column.least !== undefined)
    kept[0].width = Math.max(1, kept[0].width - over);
  return kept;
}

/** As wide as the widest of its cells. */
export function widest(rows: readonly (readonly string[])[], index: number, least = 0): number {
  return rows.reduce((most, cells) => Math.max(most, widthOf(cells[index])), least);
}
