import type uPlot from 'uplot';
import type { BarsChart, RangesChart, StackChart } from '../src/report/model.js';
import { FONT, HEAD_FONT, inkOn, policyColour, policyDash, traceMarker } from './appearance.js';
import { fitText, isolate, textWidth } from './canvas-text.js';
import { formatCount, formatNs, formatShare } from './format.js';
import { decades, drawNothing, drawRows, roundSteps } from './frame.js';
import type { DrawContext } from './frame.js';

const HEAD = 24;
const LANE = 18;
const GAP = 10;
const LABEL_GAP = 8;
/** Left and right of the plot, for the axis' outer labels. */
const SIDES = 36;

/** Horizontal bars, each with its policy and figure at its end. */
export function drawBars(draw: DrawContext, chart: BarsChart): uPlot {
  const shown = shownPolicies(draw);
  const label = (policy: number, category: number): string =>
    `${formatCount(chart.values[policy][category])}  ${shortName(draw, policy)}`;
  const max = Math.max(1, ...shown.flatMap((policy) => chart.values[policy]));
  // Every bar must leave room for its own label; the plot is as wide as the worst of them needs.
  const plotWidth = draw.width - SIDES;
  const perPixel = shown.flatMap((policy) =>
    chart.values[policy].map(
      (value, category) =>
        value / Math.max(40, plotWidth - textWidth(label(policy, category)) - LABEL_GAP - 4),
    ),
  );
  const scaleMax = Math.max(max, Math.max(...perPixel) * plotWidth);
  return drawRows(draw, {
    height: blockTop(chart.categories.length, shown.length),
    scale: { min: 0, max: scaleMax, log: false },
    splits: roundSteps(scaleMax, Math.max(2, Math.floor(plotWidth / 110))),
    format: formatCount,
    paint: (context, toX) =>
      chart.categories.forEach((category, row) => {
        paintHead(context, draw, category, blockTop(row, shown.length));
        shown.forEach((policy, lane) => {
          const y = laneMiddle(row, lane, shown.length);
          const x = toX(chart.values[policy][row]);
          context.fillStyle = policyColour(draw.appearance, policy);
          context.fillRect(0, y - 6, Math.max(x, 1), 12);
          context.fillStyle = draw.appearance.ink;
          context.fillText(label(policy, row), Math.max(x, 1) + LABEL_GAP, y);
        });
      }),
  });
}

/** From the median (ring) to p99 (dot) for each source and policy. */
export function drawRanges(draw: DrawContext, chart: RangesChart): uPlot | null {
  const shown = shownPolicies(draw);
  const values = shown
    .flatMap((policy) => [...chart.lowNs[policy], ...chart.highNs[policy]])
    .filter((value) => value !== null);
  if (values.length === 0) {
    const empty = chart.categories.length === 0;
    return drawNothing(draw.host, empty ? 'No samples.' : 'Too few samples for a percentile.');
  }
  const label = (policy: number, row: number): string => {
    const high = chart.highNs[policy][row];
    const few = chart.lowNs[policy][row] === null ? 'too few samples' : 'p99: too few samples';
    return `${high === null ? few : formatNs(high)}  ${shortName(draw, policy)}`;
  };
  const plotWidth = draw.width - SIDES;
  const least = Math.max(1, Math.min(...values));
  const min = 10 ** Math.floor(Math.log10(least));
  const max = Math.max(min * 10, ...values);
  // Every mark must leave room for its own label, as every bar must.
  const spans = shown.flatMap((policy) =>
    chart.categories.map((_, row) => {
      const end = chart.highNs[policy][row] ?? chart.lowNs[policy][row] ?? min;
      const room = plotWidth - textWidth(label(policy, row)) - LABEL_GAP - 6;
      return Math.log10(Math.max(end, min) / min) / Math.max(60, room);
    }),
  );
  const span = Math.max(Math.log10(max / min), Math.max(...spans) * plotWidth);
  const scaleMax = min * 10 ** span;
  return drawRows(draw, {
    height: blockTop(chart.categories.length, shown.length),
    scale: { min, max: scaleMax, log: true },
    splits: thinned(decades(min, max), plotWidth * (Math.log10(max / min) / span)),
    format: formatNs,
    paint: (context, toX) =>
      chart.categories.forEach((category, row) => {
        paintHead(context, draw, category, blockTop(row, shown.length), chart.details[row]);
        shown.forEach((policy, lane) => {
          const y = laneMiddle(row, lane, shown.length);
          const low = chart.lowNs[policy][row];
          const high = chart.highNs[policy][row];
          const xs = {
            low: low === null ? null : toX(Math.max(1, low)),
            high: high === null ? null : toX(Math.max(1, high)),
          };
          paintRange(context, draw, policy, y, xs);
          context.fillStyle = draw.appearance.ink;
          context.fillText(label(policy, row), (xs.high ?? xs.low ?? 0) + LABEL_GAP + 2, y);
        });
      }),
  });
}

function paintRange(
  context: CanvasRenderingContext2D,
  draw: DrawContext,
  policy: number,
  y: number,
  { low, high }: { low: number | null; high: number | null },
): void {
  const colour = policyColour(draw.appearance, policy);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  if (low !== null && high !== null) {
    context.setLineDash(policyDash(policy));
    context.beginPath();
    context.moveTo(low, y);
    context.lineTo(high, y);
    context.stroke();
    context.setLineDash([]);
  }
  if (high !== null) {
    context.fillStyle = colour;
    traceMarker(context, policy, high, y, 4.5);
    context.fill();
  }
  if (low !== null) {
    context.fillStyle = draw.appearance.paper;
    traceMarker(context, policy, low, y, 4);
    context.fill();
    context.stroke();
  }
}

/** One bar a policy, with the figures of the wider parts in them. */
export function drawStack(draw: DrawContext, chart: StackChart): uPlot {
  const shown = shownPolicies(draw);
  const block = HEAD + 30;
  return drawRows(draw, {
    height: shown.length * block + 6,
    scale: { min: 0, max: 1, log: false },
    splits: [0, 0.25, 0.5, 0.75, 1],
    format: (share) => `${Math.round(share * 100)} %`,
    paint: (context, toX) =>
      shown.forEach((policy, row) => {
        paintHead(context, draw, draw.policies[policy], row * block);
        let from = 0;
        chart.shares[policy].forEach((share, part) => {
          const left = toX(from);
          from += share;
          const width = toX(from) - left;
          const colour = draw.appearance.activities[part % draw.appearance.activities.length];
          context.fillStyle = colour;
          context.fillRect(left, row * block + HEAD, width, 24);
          context.fillStyle = draw.appearance.paper;
          if (width > 3) context.fillRect(left + width - 1, row * block + HEAD, 1, 24);
          const named = `${chart.parts[part]} ${formatShare(share)}`;
          const text = [named, formatShare(share)].find((label) => textWidth(label) < width - 8);
          if (text === undefined) return;
          context.fillStyle = inkOn(colour);
          context.fillText(text, left + 4, row * block + HEAD + 12);
        });
      }),
  });
}

/** A row's name, and what is said beside it, which a long name must not push out. */
function paintHead(
  context: CanvasRenderingContext2D,
  draw: DrawContext,
  name: string,
  top: number,
  detail = '',
): void {
  const { appearance } = draw;
  const beside = detail === '' ? '' : ` · ${detail}`;
  const label = isolate(fitText(name, draw.width - SIDES - textWidth(beside), HEAD_FONT));
  const labelWidth = textWidth(label, HEAD_FONT);
  // The axis' lines would run through the letters.
  context.fillStyle = appearance.paper;
  context.fillRect(0, top + 4, labelWidth + textWidth(beside) + 6, HEAD - 6);
  context.fillStyle = appearance.ink;
  context.font = HEAD_FONT;
  context.fillText(label, 0, top + HEAD / 2 + 1);
  context.font = FONT;
  context.fillStyle = appearance.muted;
  context.fillText(beside, labelWidth, top + HEAD / 2 + 1);
}

/** Top of a row's block: a heading and a lane for each policy; with the row count, the height. */
function blockTop(row: number, lanes: number): number {
  return row * (HEAD + lanes * LANE + GAP);
}

function laneMiddle(row: number, lane: number, lanes: number): number {
  return blockTop(row, lanes) + HEAD + lane * LANE + LANE / 2;
}

function shownPolicies(draw: DrawContext): number[] {
  return draw.policies.map((_, policy) => policy).filter((policy) => draw.shown[policy]);
}

function shortName(draw: DrawContext, policy: number): string {
  return isolate(fitText(draw.policies[policy], Math.min(160, draw.width * 0.32)));
}

/** As many of the decades as have room for their labels. */
function thinned(values: number[], width: number): number[] {
  const every = Math.max(1, Math.ceil((values.length * 54) / width));
  return values.filter((_, i) => i % every === 0);
}
