import { escapeHtml } from './html.js';
import { across, label, line, roughWidth, shortened } from './svg.js';
import type { Axis } from './svg-axis.js';

/** Room to the left of a field, in pixels; the style of the page has a class for each. */
export const ROOMS = [40, 60, 80, 100, 120, 140];
/** Room for the names of columns and what they are, in pixels. */
const FOOT = 42;
/** The least between two names that stand side by side, in pixels. */
const GAP = 10;
/** A field is so many units of its paths wide. */
const UNITS = 1000;

/** The field of a chart. It is as wide as the page leaves it. */
export interface Frame {
  /** In pixels. */
  height: number;
  /** Not where cells fill the field. */
  hasGrid: boolean;
  /** Room for the names of its rows, in pixels. */
  left: number;
  /** How wide it is at least on a phone and on paper, and elsewhere, in pixels. */
  widths: { narrow: number; wide: number };
}

export interface PlotLabels {
  x: Axis;
  y: Axis;
  xTitle: string;
  /** "" where the caption says it. */
  yTitle: string;
  /** For those who do not see it. */
  label: string;
}

/**
 * A chart as SVG: grid and labels, `paths` in units of `pathOf`, then `marks`. Lengths across are
 * per cent, as in the report, so that letters keep their size at any width.
 */
export function svgPlot(
  { hasGrid, height, left, widths }: Frame,
  { x, y, xTitle, yTitle, label: summary }: PlotLabels,
  { paths, marks }: { paths: readonly string[]; marks: readonly string[] },
): string {
  const wide = thatFit(x.ticks, widths.wide);
  const narrow = new Set(thatFit(wide, widths.narrow));
  const grid = [
    ...y.ticks.map(
      ({ at, text }) =>
        (hasGrid ? line([0, at], [1, at], 'g') : '') + label(text, '-8', at + 4, { anchor: 'end' }),
    ),
    ...wide.map((tick) => {
      const name = narrow.has(tick) ? 't' : 't roomy';
      return (
        (hasGrid ? line([tick.at, 0], [tick.at, height], 'g') : '') +
        label(tick.text, across(tick.at), height + 17, { name, anchor: 'middle' })
      );
    }),
    label(shortened(xTitle, widths.narrow), '50%', height + 36, { anchor: 'middle' }),
    yTitle === '' ? '' : label(shortened(yTitle, widths.narrow), '0', -9),
  ];
  const field =
    paths.length === 0
      ? ''
      : `<svg class="field" width="100%" height="${height}" viewBox="0 0 ${UNITS} ${height}" ` +
        `preserveAspectRatio="none">${paths.join('')}</svg>`;
  const room = ROOMS.find((each) => each >= left) ?? ROOMS.at(-1);
  return (
    `<div class="plot left-${room}${yTitle === '' ? '' : ' titled'}"><svg role="group" ` +
    `height="${height + FOOT}" aria-label="${escapeHtml(summary)}">` +
    `${grid.join('')}${field}${marks.join('')}</svg></div>`
  );
}

/** Every one, every second or every so many of the names: as many as fit side by side. */
function thatFit(ticks: Axis['ticks'], width: number): Axis['ticks'] {
  for (let step = 1; step < ticks.length; step++) {
    const shown = ticks.filter((_, i) => i % step === 0);
    const fits = shown.slice(1).every(({ at, text }, i) => {
      const before = shown[i];
      return (at - before.at) * width >= (roughWidth(text) + roughWidth(before.text)) / 2 + GAP;
    });
    if (fits) return shown;
  }
  return ticks.slice(0, 1);
}

/** A place of the drawing, to a tenth of its unit. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `M x y L x y …`; `x` as a share of the field's width, `y` in pixels. */
export function pathOf(places: readonly (readonly [number, number])[]): string {
  return places.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x * UNITS)} ${px(y)}`).join('');
}

/** A mark that leads somewhere, such as to `#p1`, and says what it is. */
export function linked(target: string | null, title: string, mark: string): string {
  const inner = `<title>${escapeHtml(title)}</title>${mark}`;
  return target === null ? `<g>${inner}</g>` : `<a href="${target}">${inner}</a>`;
}
