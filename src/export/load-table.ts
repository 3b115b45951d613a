import {
  differenceOf,
  type LoadCheck,
  MOST_DIFFERENCE,
  type TimePair,
} from '../stats/load-check.js';
import { formatCount } from '../units.js';
import { wrap } from './wrap.js';

const WIDTH = 80;
const COLUMN = 12;
/** Within so many standard deviations lie 95 % of what is normally distributed. */
const NORMAL_95 = 1.96;
/** So little chance leaves room for a verdict by the limit. */
const AIM = 0.01;
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
    ...wrap(verdictOf(processors, check.measuredNs), WIDTH),
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

function verdictOf(processors: LoadCheck['processors'], measuredNs: number): string {
  const all = processors
    .flatMap(({ dpc, isr }, i) => [
      { name: `DPCs of CPU ${i}`, pair: dpc },
      { name: `ISRs of CPU ${i}`, pair: isr },
    ])
    .flatMap(({ name, pair }) => {
      const difference = differenceOf(pair);
      return difference === null ? [] : [{ name, difference, chance: pair.chance }];
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  const limit = `${MOST_DIFFERENCE * 100} %`;
  const beyond = all.filter(({ difference }) => Math.abs(difference) > MOST_DIFFERENCE);
  if (beyond.length === 0) {
    return `All within ${limit}: the farthest is ${percent(all[0].difference)}, ${all[0].name}.`;
  }
  const named = beyond
    .slice(0, MOST_NAMED)
    .map(
      ({ name, difference, chance }) =>
        `${name} (${percent(difference)}; chance: ± ${(100 * NORMAL_95 * chance).toFixed(1)} %)`,
    )
    .join(', ');
  const more = beyond.length > MOST_NAMED ? ` and ${beyond.length - MOST_NAMED} more` : '';
  return `Beyond ${limit}: ${named}${more}. ${adviceOf(beyond, measuredNs)}`;
}

/** What is more than chance makes is the model's; the rest a longer run makes smaller. */
function adviceOf(
  beyond: readonly { difference: number; chance: number }[],
  measuredNs: number,
): string {
  const said = 'Chance is how far 95 % of such runs lie from their mean, as few routines ran. ';
  const most = Math.max(...beyond.map(({ chance }) => chance));
  const seconds = Math.ceil((measuredNs / 1e9) * ((NORMAL_95 * most) / AIM) ** 2);
  const isChance = beyond.some(({ chance }) => NORMAL_95 * chance > AIM);
  return isChance
    ? `${said}With ± ${100 * AIM} % it is in a run of ${formatCount(seconds)} s: run the ` +
        `scenario with --time ${seconds}s.`
    : `${said}More than that is the model's: it cannot carry this load as reported.`;
}

function percent(share: number): string {
  const text = (100 * share).toFixed(1);
  return `${text.startsWith('-') ? text : `+${text}`} %`;
}

function row(head: string, columns: readonly string[]): string {
  return head.padStart(5) + columns.map((text) => text.padStart(COLUMN)).join('');
}
