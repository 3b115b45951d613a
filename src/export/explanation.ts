import type { ResultDocument } from '../result/document.js';
import type { ExplainedSituation, Explanation, SituationFigures } from '../stats/explain.js';
import { formatCount, formatCountOf, formatNs, plainText } from '../units.js';
import { describeSources } from './differences.js';
import { type TextColumn, TextTable } from './text-table.js';
import { wrap } from './wrap.js';

const WIDTH = 80;
/** Stands for a percentile of too few waits. */
const WITHHELD = '-';

/** The census of a result for a terminal: sentences, then a table a situation. */
export function formatExplanation(
  document: ResultDocument,
  explanation: Explanation,
  columns = WIDTH,
): string {
  const width = Math.min(WIDTH, columns);
  const table = new TextTable(COLUMNS, width);
  const fold: Fold = (text) => foldTo(text, width);
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
    ...part('Where the policies decide differently', differing, table, fold),
    ...part('Where they decide alike', equal, table, fold),
    '',
    ...fold(
      'A DPC is counted in the situation that its target was in when it was queued (R10). ' +
        'Where fewer are asked for than queued, the target was draining or asked already; waits ' +
        'are those of the others.',
    ),
  ];
  const sources = describeSources(document.scenario.policies, width);
  return `${lines.join('\n')}\n\n${sources.join('')}`;
}

function sizeOf({ meta }: ResultDocument): string {
  return (
    `${formatCountOf(meta.processors, 'processor')}, ` +
    `${formatCount(meta.interrupts)} interrupts, all policies together, seed ${meta.seed}`
  );
}

const COLUMNS: readonly TextColumn[] = [
  { width: 16, least: 12, rank: 0, align: 'left' },
  { width: 19, least: 10, rank: 0, align: 'left' },
  { width: 9, rank: 0 },
  { width: 9, rank: 1 },
  { width: 7, rank: 2 },
  { width: 7, rank: 0 },
  { width: 7, rank: 3 },
];
const HEADS = ['', 'asks?', 'inserts', 'asked', 'p50', 'p99', 'max'];

function part(
  title: string,
  situations: readonly ExplainedSituation[],
  table: TextTable,
  fold: Fold,
): string[] {
  if (situations.length === 0) return [];
  const rows = situations.flatMap(({ figures, words }) => [
    ...fold(words),
    ...figures.map((one) => table.row(cells(one))),
  ]);
  return ['', title, table.row(HEADS), ...rows];
}

function cells({ policy, asks, rule, inserts, local, ipis, wait }: SituationFigures): string[] {
  const time = (ns: number | null): string => (ns === null ? WITHHELD : formatNs(ns));
  return [
    `  ${plainText(policy)}`,
    `${asks ? 'yes' : 'no'}: ${plainText(rule)}`,
    formatCount(inserts),
    formatCount(local + ipis),
    time(wait.p50Ns),
    time(wait.p99Ns),
    wait.count === 0 ? WITHHELD : time(wait.maxNs),
  ];
}

type Fold = (text: string) => string[];

function foldTo(text: string, width: number): string[] {
  return text === '' ? [] : wrap(plainText(text, 1000), width);
}
