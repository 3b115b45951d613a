import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { type MainEffect, mainEffects } from '../stats/main-effects.js';
import { paretoFront, tradeOf } from '../stats/pareto.js';
import { formatCount, formatCountOf, formatNs, plainText } from '../units.js';
import { cutToWidth, hardBreak, padToWidth } from './text-width.js';
import { wrap } from './wrap.js';

/** Everything here fits a terminal of this width. */
const WIDTH = 80;
const MOST_EFFECTS = 6;
const MOST_FRONT = 12;

/** A figure of a sweep for people. */
export function figureText(value: number | null, unit: 'ns' | 'count'): string {
  if (value === null) return '-';
  return unit === 'ns' ? formatNs(value) : formatCount(Number(value.toPrecision(3)));
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
    lines.push(...fold(first.problem.split('\n')[0]).map((line) => `  ${line}`.slice(0, WIDTH)));
  }
  const noted = points.filter(({ note }) => note !== '');
  if (noted.length > 0) {
    const many = `${formatCountOf(noted.length, 'point')} of ${formatCount(simulated)}: `;
    lines.push(...fold(many + noted[0].note));
  }
  return lines;
}

function effects(sweep: SweepDocument): string[] {
  return sweep.front.flatMap((figure) => {
    const { name, unit } = sweep.figures[figure];
    const found = mainEffects(sweep, figure).slice(0, MOST_EFFECTS);
    if (found.length === 0) return [];
    const row = (effect: MainEffect): string => {
      const { least, most } = effect;
      if (least.mean === most.mean) return moved(effect.parameter, 'nothing');
      const ends = [least, most]
        .map(({ at, mean }) => `${figureText(mean, unit)} at ${plainText(at, 24)}`)
        .join(' to ');
      const times = least.mean > 0 ? `, ${Number((most.mean / least.mean).toPrecision(2))}x` : '';
      return moved(effect.parameter, `${ends}${times}`);
    };
    return ['', `What moves ${name} (the mean over everything else):`, ...found.map(row)];
  });
}

function moved(parameter: string, by: string): string {
  const name = cutToWidth(plainText(shortPath(parameter)), 32);
  return cutToWidth(`  ${padToWidth(name, 33)}${by}`, WIDTH);
}

/** Its last two steps: what stands before them is the same for most. */
function shortPath(path: string): string {
  return path.split('.').slice(-2).join('.');
}

function front(sweep: SweepDocument): string[] {
  const { figures, front: axes, points } = sweep;
  const [a, b] = axes.map((place) => figures[place]);
  const places = paretoFront(points.map((point) => tradeOf(sweep, point)));
  if (places.length === 0) return ['', `No point has both ${a.name} and ${b.name}.`];
  const shown = places.slice(0, MOST_FRONT).map((place) => {
    const point = points[place];
    const [from, to] = axes.map((axis) => point.figures[axis].value);
    const cells = [figureText(from, a.unit), figureText(to, b.unit)];
    const head = `  ${cells[0].padStart(16)}  ${cells[1].padStart(20)}  `;
    return cutToWidth(`${head}#${point.number} ${plainText(pointText(sweep, point))}`, WIDTH);
  });
  const left = places.length - MOST_FRONT;
  return [
    '',
    ...fold(`The front: no other point is lower in both, ${a.name} and ${b.name}.`),
    `  ${a.name.slice(-16).padStart(16)}  ${b.name.slice(-20).padStart(20)}  point`,
    ...shown,
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

/** `vista, processors=4`: paths by their last step. */
function pointText({ parameters }: SweepDocument, { choice, policy }: SweepPoint): string {
  const chosen = parameters.map(({ path, values }, i) => {
    const last = path.split('.').at(-1);
    return `${last}=${values[choice[i]]}`;
  });
  return [policy, ...chosen].filter((part) => part !== '').join(', ');
}

function fold(text: string): string[] {
  return wrap(plainText(text, 2_000), WIDTH).flatMap((line) => hardBreak(line, WIDTH));
}
