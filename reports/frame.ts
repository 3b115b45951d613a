import type uPlot from 'uplot';
import { FONT } from './appearance.js';
import type { Appearance } from './appearance.js';

/** What every chart is drawn with. */
export interface DrawContext {
  /** The element that the chart is put into. */
  host: HTMLElement;
  width: number;
  policies: string[];
  /** By policy: is it switched on? At least one is. */
  shown: boolean[];
  /** The policy that is set against the first. */
  chosen: number;
  appearance: Appearance;
}

/** The values of a logarithmic scale that carry a label: whole decades within [min, max]. */
export function decades(min: number, max: number): number[] {
  const values: number[] = [];
  for (let power = Math.ceil(Math.log10(min) - 1e-9); 10 ** power <= max * (1 + 1e-9); power++) {
    values.push(exact(10 ** power));
  }
  return values;
}

/**
 * The same with values between the decades, where those alone would be too few to read; the ends
 * themselves where no round value lies between them.
 */
export function logSteps(min: number, max: number): number[] {
  const finer = [[1], [1, 2, 5], [1, 2, 3, 5, 7]].map((digits) =>
    decades(min / 10, max)
      .flatMap((decade) => digits.map((digit) => digit * decade))
      .filter((value) => value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)),
  );
  const steps = finer.find((values) => values.length >= 3) ?? finer[finer.length - 1];
  return steps.length === 0 ? [min, max] : steps;
}

/** Lines between the decades of a logarithmic axis would say little and cost much ink. */
export function axis(appearance: Appearance, more: uPlot.Axis): uPlot.Axis {
  const rule = { stroke: appearance.grid, width: 1 };
  return {
    stroke: appearance.soft,
    font: FONT,
    labelFont: FONT,
    labelGap: 2,
    grid: rule,
    ticks: { ...rule, size: 5 },
    filter: (_plot, values) => values,
    ...more,
  };
}

/** Without the dust of binary fractions: 0.3 and not 0.30000000000000004. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** In place of a chart that would be empty. */
export function drawNothing(host: HTMLElement, text: string): null {
  const paragraph = document.createElement('p');
  paragraph.className = 'empty';
  paragraph.textContent = text;
  host.append(paragraph);
  return null;
}
