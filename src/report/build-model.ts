import type { ResultDocument } from '../result/document.js';
import type { PrecisionReached } from '../result/meta-shape.js';
import { farLongestNs } from '../stats/far-longest.js';
import { distrust } from '../stats/verdict.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';
import type { LongestWait } from '../timeline/worst-wait.js';
import { ASKED_TILES } from './answer-tiles.js';
import { decisionMatrix } from './decision-matrix.js';
import { executionOf } from './execution-figures.js';
import { capitalised, formatShare, threeDigits } from './format.js';
import { frontOf } from './front-chart.js';
import { headlineOf } from './headline.js';
import { latencyFigure } from './latency-figures.js';
import { REPORT_SCHEMA } from './model.js';
import type { LongestModel, ReportModel, SectionModel, TableModel } from './model.js';
import { overTimeOf } from './over-time-figures.js';
import { processorsOf, timeOf } from './processor-figures.js';
import { reasonsOf } from './reasons.js';
import { markPolicies } from './rich-text.js';
import { rulesOf } from './rule-matrix.js';
import { scenarioText } from './scenario-text.js';
import { sourcesOf } from './source-list.js';
import { processorTable, requestsTable, sourceTables, summaryTable } from './summary-tables.js';
import { factTable } from './table.js';
import { tilesOf } from './tiles.js';

/** States of a run whose machine had not forgotten its start, or drifted to the end. */
const UNSETTLED = new Set(['too-short', 'drifting']);
/** A sentence in the largest type, in characters. */
const LONGEST_HEADLINE = 150;

/**
 * What a report on these results shows, one section each, in their order. `waits`: the longest ones
 * of each document, by policy, where they were looked for.
 */
export function buildReportModel(
  documents: readonly ResultDocument[],
  waits: readonly (LongestWait[] | null)[] = [],
): ReportModel {
  const sections = documents.map((each, i) => buildSection(each, `s${i + 1}`, waits[i] ?? null));
  return { schema: REPORT_SCHEMA, sections };
}

function buildSection(
  document: ResultDocument,
  id: string,
  waits: LongestWait[] | null,
): SectionModel {
  const { scenario, results } = document;
  const policies = results.map((result) => result.policy);
  const asked = askedOf(document);
  const answer = (isOfSeveral(document) ? asked : asked.flatMap(inLines)).map((sentence) =>
    markPolicies(sentence, policies),
  );
  // Several sources have the machine in common: its sentence leads.
  const isWhole = answer.length > 0 && !isOfSeveral(document);
  const others = policies.slice(1).map((_, i) => i + 1);
  return {
    id,
    name: scenario.name,
    question: scenario.question,
    circumstances: circumstancesOf(document),
    policies,
    headline: isWhole ? answer[0] : headlineOf(document),
    answer: isWhole ? answer.slice(1) : answer.slice(0, isInTiles(document) ? 0 : undefined),
    warnings: document.warnings.map(({ sentence }) => sentence),
    tiles:
      others.length === 0
        ? [tilesOf(document, null)]
        : others.map((other) => tilesOf(document, other)),
    front: frontOf(document),
    reasons: others.map((other) => reasonsOf(document, other)),
    decisions: decisionMatrix(document),
    sources: sourcesOf(document),
    overTime: overTimeOf(document, id),
    time: timeOf(document),
    execution: executionOf(document),
    processors: processorsOf(document, id),
    figures: [latencyFigure(document, id)],
    longest: longestOf(document, waits),
    summary: summaryTable(document),
    details: [requestsTable(document), ...sourceTables(document), processorTable(document)],
    rules: rulesOf(document),
    doubts: doubtsOf(document).map((sentence) => markPolicies(sentence, policies)),
    scenarioText: scenarioText(scenario),
    meta: metaTable(document),
  };
}

/** Without a look at the machine, a command is worth a line where there is something to tell. */
function longestOf(document: ResultDocument, waits: LongestWait[] | null): LongestModel | null {
  const command = document.meta.host.worstCommand;
  if (waits !== null) return { waits, command };
  const longestNs = farLongestNs(document);
  if (longestNs === null || command === null) return null;
  return { waits, text: `Why one DPC waited ${formatNs(longestNs)}, step by step:`, command };
}

/** The answer to the scenario's own question; none where it names no focus. */
function askedOf({ answer }: ResultDocument): readonly string[] {
  return answer === null || answer.isGuess ? [] : answer.sentences;
}

function isOfSeveral({ answer }: ResultDocument): boolean {
  return answer !== null && answer.focus.against.length === 0 && answer.sentences.length > 1;
}

/** The figures of a source or two stand in the tiles. */
function isInTiles({ answer }: ResultDocument): boolean {
  return answer !== null && answer.focus.sources.length <= ASKED_TILES;
}

/** A long sentence is cut where it turns to its next figure. */
function inLines(sentence: string, i: number): string[] {
  const [head, ...rest] = sentence.split('; ');
  if (i > 0 || sentence.length <= LONGEST_HEADLINE || rest.length === 0) return [sentence];
  const tail = rest.join('; ');
  return [`${head}.`, capitalised(tail)];
}

function circumstancesOf({ meta, results }: ResultDocument): string {
  const each = Math.max(...results.map(({ counters }) => counters.arrivals));
  return [
    formatCountOf(meta.processors, 'processor'),
    `${formatCount(each)} interrupts a policy`,
    `${formatNs(meta.durationNs)} simulated`,
    `seed ${meta.seed}`,
    ...(results.some(({ intervals }) => intervals !== null) ? ['95 % intervals'] : []),
    ...(UNSETTLED.has(meta.settling.state) ? ['not settled: see what to distrust'] : []),
  ].join(' · ');
}

/** What a careful reader would ask before passing the answer on. */
function doubtsOf(document: ResultDocument): string[] {
  const { meta, results } = document;
  const hasIntervals = results.some(({ intervals }) => intervals !== null);
  const isSaid = meta.settling.sentence !== '';
  return [
    ...(isSaid ? [meta.settling.sentence] : []),
    ...(hasIntervals || isSaid
      ? []
      : [
          `No intervals: ${formatCountOf(meta.shards, 'shard')}
${meta.shards === 1 ? 'says' : 'say'} too little about chance.`,
        ]),
    ...distrust(document),
    'Every figure is that of a model of Windows: it holds for the rules, costs and loads that ' +
      'stand below.',
  ];
}

function metaTable({ meta, schema }: ResultDocument): TableModel {
  const { versions, host } = meta;
  const rows: [string, string][] = [
    ['dpcbench', versions.dpcbench],
    ['Rules of the machine', `version ${versions.rules}`],
    ['Kernel', `ABI ${versions.abi}, SHA-256 ${meta.kernelHash}`],
    ['Scenario', `SHA-256 ${meta.scenarioHash}`],
    ['Result schema', schema],
    ['Seed', String(meta.seed)],
    ['Shards', formatCount(meta.shards)],
    ['Warm-up cut from each shard', warmupText(meta)],
    ['Settled', settledText(meta)],
    ['Precision asked for', precisionText(meta.precision)],
    ['Processors', formatCount(meta.processors)],
    ['Simulated time of one policy', formatNs(meta.durationNs)],
    ['Simulated interrupts', `${formatCount(meta.interrupts)} (all policies together)`],
    ['Command line', host.commandLine.map(quoteArgument).join(' ')],
    ['Host', `${host.platform}, Node.js ${host.node}, ${formatCount(host.workers)} workers`],
    ['Wall clock', `${threeDigits(host.wallSeconds)} s`],
    [
      'Rate',
      `${formatCount(Math.round(host.interruptsPerSecond))} simulated interrupts per second`,
    ],
  ];
  return factTable(rows);
}

function warmupText({ warmup }: ResultDocument['meta']): string {
  if (warmup.ns === 0) return 'none';
  if (warmup.kind === 'settle') return `${formatNs(warmup.ns)}, for ${warmup.method}`;
  const method = warmup.method === '' ? '' : `, found by ${warmup.method}`;
  const doubt = warmup.found ? '' : '; the pilot was too short to be sure';
  return `${formatNs(warmup.ns)}${method}${doubt}`;
}

function settledText({ settling }: ResultDocument['meta']): string {
  const by = `${formatNs(settling.ns)} for ${settling.slowest}`;
  if (settling.state === 'settled') return `yes, after ${by}`;
  return settling.state === 'from-start' ? `not asked; needs ${by}` : `no; needs ${by}`;
}

function precisionText(precision: PrecisionReached | null): string {
  if (precision === null) return 'none';
  const { figure, target, reached } = precision;
  const known = reached === null ? 'unknown' : formatShare(reached);
  return `${figure} to plus or minus ${formatShare(target)}; reached: ${known}`;
}

function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
