import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { csvField } from './csv.js';

/** The points of a sweep as CSV (RFC 4180): a line for each, empty for what is not known. */
export function pointsCsv(sweep: SweepDocument): string {
  const { figures, parameters } = sweep;
  const columns = [
    'point',
    ...parameters.map(({ path }) => path),
    'policy',
    ...figures.flatMap(({ name, unit }) => {
      const column = unit === 'ns' ? `${name} ns` : name;
      return [column, `${column} low`, `${column} high`];
    }),
    ...['shards', 'interrupts', 'note', 'problem', 'report', 'command'],
  ];
  const lines = sweep.points.map((point) => fieldsOf(sweep, point));
  return [columns, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}

function fieldsOf(
  { figures, parameters }: SweepDocument,
  point: SweepPoint,
): (string | number | null)[] {
  const isRun = point.problem === '';
  return [
    point.number,
    ...parameters.map(({ numbers, values }, i) =>
      numbers === null ? values[point.choice[i]] : plain(values[point.choice[i]]),
    ),
    point.policy,
    ...figures.flatMap((_, i) => {
      const { value, low, high } = point.figures[i] ?? { value: null, low: null, high: null };
      return [value, low, high];
    }),
    isRun ? point.shards : null,
    isRun ? point.interrupts : null,
    point.note,
    point.problem,
    point.report,
    point.command,
  ];
}

/** `16` as the number that it is; `10us` as it is written. */
function plain(text: string): string | number {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** A JSON object a line; figures by name, each with the ends of its interval. */
export function pointsNdjson({ figures, parameters, points }: SweepDocument): string {
  return points
    .map((point) => {
      const { choice, figures: estimates, ...rest } = point;
      const settings = Object.fromEntries(
        parameters.map(({ path, values }, i) => [path, values[choice[i]]]),
      );
      const named = Object.fromEntries(estimates.map((estimate, i) => [figures[i].name, estimate]));
      return `${JSON.stringify({ ...rest, settings, figures: named })}\n`;
    })
    .join('');
}
