import { changeWords } from '../export/experiments.js';
import { figureText, frontWidths } from '../export/sweep-table.js';
import { cutToWidth, hardBreak } from '../export/text-width.js';
import { wrap } from '../export/wrap.js';
import type { FigureComparison } from '../result/document.js';
import { formatCount, formatCountOf, plainText } from '../units.js';
import type { Change } from './candidate.js';
import type { Effects } from './carry-out-tune.js';
import type { Outcome, TuneResult, Winner } from './tune.js';

/** Everything here fits a terminal of this width. */
const WIDTH = 80;
const MOST_FRONT = 16;

type Figures = TuneResult['figures'];

/** What was found, and how well that is known. */
export function formatTune(result: TuneResult): string {
  const { base, cells, figures, scenario, tried, winners } = result;
  const lines = fold(
    `${scenario}: ${formatCountOf(tried, 'rule set')} tried, over ` +
      `${formatCountOf(cells, 'cell')} of the decision matrix that occur.`,
  );
  lines.push('', ...front(result), '');
  if (winners.length === 0) {
    lines.push(
      ...fold(
        `Nothing that was found beats ${base} in both, ${figures.join(' and ')}: the front is ` +
          'what can be had for what. A larger --budget looks further.',
      ),
    );
  }
  for (const winner of winners) lines.push(...winnerLines(winner, result), '');
  return `${lines.join('\n').trimEnd()}\n`;
}

function front({ base, baseTrade, figures, front: found }: TuneResult): string[] {
  const widths = frontWidths(figures);
  const row = (trade: readonly [number, number], text: string): string => {
    const cells = figures.map((figure, i) =>
      figureText(trade[i], unitOf(figure)).padStart(widths[i]),
    );
    return cutToWidth(`  ${cells.join('  ')}  ${text}`, WIDTH);
  };
  const shown = found
    .slice(0, MOST_FRONT)
    .map(({ preset, name, trade, text }) =>
      row(trade, plainText(preset === '' ? `${name}: ${text}` : preset)),
    );
  const left = found.length - MOST_FRONT;
  const own = baseTrade !== null && found.every(({ preset }) => preset !== base);
  return [
    ...fold(`The front: none is lower in both. Changes are to ${base}.`),
    `  ${figures.map((name, i) => name.slice(-widths[i]).padStart(widths[i])).join('  ')}`,
    ...shown,
    ...(left > 0 ? [`  and ${formatCount(left)} more`] : []),
    ...(own ? [row(baseTrade, `${base} itself, behind the front`)] : []),
  ];
}

function winnerLines(winner: Winner, { base, figures }: TuneResult): string[] {
  const { elsewhere, here, policy, preset, reasons, seeds, settings } = winner;
  return [
    ...fold(
      `${policy.name} beats ${base} here: ${effectsText(here, figures)}.${presetText(preset)}`,
    ),
    ...(settings.length === 0 ? [] : fold(`It takes ${settings.map(setText).join(' ')}.`)),
    ...reasons.flatMap(({ change, effects }) =>
      indented(
        `${change.path}: ${change.own}, where ${ownerOf(change, base)} has ${change.base}. ` +
          'Without it ' +
          `${effectsText(effects, figures)}.`,
      ),
    ),
    ...indented(
      seedText(
        winner,
        base,
        seeds.map(({ seed }) => seed),
      ),
    ),
    ...(elsewhere.length === 0 ? [] : indented(elsewhereText(elsewhere, base))),
  ];
}

/** A rule set has a name already if one that ships decides alike in all that occurs here. */
export function presetText(preset: string): string {
  return preset === '' ? '' : ` Here it does what ${preset} does.`;
}

/** Conditions are of a policy, settings of the scenario. */
export function ownerOf({ path }: Change, base: string): string {
  return /^(machine|sources)\b/.test(path) ? 'the scenario' : base;
}

export function seedText({ isHeld }: Winner, base: string, seeds: readonly number[]): string {
  const list = `the seeds ${seeds.slice(0, -1).join(', ')} and ${seeds.at(-1)}`;
  return isHeld
    ? `It beats ${base} from ${list} as well.`
    : `It does not beat ${base} from all of ${list}: chance may have chosen it.`;
}

const OUTCOMES: readonly [Outcome, string][] = [
  ['better', 'better'],
  ['same', 'no different'],
  ['trade', 'a trade'],
  ['worse', 'worse'],
  ['unknown', 'not known'],
];

export function elsewhereText(elsewhere: Winner['elsewhere'], base: string): string {
  const parts = OUTCOMES.flatMap(([outcome, words]) => {
    const names = elsewhere
      .filter((one) => one.outcome === outcome)
      .map(({ scenario }) => scenario);
    return names.length === 0 ? [] : [`${words} in ${names.join(', ')}`];
  });
  return `Its rules elsewhere, against ${base}: ${parts.join('; ')}.`;
}

export function effectsText(effects: Effects, figures: Figures): string {
  return effects
    .map((effect, i) => `${figures[i]} ${effectText(effect, unitOf(figures[i]))}`)
    .join(', ');
}

/** `231 -> 118, -49 % (-50 to -48)`. */
function effectText(effect: FigureComparison | null, unit: 'ns' | 'count'): string {
  if (effect === null) return 'has too few samples';
  const { differenceInterval, first, other, ratioInterval, verdict } = effect;
  const estimate = {
    difference: differenceInterval,
    ratio: ratioInterval,
    verdict,
    isExact: false,
  };
  const values = `${figureText(first, unit)} -> ${figureText(other, unit)}`;
  if (first === 0 || other === 0) return first === other ? 'stays 0' : values;
  return `${values}, ${changeWords(first, other, estimate)}`;
}

export function unitOf(figure: string): 'ns' | 'count' {
  return figure.includes('.') && !figure.endsWith('.count') ? 'ns' : 'count';
}

export function setText(text: string): string {
  return `--set '${text.replaceAll("'", `'\\''`)}'`;
}

function indented(text: string): string[] {
  return fold(text, WIDTH - 2).map((line) => `  ${line}`);
}

function fold(text: string, width = WIDTH): string[] {
  return wrap(plainText(text, 2_000), width).flatMap((line) => hardBreak(line, width));
}
