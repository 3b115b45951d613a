import { formatNs } from '../units.js';
import { escapeHtml } from './html.js';
import type { OverTimeModel, TimedPolicy } from './model.js';
import { linearScale } from './scale.js';
import { across, label, line } from './svg.js';
import { tickText } from './svg-axis.js';

/** Room for the names of instants, in pixels. */
const FOOT = 22;
/** A warm-up that is a smaller part has no room for its name. */
const NAMED_FROM = 0.2;

export interface TimePlot {
  /** In pixels from the top. */
  ticks: readonly { at: number; text: string }[];
  marks: string;
  /** For those who do not see it. */
  summary: string;
  tips: readonly string[];
}

/** Time across: where bins stand in a field whose unit of width is one of them. */
export class TimeField {
  readonly width: number;
  /** The first whole bin begins here, at 0 or just before. */
  private readonly shift: number;
  private readonly first: number;

  constructor(private readonly model: Pick<OverTimeModel, 'warmupNs' | 'binNs' | 'lastsNs'>) {
    const { binNs, lastsNs, warmupNs } = model;
    this.width = lastsNs / binNs;
    this.first = Math.ceil(warmupNs / binNs);
    this.shift = warmupNs / binNs - this.first;
  }

  /** The left edge of a policy's bin, to be shifted. */
  left({ places }: Pick<TimedPolicy, 'places'>, bin: number): number {
    return places[bin] + this.first;
  }

  /** What is drawn by bins: `height` units high, stretched to the plot. */
  drawing(height: number, marks: string, { top, pixels }: { top: number; pixels: number }): string {
    const view = `0 0 ${round(this.width)} ${height}`;
    const shift = this.shift === 0 ? '' : ` transform="translate(${round(this.shift)} 0)"`;
    return (
      `<svg class="field" x="0" y="${top}" width="100%" height="${pixels}" viewBox="${view}" ` +
      `preserveAspectRatio="none"><g${shift}>${marks}</g></svg>`
    );
  }

  /** A line in steps, a bin each; it breaks where there is no value. */
  steps(
    policy: TimedPolicy,
    values: readonly (number | null)[],
    yOf: (value: number) => number,
  ): string {
    let path = '';
    values.forEach((value, bin) => {
      if (value === null) return;
      const x = this.left(policy, bin);
      const y = round(yOf(value));
      const goesOn = bin > 0 && values[bin - 1] !== null;
      path += `${goesOn ? `V${y}` : `M${x} ${y}`}H${x + 1}`;
    });
    return path;
  }

  /** A plot: the warm-up shaded, a grid, and what is drawn in it. */
  plot(height: number, { ticks, marks, summary, tips }: TimePlot): string {
    const { lastsNs, warmupNs } = this.model;
    const warm = Math.min(1, warmupNs / lastsNs);
    const instants = linearScale([lastsNs], 4).ticks.filter((ns) => ns <= lastsNs * 1.001);
    const shade = `<rect class="warm" x="0" y="0" width="${across(warm)}" height="${height}"/>`;
    const name = warm < NAMED_FROM ? '' : label('warm-up', across(warm), -5, { anchor: 'end' });
    return (
      `<div class="plot time-plot"><svg role="img" height="${height + FOOT}" ` +
      `aria-label="${escapeHtml(summary)}"${this.tipData(tips)}>${warm === 0 ? '' : shade}` +
      ticks
        .map(
          ({ at, text }) =>
            line([0, at], [1, at], 'g') + label(text, '-8', at + 4, { anchor: 'end' }),
        )
        .join('') +
      instants
        .map((ns) =>
          label(ns === 0 ? '0' : tickText(ns, 'ns'), across(ns / lastsNs), height + 17, {
            anchor: ns > 0.97 * lastsNs ? 'end' : 'middle',
          }),
        )
        .join('') +
      `${marks}${warm === 0 ? '' : line([warm, 0], [warm, height], 'warm-end')}${name}</svg></div>`
    );
  }

  /** What the page's script says of each bin, in lines of text. */
  tips(policy: TimedPolicy, textOf: (bin: number) => readonly string[]): string[] {
    const tips: string[] = [];
    policy.endsNs.forEach((endNs, bin) => {
      const span = `${formatNs(policy.endsNs[bin - 1] ?? 0)} to ${formatNs(endNs)}`;
      tips[this.left(policy, bin)] = [span, ...textOf(bin)].join('\n');
    });
    return tips;
  }

  /** An empty line stands between the bins. */
  private tipData(tips: readonly string[]): string {
    if (tips.length === 0) return '';
    const place = `data-bins="${round(this.width)}" data-shift="${round(this.shift)}"`;
    return ` ${place} data-tips="${escapeHtml(tips.join('\n\n'))}"`;
  }
}

function round(value: number): number {
  return Number(value.toFixed(2));
}

/** Cells as lines along rows, equal neighbours as one: a path for each shade. */
export class CellPaths {
  private readonly paths: string[];
  private open: { shade: number; x: number; row: number; length: number } | null = null;

  constructor(shades: number) {
    this.paths = new Array<string>(shades).fill('');
  }

  /** From left to right, row by row. */
  add(shade: number, x: number, row: number): void {
    const { open } = this;
    if (open !== null && open.shade === shade && open.row === row && x === open.x + open.length) {
      open.length++;
      return;
    }
    this.close();
    this.open = { shade, x, row, length: 1 };
  }

  private close(): void {
    if (this.open === null) return;
    const { length, row, shade, x } = this.open;
    this.paths[shade] += `M${x} ${row}h${length}`;
  }

  /** `firstClass`: that of the first shade, h0 to h7. */
  svg(firstClass: number): string {
    this.close();
    this.open = null;
    const paths = this.paths.map((path, shade) =>
      path === '' ? '' : `<path class="h${firstClass + shade}" d="${path}"/>`,
    );
    return `<g class="cells" transform="translate(0 .5)">${paths.join('')}</g>`;
  }
}
