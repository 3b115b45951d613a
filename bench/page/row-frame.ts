import uPlot from 'uplot';
import { FONT } from '../../reports/appearance.js';
import { axis, type DrawContext } from '../../reports/frame.js';

/**
 * A chart whose marks are painted in rows from the top: uPlot sizes the canvas and draws the value
 * axis, `paint` the rest in CSS pixels from the plot's upper left corner.
 */
export interface RowFrame {
  height: number;
  scale: { min: number; max: number; log: boolean };
  splits: number[];
  format: (value: number) => string;
  paint: (context: CanvasRenderingContext2D, toX: (value: number) => number, plot: uPlot) => void;
}

export function drawRows(draw: DrawContext, frame: RowFrame): uPlot {
  const { appearance } = draw;
  const { min, max, log } = frame.scale;
  const options: uPlot.Options = {
    width: draw.width,
    height: frame.height + 34,
    padding: [0, 24, 0, 12],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, distr: log ? 3 : 1, range: () => [min, max] },
      y: { range: () => [0, 1] },
    },
    axes: [
      axis(appearance, {
        size: 34,
        splits: () => frame.splits,
        values: (_plot, values) =>
          values.map((value) => (value === null ? '' : frame.format(value))),
      }),
      { show: false },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: {
      draw: [
        (plot) =>
          onPlot(plot, (context) =>
            frame.paint(context, (value) => plot.valToPos(value, 'x'), plot),
          ),
      ],
    },
  };
  return new uPlot(
    options,
    [
      [min, max],
      [0, 0],
    ],
    draw.host,
  );
}

/** Paints in CSS pixels from the plot's upper left corner, whatever the screen's pixel ratio. */
function onPlot(plot: uPlot, paint: (context: CanvasRenderingContext2D) => void): void {
  const { ctx: context, bbox } = plot;
  context.save();
  context.translate(bbox.left, bbox.top);
  context.scale(uPlot.pxRatio, uPlot.pxRatio);
  context.font = FONT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.setLineDash([]);
  paint(context);
  context.restore();
}

/** Round values from 0 to `max`, about `count` steps of 1, 2 or 5 times a power of ten. */
export function roundSteps(max: number, count: number): number[] {
  const step = roundStep(max, count);
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => exact(i * step));
}

/** Round values up to the first that is not below `max`: the end of an axis. */
export function roundScale(max: number, count: number): number[] {
  const step = roundStep(max, count);
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, i) => exact(i * step));
}

function roundStep(max: number, count: number): number {
  if (!(max > 0)) return 1;
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9))!;
}

/** Without the dust of binary fractions: 0.3 and not 0.30000000000000004. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
