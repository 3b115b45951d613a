import type { ResultDocument } from '../result/document.js';
import type { Step } from '../timeline/explain-event.js';
import type { Stage, WaitPart } from '../timeline/wait-causes.js';
import { fewCauses, type WorstWait } from '../timeline/worst-wait.js';
import { formatCount, formatCountOf, formatNs, formatNsExactly, plainText } from '../units.js';
import { hardBreak } from './text-width.js';
import { wrap } from './wrap.js';

const WIDTH = 80;
/** Narrower lines would hold a word each. */
const LEAST_WIDTH = 40;
const TIME_WIDTH = 11;
const RULE_WIDTH = 5;
const TEXT_COLUMN = TIME_WIDTH + 2 + RULE_WIDTH;
const STAGE_WIDTH = 21;
const LEAST_ACTIVITY = 16;
const MOST_PARTS = 6;

const STAGES: Record<Stage, string> = {
  unasked: 'nobody had asked',
  asked: 'asked, not yet able',
  draining: 'not yet its turn',
};

export interface WorstOptions {
  /** The source that was asked for; null for any. */
  source: string | null;
  /** Columns of the terminal, 80 at most; sentences are folded to them. */
  width?: number;
}

/** The longest waits of a run, each as a chain of causes, for a terminal of 80 columns. */
export function formatWorstWaits(
  document: ResultDocument,
  worst: readonly (WorstWait | null)[],
  { source, width: columns = WIDTH }: WorstOptions,
): string {
  const { meta, results, scenario } = document;
  const width = Math.min(WIDTH, Math.max(LEAST_WIDTH, columns));
  const lines = [
    ...fold(plainText(scenario.name), width),
    ...fold(
      `The longest wait of a DPC on its queue${source === null ? '' : ` of ${plainText(source)}`}` +
        `, under each policy; ${formatCountOf(meta.shards, 'shard')}, seed ${meta.seed}.`,
      width,
    ),
  ];
  worst.forEach((each, i) => {
    const name = plainText(results[i].policy);
    lines.push('', ...(each === null ? [`${name}: no DPC was taken.`] : tell(each, width)));
  });
  return `${lines.join('\n')}\n`;
}

function tell(worst: WorstWait, width: number): string[] {
  const { causes, dpc, parts, policy, shard, wait } = worst;
  const title =
    `${plainText(policy)}: ${formatNsExactly(worst.waitNs)}, ${plainText(dpc)} ` +
    `to processor ${wait.processor}`;
  return [
    ...fold(title, width),
    ...fold(
      `Shard ${shard}, ${formatNsExactly(wait.queuedNs)} after its start. Times count from there.`,
      width,
    ),
    '',
    ...fewCauses(causes).flatMap((each) => row(each, wait.queuedNs, width)),
    '',
    'Where the wait went:',
    ...partRows(parts, worst.waitNs, width),
    '',
    `Events of processor ${wait.processor} around it:`,
    ...worst.around.flatMap((each) => row(each, wait.queuedNs, width)),
  ];
}

function row(step: Step | number, zeroNs: number, width: number): string[] {
  if (typeof step === 'number') {
    return [`${' '.repeat(TEXT_COLUMN)}… ${formatCount(step)} more …`];
  }
  const time = formatOffset(step.t - zeroNs).padStart(TIME_WIDTH);
  const head = `${time}  ${step.rule.padEnd(RULE_WIDTH)}`;
  const [first, ...rest] = fold(plainText(step.text, 1000), width - TEXT_COLUMN);
  return [head + first, ...rest.map((line) => ' '.repeat(TEXT_COLUMN) + line)];
}

/** Before and after: to the nanosecond below a microsecond, else with three decimals. */
function formatOffset(ns: number): string {
  if (ns < 0) return `-${formatOffset(-ns)}`;
  if (ns < 1000) return `${ns} ns`;
  // What is nearer to a second than to 999.999 ms would print as 1000.000 ms.
  const [unit, per] = ns < 1e6 ? ['\u00b5s', 1e3] : ns < 999_999_500 ? ['ms', 1e6] : ['s', 1e9];
  return `${(ns / per).toFixed(3)} ${unit}`;
}

function partRows(parts: readonly WaitPart[], waitNs: number, width: number): string[] {
  const shown = parts.slice(0, MOST_PARTS);
  const restNs = parts.slice(MOST_PARTS).reduce((sum, { ns }) => sum + ns, 0);
  const rows = shown.flatMap(({ activity, ns, stage }) =>
    partRow([ns, waitNs], [STAGES[stage], plainText(activity)], width),
  );
  const more = parts.length - shown.length;
  if (more === 0) return rows;
  return [...rows, ...partRow([restNs, waitNs], ['', `${formatCount(more)} more`], width)];
}

/** The stage has a column of its own where that leaves room for what the processor did in it. */
function partRow(
  [ns, ofNs]: readonly [number, number],
  [stage, activity]: readonly [string, string],
  width: number,
): string[] {
  const share = `${((100 * ns) / Math.max(1, ofNs)).toFixed(1)} %`;
  const figures = `${formatNs(ns).padStart(TIME_WIDTH)}${share.padStart(9)}  `;
  const isWide = width - figures.length - STAGE_WIDTH >= LEAST_ACTIVITY;
  const head = isWide ? figures + stage.padEnd(STAGE_WIDTH) : figures;
  const text = isWide || stage === '' ? activity : `${stage}: ${activity}`;
  const [first, ...rest] = fold(text, width - head.length);
  return [head + first, ...rest.map((line) => ' '.repeat(head.length) + line)];
}

function fold(text: string, width: number): string[] {
  return wrap(text, width).flatMap((line) => hardBreak(line, width));
}
