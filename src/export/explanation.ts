import type { ResultDocument } from '../result/document.js';
import type { ExplainedSituation, Explanation, SituationFigures } from '../stats/explain.js';
import { formatCount, formatCountOf, formatNs, plainText } from '../units.js';
import { describeSources } from './differences.js';
import { cutToWidth, padToWidth } from './text-width.js';
import { wrap } from './wrap.js';

const WIDTH = 80;
const NAME_WIDTH = 16;
const RULE_WIDTH = 19;
const COUNT_WIDTH = 9;
const TIME_WIDTH = 7;
/** Stands for a percentile of too few waits. */
const WITHHELD = '-';

/** The census of a result for a terminal of 80 columns: sentences, then a table a situation. */
export function formatExplanation(document: ResultDocument, explanation: Explanation): string {
  const { situations, sentences } = explanation;
  const differing = situations.filter(({ differs }) => differs);
  const equal = situations.filter(({ differs }) => !differs);
  const settled = document.meta.settling.sentence;
  const lines = [
    ...fold(document.scenario.name),
    ...fold(document.scenario.question),
    ...fold(sizeOf(document)),
    ...(settled === '' ? [] : ['', ...fold(settled)]),
    '',
    ...sentences.flatMap(fold),
    ...part('Where the policies decide differently', differing),
    ...part('Where they decide alike', equal),
    '',
    ...fold(
      'A DPC is counted in the situation that its target was in when it was queued (R10). ' +
        'Where fewer are asked for than queued, the target was draining or asked already; waits ' +
        'are those of the others.',
    ),
  ];
  const sources = describeSources(document.scenario.policies);
  return `${lines.join('\n')}\n\n${sources.join('')}`;
}

function sizeOf({ meta }: ResultDocument): string {
  return (
    `${formatCountOf(meta.processors, 'processor')}, ` +
    `${formatCount(meta.interrupts)} interrupts, all policies together, seed ${meta.seed}`
  );
}

function part(title: string, situations: readonly ExplainedSituation[]): string[] {
  if (situations.length === 0) return [];
  return [
    '',
    title,
    HEAD,
    ...situations.flatMap((situation) => [...fold(situation.words), ...situation.figures.map(row)]),
  ];
}

const HEAD = line({
  name: '',
  rule: 'asks?',
  counts: ['inserts', 'asked'],
  times: ['p50', 'p99', 'max'],
});

function row({ policy, asks, rule, inserts, local, ipis, wait }: SituationFigures): string {
  const time = (ns: number | null): string => (ns === null ? WITHHELD : formatNs(ns));
  return line({
    name: plainText(policy),
    rule: `${asks ? 'yes' : 'no'}: ${plainText(rule)}`,
    counts: [formatCount(inserts), formatCount(local + ipis)],
    times: [time(wait.p50Ns), time(wait.p99Ns), wait.count === 0 ? WITHHELD : time(wait.maxNs)],
  });
}

function line(cells: {
  name: string;
  rule: string;
  counts: readonly string[];
  times: readonly string[];
}): string {
  const fit = (text: string, width: number): string => padToWidth(cutToWidth(text, width), width);
  const right = (text: string, width: number): string => ` ${text.padStart(width)}`;
  return (
    `  ${fit(cells.name, NAME_WIDTH - 2)} ${fit(cells.rule, RULE_WIDTH)}` +
    cells.counts.map((text) => right(text, COUNT_WIDTH)).join('') +
    cells.times.map((text) => right(text, TIME_WIDTH)).join('')
  );
}

function fold(text: string): string[] {
  return text === '' ? [] : wrap(plainText(text, 1000), WIDTH);
}
