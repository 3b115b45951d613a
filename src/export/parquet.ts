import { type FigureRow, ROW_COLUMNS } from './figure-row.js';
import { type Exported, figureRows } from './result-table.js';

const NUMBERS: readonly string[] = ['value', 'low', 'high'] satisfies (keyof FigureRow)[];

/** The figures as an Apache Parquet file, columns as in `ROW_COLUMNS`; null for what is unknown. */
export async function toParquet(exported: Exported): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const rows = [...figureRows(exported)];
  const buffer = parquetWriteBuffer({
    columnData: ROW_COLUMNS.map((name) => {
      if (name === 'seed') {
        return { name, type: 'INT64', data: rows.map(({ seed }) => BigInt(seed)), nullable: false };
      }
      const isNumber = NUMBERS.includes(name);
      return {
        name,
        type: isNumber ? 'DOUBLE' : 'STRING',
        data: rows.map((row) => row[name]),
        nullable: isNumber,
      };
    }),
    createdBy: 'dpcbench',
  });
  return new Uint8Array(buffer);
}
