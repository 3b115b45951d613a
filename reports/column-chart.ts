import uPlot from 'uplot';
import type { ColumnsChart } from '../src/report/model.js';
import { policyColour, policyDash } from './appearance.js';
import { formatCount, formatDecimal } from './format.js';
import { axis, drawNothing, onPlot, roundScale, roundSteps } from './frame.js';
import type { DrawContext } from './frame.js';
import { attachReading } from './reading.js';

/** A column must be this wide to be told from its neighbour; below it the chart is of lines. */
const LEAST_COLUMN = 3;
const AXIS = 48;
const END = 12;

export function drawColumns(draw: DrawContext, chart: ColumnsChart): uPlot | null {
  const shown = draw.policies.map((_, policy) => policy).filter((policy) => draw.shown[policy]);
  const count = Math.max(0, ...chart.values.map((values) => values.length));
  if (count === 0) return drawNothing(draw.host, 'No processors.');
  const processors = Array.from({ length: count }, (_, i) => i);
  const cell = (draw.width - AXIS - END) / count;
  const width = Math.min(22, Math.floor((cell * 0.8) / shown.length));
  const columns = width >= LEAST_COLUMN;
  const max = Math.max(0, ...shown.flatMap((policy) => chart.values[policy]));
  const splits = roundScale(max || 1, 5);
  const labels = roundSteps(count - 1, Math.max(2, Math.floor((draw.width - AXIS) / 48))).filter(
    Number.isInteger,
  );
  const options: uPlot.Options = {
    width: draw.width,
    height: 240,
    padding: [10, END, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: !columns } },
    scales: {
      x: { time: false, range: () => [-0.5, count - 0.5] },
      y: { range: () => [0, splits[splits.length - 1]] },
    },
    axes: [
      axis(draw.appearance, {
        size: 34,
        grid: { show: false },
        splits: () => labels,
        values: (_plot, values) =>
          values.map((value, i) => (i === 0 ? `CPU ${value}` : `${value}`)),
      }),
      axis(draw.appearance, {
        size: AXIS,
        splits: () => splits,
        values: (_plot, values) => values.map((value) => formatCount(value)),
      }),
    ],
    series: [
      {},
      ...draw.policies.map((_, policy) => ({
        show: draw.shown[policy],
        stroke: policyColour(draw.appearance, policy),
        width: 1.5,
        dash: policyDash(policy),
        points: { show: false },
        paths: columns ? () => null : uPlot.paths.linear!(),
      })),
    ],
    hooks: {
      draw: columns ? [(plot) => fillColumns(plot, draw, chart, { shown, width })] : [],
    },
  };
  const data = [processors, ...chart.values] as uPlot.AlignedData;
  const plot = new uPlot(options, data, draw.host);
  attachReading(plot, draw, (at) => [
    `processor ${at}`,
    (policy) => formatDecimal(chart.values[policy][at] ?? 0),
  ]);
  return plot;
}

function fillColumns(
  plot: uPlot,
  draw: DrawContext,
  chart: ColumnsChart,
  { shown, width }: { shown: number[]; width: number },
): void {
  onPlot(plot, (context) =>
    shown.forEach((policy, lane) => {
      context.fillStyle = policyColour(draw.appearance, policy);
      chart.values[policy].forEach((depth, processor) => {
        const left = plot.valToPos(processor, 'x') + (lane - shown.length / 2) * width;
        const top = plot.valToPos(depth, 'y');
        const height = plot.bbox.height / uPlot.pxRatio - top;
        // A depth of 0 keeps a line, so that a policy does not look left out.
        context.fillRect(left, top - (height < 1 ? 1 : 0), width - 1, Math.max(1, height));
      });
    }),
  );
}
