import type { Answer, AnswerFigure } from '../result/answer-shape.js';
import type { FigureComparison } from '../result/comparison-shape.js';
import { countOf } from '../result/figures.js';
import type { Focus, FocusCounter } from '../scenario/focus.js';
import { MACHINE_FOCUS } from '../scenario/guess-focus.js';
import { answerSentences, type LoneFigure, sayAlone } from './answer-sentences.js';
import { compareFigures, type ShardedResult } from './compare-policies.js';
import type { Figure } from './figure-path.js';

/** One policy's figures of the machine, and of each source that the focus names. */
export interface FocusedResult {
  machine: ShardedResult;
  sources: ReadonlyMap<string, ShardedResult>;
}

/** What no source counts: the machine's is told instead. */
const OF_MACHINE: readonly FocusCounter[] = [
  'drains',
  'rescues',
  'routineTimeouts',
  'dispatchTimeouts',
];

/** Two results of which the same figures are compared; null names the machine. */
interface Pair {
  from: { result: ShardedResult; source: string | null };
  to: { result: ShardedResult; source: string | null };
}

/**
 * The answer to a scenario's question: each figure that its focus names, under the first policy and
 * under each other one, or of two sources under each policy. Intervals are over pairs of shards.
 */
export function answerOf(
  { focus: asked, isGuess }: { focus: Focus; isGuess: boolean },
  policies: readonly FocusedResult[],
  hasIntervals: boolean,
): Answer {
  const focus = isGuess && lacksSamples(asked, policies) ? MACHINE_FOCUS : asked;
  const figures: AnswerFigure[] = [];
  const add = (figure: Figure, pair: Pair | null): void => {
    if (pair === null || hasFigure(figures, figure, pair)) return;
    figures.push(...compare(figure, pair, hasIntervals));
  };
  for (const pair of pairsOf(focus, policies)) {
    for (const latency of focus.latencies) {
      add({ kind: 'latency', latency, statistic: focus.statistic }, pair);
    }
    for (const name of focus.counters) {
      const isOfMachine = OF_MACHINE.includes(name);
      add({ kind: 'perThousand', name }, isOfMachine ? ofMachines(pair, policies) : pair);
    }
  }
  const isAlone = policies.length === 1 && focus.against.length === 0;
  const sentences = isAlone
    ? aloneSentences(focus, policies[0], hasIntervals)
    : answerSentences(focus, figures);
  return { focus, isGuess, figures, sentences };
}

/** Nobody asked for these sources, and they have too few samples for their figure. */
function lacksSamples(
  { latencies, statistic }: Focus,
  policies: readonly FocusedResult[],
): boolean {
  return policies.some(({ sources }) =>
    [...sources.values()].some(({ result }) =>
      latencies.some((name) => result.latency[name][statistic] === null),
    ),
  );
}

/** With a single policy and no other sources there is nothing to compare. */
function aloneSentences(focus: Focus, of: FocusedResult, hasIntervals: boolean): string[] {
  const subjects = focus.sources.length === 0 ? [null] : focus.sources;
  return subjects.flatMap((source) => {
    const { figures, result } = source === null ? of.machine : of.sources.get(source)!;
    const latencies = focus.latencies.flatMap((name): LoneFigure[] => {
      const figure = { kind: 'latency', latency: name, statistic: focus.statistic } as const;
      const value = result.latency[name].count === 0 ? null : result.latency[name][focus.statistic];
      if (value === null) return [];
      const intervals = hasIntervals ? figures.intervals(result.latency, figure) : null;
      const interval = intervals?.latency[name][focus.statistic] ?? null;
      return [{ figure: nameOf(figure), value, interval }];
    });
    const counters = focus.counters.flatMap((name): LoneFigure[] => {
      const { counters } = OF_MACHINE.includes(name) ? of.machine.result : result;
      const value = countOf(counters, name);
      return value === null ? [] : [{ figure: name, value, interval: null }];
    });
    const told = [...latencies, ...counters];
    return told.length === 0 ? [] : [sayAlone(result.policy, source, told)];
  });
}

/** Source by source, and of each the policies in their order. */
function pairsOf({ against, sources }: Focus, policies: readonly FocusedResult[]): Pair[] {
  const [first, ...others] = policies;
  const subjects = sources.length === 0 ? [null] : sources;
  const sideOf = (of: FocusedResult, source: string | null): Pair['from'] => ({
    result: source === null ? of.machine : of.sources.get(source)!,
    source,
  });
  if (against.length === 0) {
    return subjects.flatMap((source) =>
      others.map((other) => ({ from: sideOf(first, source), to: sideOf(other, source) })),
    );
  }
  return sources.flatMap((source, i) =>
    policies.map((policy) => ({ from: sideOf(policy, against[i]), to: sideOf(policy, source) })),
  );
}

/** Two sources of one machine share its counters: there is nothing to compare. */
function ofMachines({ from, to }: Pair, policies: readonly FocusedResult[]): Pair | null {
  const machineOf = ({ result }: Pair['from']): Pair['from'] => ({
    result: policies.find(({ machine }) => machine.result.policy === result.result.policy)!.machine,
    source: null,
  });
  const sides = { from: machineOf(from), to: machineOf(to) };
  return sides.from.result === sides.to.result ? null : sides;
}

function compare(figure: Figure, { from, to }: Pair, hasIntervals: boolean): AnswerFigure[] {
  const all = compareFigures(from.result, to.result, hasIntervals, figure);
  const comparison: FigureComparison | null =
    figure.kind === 'latency'
      ? all.latency[figure.latency][figure.statistic as 'p99Ns']
      : (all.perThousand[figure.name as 'ipis'] ?? null);
  if (comparison === null) return [];
  const sideOf = ({ result, source }: Pair['from'], value: number): AnswerFigure['from'] => ({
    policy: result.result.policy,
    source,
    value:
      figure.kind === 'latency'
        ? value
        : (countOf(result.result.counters, figure.name as FocusCounter) ?? 0),
  });
  return [
    {
      figure: nameOf(figure),
      from: sideOf(from, comparison.first),
      to: sideOf(to, comparison.other),
      comparison,
    },
  ];
}

function nameOf(figure: Figure): string {
  return figure.kind === 'latency' ? `${figure.latency}.${figure.statistic}` : figure.name;
}

/** A counter of the machine is told once, however many sources there are. */
function hasFigure(figures: readonly AnswerFigure[], figure: Figure, { from, to }: Pair): boolean {
  return figures.some(
    (one) =>
      one.figure === nameOf(figure) &&
      one.from.source === from.source &&
      one.to.source === to.source &&
      one.from.policy === from.result.result.policy &&
      one.to.policy === to.result.result.policy,
  );
}
