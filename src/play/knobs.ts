import { IMPORTANCES } from '../policy/policy.js';
import type { DeviceSource, Scenario } from '../scenario/scenario.js';
import { formatCount, formatNs } from '../units.js';
import type { WrittenText } from './written-text.js';

type Path = readonly (string | number)[];

/** One value of a scenario that a slider or a list moves, in the scenario's own text. */
export type Knob = {
  /** Unlike that of any other knob, whatever has been edited. */
  id: string;
  group: string;
  label: string;
  path: Path;
} & (
  | { kind: 'range'; unit: KnobUnit; value: number; least: number; most: number; words: string }
  | { kind: 'choice'; value: string; choices: readonly string[] }
);

export type KnobUnit = 'rate' | 'duration' | 'count';

const SECOND_NS = 1e9;
/** So many sources have some: those that stand first. */
export const MOST_SOURCES = 24;
/** A list offers so many processors, and the one that the text names. */
const MOST_TARGETS = 64;
const DEPTHS = ['maximumDpcQueueDepth', 'minimumDpcRate', 'idealDpcRate', 'adjustDpcThreshold'];
const COSTS = [
  ['interrupt', 'interruptNs'],
  ['dispatch', 'dispatchNs'],
  ['dequeue', 'dequeueNs'],
  ['ipiSend', 'ipiSendNs'],
  ['ipiFlight', 'ipiFlightNs'],
  ['haltExit', 'haltExitNs'],
] as const;

/** What of a scenario can be moved: of its first sources, of the machine's thresholds and costs. */
export function knobsOf(scenario: Scenario, text: WrittenText): Knob[] {
  const { costs, processors, tunables } = scenario.machine;
  return [
    ...scenario.sources.slice(0, MOST_SOURCES).flatMap((source, index) => {
      if (source.kind === 'timer') return [];
      return sourceKnobs(source, ['sources', index], processors, text);
    }),
    ...DEPTHS.map((name) =>
      range({
        group: 'Thresholds (R16)',
        label: name,
        path: ['machine', 'tunables', name],
        unit: 'count',
        value: tunables[name as keyof typeof tunables],
        span: [1, 200],
      }),
    ),
    ...COSTS.map(([name, field]) =>
      range({
        group: 'Costs',
        label: name,
        path: ['machine', 'costs', name],
        unit: 'duration',
        value: costs[field],
        span: [100, 50_000],
      }),
    ),
  ];
}

function sourceKnobs(
  source: DeviceSource,
  at: Path,
  processors: number,
  text: WrittenText,
): Knob[] {
  const { dpc, moderation, name: group } = source;
  const knobs: Knob[] = [];
  const rate = rateOf(source, at, text);
  if (rate !== null) {
    knobs.push(range({ group, label: 'arrivals', ...rate, unit: 'rate', span: [100, 1_000_000] }));
  }
  if (dpc !== null) {
    const target = String(dpc.target);
    const targets = Array.from({ length: Math.min(processors, MOST_TARGETS) }, (_, i) => `${i}`);
    const choices = new Set(['current', 'round-robin', ...targets, target]);
    knobs.push(
      choice(group, 'importance', [...at, 'dpc', 'importance'], dpc.importance, IMPORTANCES),
      choice(group, 'target', [...at, 'dpc', 'target'], target, [...choices]),
    );
  }
  const value = moderation?.timeNs ?? 0;
  knobs.push(
    range({
      group,
      label: 'moderation',
      path: [...at, 'moderation', 'time'],
      unit: 'duration',
      value,
      span: [1_000, 1_000_000],
    }),
  );
  return knobs;
}

/** Arrivals a second, where a single number of the text says so. */
function rateOf(
  { arrivals }: DeviceSource,
  at: Path,
  text: WrittenText,
): { path: Path; value: number } | null {
  const own = [...at, 'arrivals'];
  const written = (...keys: string[]): Path | null =>
    text.isValue([...own, ...keys]) ? [...own, ...keys] : null;
  switch (arrivals.kind) {
    case 'renewal': {
      if (arrivals.gap.kind !== 'exponential') return null;
      const path =
        written('poisson', 'rate') ??
        written('poisson') ??
        // Merged from elsewhere: its own key comes before that.
        (text.has(own) ? null : [...own, 'poisson']);
      return path === null ? null : { path, value: SECOND_NS / arrivals.gap.meanNs };
    }
    case 'periodic': {
      const path = written('periodic', 'rate');
      return path === null ? null : { path, value: SECOND_NS / arrivals.periodNs };
    }
    case 'bursts': {
      const path = written('bursts', 'rate');
      const { gap } = arrivals;
      if (path === null || gap.kind !== 'exponential') return null;
      return { path, value: SECOND_NS / gap.meanNs };
    }
    default:
      return null;
  }
}

function range({
  group,
  label,
  path,
  span: [least, most],
  unit,
  value,
}: {
  group: string;
  label: string;
  path: Path;
  unit: KnobUnit;
  value: number;
  span: readonly [number, number];
}): Knob {
  return {
    kind: 'range',
    id: path.join('.'),
    group,
    label,
    path,
    unit,
    value,
    least: value > 0 ? Math.min(least, value) : least,
    most: Math.max(most, value),
    words: knobWords(unit, value),
  };
}

function choice(
  group: string,
  label: string,
  path: Path,
  value: string,
  choices: readonly string[],
): Knob {
  return { kind: 'choice', id: path.join('.'), group, label, path, value, choices };
}

/** As a person reads it. */
export function knobWords(unit: KnobUnit, value: number): string {
  if (unit === 'rate') return `${formatCount(Math.round(value))}/s`;
  return unit === 'duration' ? formatNs(value) : formatCount(value);
}

/** As a scenario says it. */
export function writtenValue(knob: Knob, value: number | string): string | number {
  if (knob.kind === 'choice') return /^\d+$/.test(String(value)) ? Number(value) : value;
  if (knob.unit === 'rate') return `${Math.round(Number(value))}/s`;
  const whole = Math.round(Number(value));
  if (knob.unit === 'count' || whole === 0) return whole;
  if (whole % 1e6 === 0) return `${whole / 1e6}ms`;
  return whole % 1e3 === 0 ? `${whole / 1e3}us` : `${whole}ns`;
}

/** Where a value stands on its slider, 0 to 1,000: even steps of its logarithm, 0 at the left. */
export function positionOf(
  { least, most }: { least: number; most: number },
  value: number,
): number {
  if (value < least) return 0;
  return Math.round(1 + (999 * Math.log(value / least)) / Math.log(most / least));
}

/** The value there, with two digits, as a hand can set it. Rates and depths are never 0. */
export function valueAt(
  { least, most, unit }: { least: number; most: number; unit: KnobUnit },
  position: number,
): number {
  if (position <= 0) return unit === 'duration' ? 0 : least;
  const value = least * Math.exp(((position - 1) / 999) * Math.log(most / least));
  return Math.max(1, Math.round(Number(value.toPrecision(2))));
}
