import {
  differenceOf,
  type LoadCheck,
  MOST_DIFFERENCE,
  type TimePair,
} from '../stats/load-check.js';
import { wrap } from './wrap.js';

const WIDTH = 80;
const COLUMN = 12;
/** Processors named in the sentence below the table. */
const MOST_NAMED = 6;

/** Reported beside simulated DPC and ISR time by processor, in 80 columns, with a verdict. */
export function formatLoadCheck({ processors, ...check }: LoadCheck): string {
  const seconds = (ns: number): string => (ns / 1e9).toFixed(1);
  const said =
    `DPC and ISR time by processor in ms, reported in ${seconds(check.spanNs)} s and ` +
    `simulated (${check.policy}, seed ${check.seed}, ${seconds(check.measuredNs)} s, scaled):`;
  const heads = ['DPC: report', 'simulated', 'differs', 'ISR: report', 'simulated', 'differs'];
  return [
    ...wrap(said, WIDTH),
    '',
    row('CPU', heads),
    ...processors.map(({ dpc, isr }, i) => row(String(i), [...cells(dpc), ...cells(isr)])),
    '',
    ...wrap(verdictOf(processors), WIDTH),
    '',
  ].join('\n');
}

function cells(pair: TimePair): string[] {
  const difference = differenceOf(pair);
  return [
    (pair.reportedNs / 1e6).toFixed(3),
    (pair.simulatedNs / 1e6).toFixed(3),
    difference === null ? '-' : percent(difference),
  ];
}

function verdictOf(processors: LoadCheck['processors']): string {
  const all = processors
    .flatMap(({ dpc, isr }, i) => [
      { name: `DPCs of CPU ${i}`, pair: dpc },
      { name: `ISRs of CPU ${i}`, pair: isr },
    ])
    .flatMap(({ name, pair }) => {
      const difference = differenceOf(pair);
      return difference === null ? [] : [{ name, difference }];
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  const limit = `${MOST_DIFFERENCE * 100} %`;
  const beyond = all.filter(({ difference }) => Math.abs(difference) > MOST_DIFFERENCE);
  if (beyond.length === 0) {
    return `All within ${limit}: the farthest is ${percent(all[0].difference)}, ${all[0].name}.`;
  }
  const named = beyond
    .slice(0, MOST_NAMED)
    .map(({ name, difference }) => `${name} (${percent(difference)})`)
    .join(', ');
  const more = beyond.length > MOST_NAMED ? ` and ${beyond.length - MOST_NAMED} more` : '';
  return (
    `Beyond ${limit}: ${named}${more}. Where few routines were reported this is chance: ` +
    'simulate longer.'
  );
}

function percent(share: number): string {
  const text = (100 * share).toFixed(1);
  return `${text.startsWith('-') ? text : `+${text}`} %`;
}

function row(head: string, columns: readonly string[]): string {
  return head.padStart(5) + columns.map((text) => text.padStart(COLUMN)).join('');
}
