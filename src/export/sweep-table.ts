import { shortPaths } from '../result/short-path.js';
import type { SweepDocument } from '../result/sweep-document.js';
import { type MainEffect, mainEffects } from '../stats/main-effects.js';
import { frontPoints, loadParameters } from '../stats/pareto.js';
import { formatCount, formatCountOf, formatFigure, plainText } from '../units.js';
import { cutToWidth, hardBreak, padToWidth } from './text-width.js';
import { wrap } from './wrap.js';

/** Everything here fits a terminal of this width. */
const WIDTH = 80;
const MOST_EFFECTS = 6;
const MOST_FRONT = 12;

/** A figure of a sweep for people. */
export function figureText(value: number | null, unit: 'ns' | 'count'): string {
  return value === null ? '-' : formatFigure(value, unit);
}

/** The short answer: what moves what, and what nothing else beats. */
export function formatSweep(sweep: SweepDocument): string {
  return `${[...heading(sweep), ...effects(sweep), ...front(sweep)].join('\n')}\n`;
}

function heading(sweep: SweepDocument): string[] {
  const { name, parameters, points } = sweep;
  const failed = points.filter(({ problem }) => problem !== '');
  const simulated = points.length - failed.length;
  const lines = fold(
    `${name}: ${formatCountOf(simulated, 'point')} over ` +
      [...parameters.map(({ path }) => path), 'policy'].join(', '),
  );
  if (failed.length > 0) {
    const [first] = failed;
    const are = failed.length === 1 ? 'choice is no scenario' : 'choices are no scenarios';
    lines.push(...fold(`${formatCount(failed.length)} ${are}; the first, #${first.number}:`));
    lines.push(...fold(first.problem.split('\n')[0], WIDTH - 2).map((line) => `  ${line}`));
  }
  const noted = points.filter(({ note }) => note !== '');
  if (noted.length > 0) {
    const many = `${formatCountOf(noted.length, 'point')} of ${formatCount(simulated)}: `;
    lines.push(...fold(many + noted[0].note));
  }
  return lines;
}

function effects(sweep: SweepDocument): string[] {
  const paths = sweep.parameters.map(({ path }) => path);
  const short = shortPaths(paths);
  return sweep.front.flatMap((figure) => {
    const { name, unit } = sweep.figures[figure];
    const found = mainEffects(sweep, figure).slice(0, MOST_EFFECTS);
    if (found.length === 0) return [];
    const row = (effect: MainEffect): string => {
      const { least, most } = effect;
      const name = short[paths.indexOf(effect.parameter)] ?? effect.parameter;
      if (least.mean === most.mean) return moved(name, 'nothing');
      const ends = [least, most]
        .map(({ at, mean }) => `${figureText(mean, unit)} at ${plainText(at, 24)}`)
        .join(' to ');
      return moved(name, `${ends}${timesText(least.mean, most.mean)}`);
    };
    return ['', `What moves ${name} (the mean over everything else):`, ...found.map(row)];
  });
}

/** `, 2.4x`; nothing over 0. */
function timesText(least: number, most: number): string {
  if (least <= 0) return '';
  const times = Number((most / least).toPrecision(2));
  return times === 1 ? ', about equal' : `, ${times}x`;
}

function moved(parameter: string, by: string): string {
  const name = cutToWidth(plainText(parameter), 32);
  return cutToWidth(`  ${padToWidth(name, 33)}${by}`, WIDTH);
}

function front(sweep: SweepDocument): string[] {
  const { figures, front: axes, parameters, points } = sweep;
  const [a, b] = axes.map((place) => figures[place]);
  const places = frontPoints(sweep);
  if (places.length === 0) return ['', `No point has both ${a.name} and ${b.name}.`];
  const widths = frontWidths([a.name, b.name]);
  const heads = [a, b].map(({ name }, i) => name.slice(-widths[i]).padStart(widths[i]));
  const columns = [...shortPaths(parameters.map(({ path }) => path)), 'policy'];
  const shown = places.slice(0, MOST_FRONT).map((place) => {
    const point = points[place];
    const [from, to] = axes.map((axis) => point.figures[axis].value);
    const values = parameters.map((one, i) => one.values[point.choice[i]]);
    values.push(point.policy);
    const cells = [figureText(from, a.unit), figureText(to, b.unit)];
    const head = `  ${cells.map((cell, i) => cell.padStart(widths[i])).join('  ')}  `;
    return cutToWidth(`${head}#${point.number} ${plainText(values.join(', '))}`, WIDTH);
  });
  const left = places.length - MOST_FRONT;
  return [
    '',
    ...fold(
      `The front: no other point (${columns.join(', ')}) is lower in both, ${a.name} and ` +
        `${b.name}.`,
    ),
    `  ${heads.join('  ')}  point`,
    ...shown,
    ...(left > 0 ? [`  and ${left} more`] : []),
    ...loadNote(sweep),
  ];
}

/** How wide the two columns of a front are: a name is cut where it leaves no room for points. */
export function frontWidths(names: readonly string[]): number[] {
  return names.map((name, i) => Math.min(26, Math.max(16 + 4 * i, name.length)));
}

/** What nobody chooses is no way to be better. */
function loadNote(sweep: SweepDocument): string[] {
  const names = shortPaths(loadParameters(sweep));
  if (names.length === 0) return [];
  return fold(
    `Points that differ in ${names.join(' or ')} have other work to do: between those, the ` +
      'front is no choice.',
  );
}

function fold(text: string, width = WIDTH): string[] {
  return wrap(plainText(text, 2_000), width).flatMap((line) => hardBreak(line, width));
}
