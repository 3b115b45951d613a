import type { AnswerFigure } from '../result/answer-shape.js';
import type { ResultDocument } from '../result/document.js';
import type { FocusStatistic } from '../scenario/focus.js';
import { STATISTIC_WORDS } from '../stats/answer-sentences.js';
import { changeOf } from './change-words.js';
import { capitalised } from './format.js';
import type { TileModel } from './model.js';
import { spans } from './spans.js';
import { formatCount } from '../units.js';
import { LATENCY_NAMES } from '../result/figures.js';
import { SHORT_LABELS } from './latency-figures.js';

/** So many figures of the question stand before those of the machine. */
export const ASKED_TILES = 2;

/** Beyond any logarithm of a ratio. */
const FAR = 100;

/**
 * What the scenario's own question names, under the first policy and another one, or of two sources
 * under the other one; a figure of each source before a second one. None where it names nothing.
 */
export function answerTiles(
  { answer, results }: ResultDocument,
  other: number | null,
): TileModel[] {
  if (answer === null || answer.isGuess || answer.focus.sources.length === 0) return [];
  const shown = results[other ?? 0].policy;
  const figures = answer.figures.filter(({ to }) => to.policy === shown);
  const ranked = [...figures].sort((a, b) => rankOf(b) - rankOf(a));
  const isFirstOfIts = (one: AnswerFigure): boolean =>
    ranked.find(({ to }) => to.source === one.to.source) === one;
  return [...ranked.filter(isFirstOfIts), ...ranked.filter((one) => !isFirstOfIts(one))]
    .slice(0, ASKED_TILES)
    .map((one) => tileOf(one, results));
}

/** Latencies before counts, of each what changes most first; what does not differ comes last. */
function rankOf({ comparison, figure }: AnswerFigure): number {
  const { ratio, verdict } = comparison;
  if (verdict === 'same' || verdict === 'indistinguishable') return -1;
  const size = ratio === null ? FAR : Math.min(FAR, Math.abs(Math.log(ratio)));
  return size + (figure.includes('.') ? FAR : 0);
}

function tileOf(
  { figure, from, to, comparison }: AnswerFigure,
  results: ResultDocument['results'],
): TileModel {
  const [name, statistic] = figure.split('.');
  const latency = LATENCY_NAMES.find((each) => each === name);
  const isPair = from.source !== to.source;
  const sides = [from, to].map(({ policy, value }) => ({
    policy: isPair ? null : results.findIndex((result) => result.policy === policy),
    ns: value,
  }));
  const words =
    latency === undefined
      ? wordsOf(name)
      : `${STATISTIC_WORDS[statistic as FocusStatistic]} ${SHORT_LABELS[latency]}`;
  return {
    // Between two policies the colours say which is which; a pair of sources is of one.
    label: isPair
      ? `${words} under ${to.policy}: ${from.source ?? 'the machine'} against`
      : `${words}:`,
    subject: to.source ?? 'the machine',
    values:
      latency === undefined
        ? sides.map(({ policy, ns }) => ({ policy, text: formatCount(ns) }))
        : spans(sides),
    detail: changeOf(comparison, latency === undefined ? 'as many' : 'as long').text,
  };
}

/** `localRequests` as `local requests`. */
function wordsOf(counter: string): string {
  if (counter === 'ipis') return 'IPIs';
  if (/^(dpcs|isrs)$/.test(counter)) return counter.slice(0, -1).toUpperCase() + 's';
  return capitalised(counter.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}
