import { escapeHtml } from './html.js';
import type { Axis } from './svg-axis.js';

/** The drawing of a chart and what is kept free around its field. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A chart as SVG: grid and labels, then `marks`; `label` says it in words. */
export function svgPlot(
  frame: Frame,
  {
    x,
    y,
    xTitle,
    yTitle,
    label,
  }: { x: Axis; y: Axis; xTitle: string; yTitle: string; label: string },
  marks: readonly string[],
): string {
  const { width, height, left, right, top, bottom } = frame;
  const foot = height - bottom;
  const middle = (left + width - right) / 2;
  const grid = [
    ...y.ticks.map(
      ({ at, text }) =>
        `<line class="g" x1="${left}" x2="${width - right}" y1="${px(at)}" y2="${px(at)}"/>` +
        `<text class="t" x="${left - 6}" y="${px(at + 4)}" text-anchor="end">${escapeHtml(text)}` +
        '</text>',
    ),
    ...x.ticks.map(
      ({ at, text }) =>
        `<line class="g" x1="${px(at)}" x2="${px(at)}" y1="${top}" y2="${foot}"/>` +
        `<text class="t" x="${px(at)}" y="${foot + 16}" text-anchor="middle">${escapeHtml(text)}` +
        '</text>',
    ),
    `<text class="t" x="${px(middle)}" y="${height - 4}" text-anchor="middle">` +
      `${escapeHtml(xTitle)}</text>`,
    `<text class="t" x="${left - 6}" y="12" text-anchor="start">${escapeHtml(yTitle)}</text>`,
  ];
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">` +
    `${grid.join('')}${marks.join('')}</svg>`
  );
}

/** A place of the drawing, to a tenth of its unit. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `M x y L x y …`. */
export function pathOf(places: readonly (readonly [number, number])[]): string {
  return places.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
}

/** A mark that leads somewhere, such as to `#p1`, and says what it is. */
export function linked(target: string | null, title: string, mark: string): string {
  const inner = `<title>${escapeHtml(title)}</title>${mark}`;
  return target === null ? `<g>${inner}</g>` : `<a href="${target}">${inner}</a>`;
}
