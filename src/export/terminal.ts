import picocolors from 'picocolors';
import type { ResultDocument } from '../result/document.js';
import type { PrecisionReached, Warmup } from '../result/meta-shape.js';
import { farLongestNs } from '../stats/far-longest.js';
import { distrust, lead, machineWide } from '../stats/verdict.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { breakdownLines, type Breakdown } from './breakdown.js';
import { percentText } from './cells.js';
import { PolicyTable } from './policy-table.js';
import { cutToWidth, hardBreak, widthOf } from './text-width.js';
import { wrap } from './wrap.js';

/** The answer is never wider than this on any terminal; a command alone may be. */
const WIDTH = 80;

export interface TerminalOptions {
  colours: boolean;
  /** Columns of the terminal; tables leave out what has no room. */
  width?: number;
  /** What the figures are broken down by, every row of it; left out, the worst sources. */
  by?: Breakdown;
}

/**
 * The answer for a terminal: the sentence about what the scenario asks, a row for each policy, each
 * policy's ratio to the first, the sources that it makes a difference to, and what to distrust.
 * Warnings come before all figures.
 */
export function formatTerminal(document: ResultDocument, options: TerminalOptions): string {
  const { colours, width = WIDTH, by } = options;
  const fold: Fold = (text) => foldTo(text, width);
  const doubts = distrust(document);
  const wide = machineWide(document);
  const lines: Line[] = [
    ...heading(document, fold),
    '',
    ...document.warnings.flatMap(({ sentence }) => [
      ...styled('yellow', fold(`Warning: ${sentence}`)),
      '',
    ]),
    ...lead(document).flatMap((sentence) => styled('bold', fold(sentence))),
    '',
    ...policyLines(document, width, fold),
    ...(wide === '' ? [] : ['', ...fold(wide)]),
    ...breakdownLines(document, { by, width }).flatMap((line, i) =>
      i === 0 ? ['', ...styled('dim', [line])] : [line],
    ),
    ...(doubts.length === 0 ? [] : ['', ...styled('dim', ['what to distrust'])]),
    ...doubts.flatMap(fold),
    ...nextStep(document, width).flatMap((line) => styled('dim', [line])),
  ];
  return `${lines.map((line) => paint(line, picocolors.createColors(colours))).join('\n')}\n`;
}

type Fold = (text: string) => string[];
type Style = 'bold' | 'dim' | 'yellow';
type Line = string | { text: string; style: Style };

function styled(style: Style, lines: readonly string[]): Line[] {
  return lines.map((text) => ({ text, style }));
}

/** The one place where colours are put on, and so the last at which text must be harmless. */
function paint(line: Line, colours: ReturnType<typeof picocolors.createColors>): string {
  return typeof line === 'string' ? visibleLine(line) : colours[line.style](visibleLine(line.text));
}

function heading(document: ResultDocument, fold: Fold): Line[] {
  const { meta, scenario } = document;
  const perPolicy = meta.interrupts / Math.max(1, document.results.length);
  const facts = [
    formatCountOf(meta.processors, 'processor'),
    `${formatCount(Math.round(perPolicy))} interrupts a policy`,
    `${formatNs(meta.durationNs)} simulated`,
    `seed ${meta.seed}`,
    ...(meta.warmup.ns === 0 ? [] : [warmupFact(meta.warmup)]),
  ];
  return [
    ...styled('bold', fold(scenario.name)),
    ...(scenario.question === '' ? [] : fold(scenario.question)),
    ...styled('dim', fold(facts.join(', '))),
    ...(meta.settling.sentence === '' ? [] : styled('yellow', fold(meta.settling.sentence))),
  ];
}

/** A pilot too short to find the end of the warm-up is no reason for trust. */
function warmupFact({ ns, kind, found }: Warmup): string {
  const how = kind !== 'auto' ? '' : found ? ' (found by a pilot)' : ' (pilot too short)';
  return `warm-up ${formatNs(ns)} a shard left out${how}`;
}

function policyLines({ meta, results }: ResultDocument, width: number, fold: Fold): Line[] {
  const table = new PolicyTable(width);
  const lines: Line[] = [
    ...styled('dim', table.heads()),
    ...results.map((result) => table.figures(result)),
  ];
  if (results.some(({ intervals }) => intervals !== null)) {
    const over = `95 % intervals over ${formatCountOf(meta.shards, 'shard')}`;
    const head = `${over}: plus or minus (-: no interval)`;
    const known = precisionText(meta.precision);
    lines.push('', ...styled('dim', fold(head)));
    lines.push(...results.map((result) => table.precision(result)));
    if (known !== '') lines.push(...fold(known));
  }
  const [first, ...others] = results;
  if (others.length > 0) {
    const name = cutToWidth(visibleLine(first.policy), 60);
    lines.push('', ...styled('dim', fold(`relative to ${name}`)));
    lines.push(...others.map((other) => table.changes(other, first)));
  }
  return lines;
}

/** Where one wait is far longer than nearly all others, how to see why. */
function nextStep(document: ResultDocument, width: number): string[] {
  const worst = document.meta.host.worstCommand;
  const longestNs = worst === null ? null : farLongestNs(document);
  if (longestNs === null) return [];
  const [why, command] = [`Why one DPC waited ${formatNs(longestNs)}:`, visibleLine(worst!)];
  // A command that is broken over lines cannot be copied: the terminal may break it.
  const isOneLine = widthOf(why) + 1 + widthOf(command) <= width;
  return isOneLine ? ['', `${why} ${command}`] : ['', why, command];
}

function precisionText(precision: PrecisionReached | null): string {
  if (precision === null) return '';
  const { figure, target, reached } = precision;
  const known = reached === null ? 'is unknown' : `is known to ${percentText(reached)}`;
  return `${figure} ${known}, asked for: ${percentText(target)}`;
}

function foldTo(text: string, width: number): string[] {
  return wrap(visibleLine(text), width).flatMap((line) => hardBreak(line, width));
}
