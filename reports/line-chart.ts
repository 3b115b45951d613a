import uPlot from 'uplot';
import type { LinesChart } from '../src/report/model.js';
import { policyColour, policyDash, traceMarker } from './appearance.js';
import { fitText, isolate, textWidth } from './canvas-text.js';
import { formatNs, formatPercentile, formatShare } from './format.js';
import { axis, decades, drawNothing, logSteps, onPlot, roundScale } from './frame.js';
import type { DrawContext } from './frame.js';
import { attachReading } from './reading.js';

const PERCENTILES = [2, 10, 100, 1000, 10000];
/** Narrower plots have no room for names at the ends of their lines; the legend names them. */
const DIRECT_LABEL_WIDTH = 520;
const LINE_HEIGHT = 15;

export function drawLines(draw: DrawContext, chart: LinesChart): uPlot | null {
  const logY = chart.yScale === 'ns';
  // A logarithmic axis has no 0: such a wait is drawn at the foot of the axis, 1 ns.
  const values = chart.values.map((line) =>
    line.map((value) => (logY && value !== null ? Math.max(1, value) : value)),
  );
  const all = values
    .filter((_, policy) => draw.shown[policy])
    .flat()
    .filter((v) => v !== null);
  if (chart.x.length === 0 || all.length === 0) return drawNothing(draw.host, 'No samples.');
  const isCumulative = chart.yScale === 'cumulative';
  const yScale = yRange(isCumulative ? [1] : all, logY);
  const xEnds: [number, number] = [chart.x[0], chart.x[chart.x.length - 1]];
  const direct = chart.xScale === 'percentile' && draw.width >= DIRECT_LABEL_WIDTH;
  const longest = Math.max(...draw.policies.map((name) => textWidth(name)));
  const nameWidth = direct ? Math.min(150, longest) + 16 : 28;
  const options: uPlot.Options = {
    width: draw.width,
    height: Math.round(Math.min(340, Math.max(240, draw.width * 0.5))),
    padding: [14, nameWidth, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: false, distr: 3, range: () => xEnds },
      y: { distr: logY ? 3 : 1, range: () => yScale.range },
    },
    axes: [xAxis(draw, chart, xEnds), yAxis(draw, logY, yScale.splits)],
    series: [{}, ...values.map((_, policy) => series(draw, chart, policy))],
    hooks: {
      draw: [
        (plot) =>
          onPlot(plot, (context) => {
            if (chart.xScale === 'percentile') paintMarkers(context, plot, draw, values);
            if (direct) paintNames(context, plot, draw, values);
          }),
      ],
    },
  };
  const plot = new uPlot(options, [chart.x, ...values] as uPlot.AlignedData, draw.host);
  attachReading(plot, draw, (at) => [
    readingTitle(chart, at),
    (policy) => {
      const value = chart.values[policy][at];
      if (value === null || value === undefined) return 'too few samples';
      return logY ? formatNs(value) : formatShare(value);
    },
  ]);
  return plot;
}

function readingTitle({ x, xScale, yScale }: LinesChart, at: number): string {
  if (xScale === 'percentile') return formatPercentile(x[at]);
  if (yScale === 'cumulative') return `at most ${formatNs(x[at])}`;
  return `${formatNs(x[at])} to ${formatNs(x[Math.min(at + 1, x.length - 1)])}`;
}

function series(draw: DrawContext, chart: LinesChart, policy: number): uPlot.Series {
  const colour = policyColour(draw.appearance, policy);
  const steps = chart.xScale === 'ns';
  return {
    show: draw.shown[policy],
    stroke: colour,
    width: 2,
    dash: policyDash(policy),
    fill: steps && chart.yScale === 'share' ? `${colour}22` : undefined,
    paths: steps ? uPlot.paths.stepped!({ align: 1 }) : uPlot.paths.linear!(),
    points: { show: false },
  };
}

function yRange(values: number[], log: boolean): { range: [number, number]; splits: number[] } {
  const max = Math.max(...values);
  if (!log) {
    const splits = roundScale(Math.max(max, 1e-6), 5);
    return { range: [0, splits[splits.length - 1]], splits };
  }
  const least = Math.min(...values);
  const min = 10 ** Math.floor(Math.log10(least));
  const top = Math.max(min * 10, max * 1.15);
  return { range: [min, top], splits: decades(min, top) };
}

function xAxis(draw: DrawContext, chart: LinesChart, [min, max]: [number, number]): uPlot.Axis {
  const splits = chart.xScale === 'percentile' ? PERCENTILES : logSteps(min, max);
  const format = chart.xScale === 'percentile' ? formatPercentile : formatNs;
  return axis(draw.appearance, {
    size: 34,
    splits: () => splits,
    values: (_plot, shown) => shown.map((value) => (value === null ? '' : format(value))),
    filter: (_plot, shown) => shown,
  });
}

function yAxis(draw: DrawContext, log: boolean, splits: number[]): uPlot.Axis {
  return axis(draw.appearance, {
    size: 62,
    splits: () => splits,
    values: (_plot, shown) =>
      shown.map((value) =>
        value === null ? '' : log ? formatNs(value) : `${Number((value * 100).toPrecision(3))} %`,
      ),
    filter: (_plot, shown) => shown,
  });
}

/** A marker at each percentile that the tables name. */
function paintMarkers(
  context: CanvasRenderingContext2D,
  plot: uPlot,
  draw: DrawContext,
  values: (number | null)[][],
): void {
  const xs = plot.data[0];
  values.forEach((line, policy) => {
    if (!draw.shown[policy]) return;
    context.fillStyle = policyColour(draw.appearance, policy);
    xs.forEach((x, i) => {
      const value = line[i];
      if (value === null || !PERCENTILES.includes(x)) return;
      traceMarker(context, policy, plot.valToPos(x, 'x'), plot.valToPos(value, 'y'), 4);
      context.fill();
    });
  });
}

/** Each policy's name where its line ends, moved apart where ends lie close together. */
function paintNames(
  context: CanvasRenderingContext2D,
  plot: uPlot,
  draw: DrawContext,
  values: (number | null)[][],
): void {
  const ends = values
    .flatMap((line, policy) => {
      const last = line.findLastIndex((value) => value !== null);
      if (!draw.shown[policy] || last < 0) return [];
      const x = plot.valToPos(plot.data[0][last], 'x');
      return [{ policy, x, y: plot.valToPos(line[last]!, 'y') }];
    })
    .sort((a, b) => a.y - b.y);
  const bottom = plot.bbox.height / uPlot.pxRatio;
  ends.forEach((end, i) => {
    if (i > 0) end.y = Math.max(end.y, ends[i - 1].y + LINE_HEIGHT);
  });
  for (let i = ends.length - 1, limit = bottom; i >= 0; i--, limit -= LINE_HEIGHT) {
    ends[i].y = Math.min(ends[i].y, limit);
  }
  for (const { policy, x, y } of ends) {
    context.fillStyle = policyColour(draw.appearance, policy);
    context.fillText(isolate(fitText(draw.policies[policy], 150)), x + 9, y);
  }
}
