import uPlot from 'uplot';
import type { LinesChart } from '../src/report/model.js';
import { policyColour, policyDash } from './appearance.js';
import { fitText, isolate, textWidth } from './canvas-text.js';
import { formatNs, formatShare } from './format.js';
import { axis, decades, drawNothing, logSteps } from './frame.js';
import type { DrawContext } from './frame.js';
import { attachReading } from './reading.js';

const NAMES_FROM = 560;
const LINE_HEIGHT = 15;
/** So far the last instant of the axis reaches beyond its line, in pixels. */
const HALF_LABEL = 22;
/** Where the axis of shares carries the name of a percentile as well. */
const PERCENTILES = new Map([
  [0.5, 'p50'],
  [0.1, 'p90'],
  [0.01, 'p99'],
  [0.001, 'p99.9'],
  [0.0001, 'p99.99'],
]);

export function drawLines(draw: DrawContext, chart: LinesChart): uPlot | null {
  const isBeyond = chart.yScale === 'beyond';
  const all = chart.values
    .filter((_, policy) => draw.shown[policy])
    .flat()
    .filter((value) => value !== null);
  if (chart.x.length < 2 || all.length === 0) return drawNothing(draw.host, 'Too few samples.');
  // A share of nothing has no place on a logarithmic axis.
  const values = chart.values.map((line) =>
    line.map((value) => (isBeyond && value === 0 ? null : value)),
  );
  const least = isBeyond ? 10 ** Math.floor(Math.log10(Math.min(...all.filter((v) => v > 0)))) : 0;
  const isNamed = draw.width >= NAMES_FROM;
  const longest = Math.max(...draw.policies.map((name) => textWidth(name)));
  const end = isNamed ? Math.min(150, longest) + 18 : HALF_LABEL;
  const options: uPlot.Options = {
    width: draw.width,
    height: Math.round(Math.min(380, Math.max(260, draw.width * 0.42))),
    padding: [14, end, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, dist: 6 }, points: { size: 7 } },
    scales: {
      x: { time: false, distr: 3, auto: false },
      y: { distr: isBeyond ? 3 : 1, range: () => [least, 1] },
    },
    axes: [xAxis(draw), yAxis(draw, least)],
    series: [{}, ...values.map((_, policy) => series(draw, policy))],
    hooks: isNamed ? { draw: [(plot) => paintNames(plot, draw, values)] } : {},
  };
  const data = [chart.x, ...values] as uPlot.AlignedData;
  const plot = new uPlot(options, data, draw.host);
  plot.setScale('x', { min: chart.x[0], max: chart.x[chart.x.length - 1] });
  attachReading(plot, draw, (at) => [
    isBeyond ? `longer than ${formatNs(chart.x[at])}` : `at most ${formatNs(chart.x[at])}`,
    (policy) => {
      const value = chart.values[policy][at];
      return value === null || value === undefined ? 'fewer than ten' : readShare(value);
    },
  ]);
  return plot;
}

/** A share far below a tenth of a per cent is said as one in so many. */
function readShare(share: number): string {
  if (share <= 0 || share >= 0.0005) return formatShare(share);
  return `1 in ${Math.round(1 / share).toLocaleString('en-US')}`;
}

function series(draw: DrawContext, policy: number): uPlot.Series {
  return {
    show: draw.shown[policy],
    stroke: policyColour(draw.appearance, policy, draw.chosen),
    width: policy === 0 || policy === draw.chosen ? 2.25 : 1.5,
    dash: policyDash(policy),
    paths: uPlot.paths.stepped!({ align: 1 }),
    points: { show: false },
  };
}

function xAxis(draw: DrawContext): uPlot.Axis {
  return axis(draw.appearance, {
    size: 34,
    splits: (_plot, _axis, min, max) => thinned(logSteps(min, max), draw.width - 90),
    values: (_plot, shown) => shown.map((value) => formatNs(value)),
  });
}

function yAxis(draw: DrawContext, least: number): uPlot.Axis {
  const splits =
    least > 0
      ? draw.width >= NAMES_FROM
        ? [...decades(least, 1), 0.5]
        : decades(least, 1)
      : [0, 0.2, 0.4, 0.6, 0.8, 1];
  const isWide = draw.width >= NAMES_FROM;
  return axis(draw.appearance, {
    size: isWide ? 108 : 66,
    splits: () => splits,
    values: (_plot, shown) =>
      shown.map((value) => {
        const percent = `${Number((value * 100).toPrecision(3))} %`;
        const name = least > 0 ? PERCENTILES.get(value) : undefined;
        if (name === undefined) return percent;
        return isWide ? `${name}  ${percent}` : name;
      }),
  });
}

/** As many of the labels as have room. */
function thinned(values: number[], width: number): number[] {
  const every = Math.max(1, Math.ceil((values.length * 58) / width));
  return values.filter((_, i) => i % every === 0);
}

/** Each policy's name where its line ends, moved apart where ends lie close together. */
function paintNames(plot: uPlot, draw: DrawContext, values: (number | null)[][]): void {
  const { ctx: context, bbox } = plot;
  const bottom = bbox.height / uPlot.pxRatio;
  const [min, max] = [plot.scales.x.min!, plot.scales.x.max!];
  const ends = values
    .flatMap((line, policy) => {
      const isIn = (i: number): boolean => plot.data[0][i] >= min && plot.data[0][i] <= max;
      const last = line.findLastIndex((value, i) => value !== null && isIn(i));
      if (!draw.shown[policy] || last < 0) return [];
      const y = Math.min(bottom, plot.valToPos(line[last]!, 'y'));
      return [{ policy, x: plot.valToPos(plot.data[0][last], 'x'), y }];
    })
    .sort((a, b) => a.y - b.y);
  ends.forEach((end, i) => {
    if (i > 0) end.y = Math.max(end.y, ends[i - 1].y + LINE_HEIGHT);
  });
  for (let i = ends.length - 1, limit = bottom; i >= 0; i--, limit -= LINE_HEIGHT) {
    ends[i].y = Math.min(ends[i].y, limit);
  }
  context.save();
  context.translate(bbox.left, bbox.top);
  context.scale(uPlot.pxRatio, uPlot.pxRatio);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.setLineDash([]);
  for (const { policy, x, y } of ends) {
    context.fillStyle = policyColour(draw.appearance, policy, draw.chosen);
    context.fillText(isolate(fitText(draw.policies[policy], 150)), x + 8, y);
  }
  context.restore();
}
