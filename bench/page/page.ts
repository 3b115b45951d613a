/**
 * The script of the bench's page: draws the charts into the HTML that holds their figures as
 * tables.
 */
import { hideScriptNotice } from '../../reports/script-notice.js';
import '../../reports/browser-language.js';
import uPlot from 'uplot';
import { FONT, policyDash, readAppearance } from '../../reports/appearance.js';
import type { Appearance } from '../../reports/appearance.js';
import { formatDecimal } from '../../reports/format.js';
import { axis, drawNothing } from '../../reports/frame.js';
import type { DrawContext } from '../../reports/frame.js';
import { attachReading } from '../../reports/reading.js';
import { lineKey } from './line-key.js';
import { drawRows, roundScale, roundSteps } from './row-frame.js';
import type { BenchPageData, RateBars, RateHistory } from './page-data.js';

/** The font in which rows are named. */
const HEAD_FONT = `600 ${FONT}`;
const COLOURS = 8;
const HEAD = 24;
const LANE = 18;
const GAP = 10;
/** Room for a bar's figure and name behind the longest bar. */
const LABEL = 130;

const data = JSON.parse(document.getElementById('data')!.textContent!) as BenchPageData;
const plots: uPlot[] = [];
let drawnWidth = 0;

function drawAll(): void {
  drawnWidth = document.body.clientWidth;
  const appearance = readAppearance();
  for (const plot of plots.splice(0)) plot.destroy();
  for (const bars of data.bars) drawRates(contextOf(bars.id, bars.variants, appearance), bars);
  const { history } = data;
  drawHistory(contextOf(history.id, history.workloads, appearance), history);
}

/** The report's charts are of policies; here variants and workloads take their place. */
function contextOf(id: string, policies: string[], appearance: Appearance): DrawContext {
  const host = document.getElementById(id)!;
  host.replaceChildren();
  const shown = policies.map(() => true);
  return { host, width: Math.floor(host.clientWidth), policies, shown, chosen: 1, appearance };
}

/** A variant's or a workload's colour, out of the style sheet. */
function colourOf(index: number): string {
  const style = getComputedStyle(document.documentElement);
  return style.getPropertyValue(`--p${index % COLOURS}`).trim();
}

function drawRates(draw: DrawContext, { subjects, variants, values }: RateBars): void {
  const measured = values.flat().filter((value) => value !== null);
  const max = Math.max(...measured) * (draw.width / Math.max(60, draw.width - LABEL));
  const block = HEAD + variants.length * LANE + GAP;
  plots.push(
    drawRows(draw, {
      height: subjects.length * block,
      scale: { min: 0, max, log: false },
      splits: roundSteps(max, Math.max(2, Math.floor(draw.width / 110))),
      format: formatDecimal,
      paint: (context, toX) =>
        subjects.forEach((subject, row) => {
          context.font = HEAD_FONT;
          context.fillStyle = draw.appearance.ink;
          context.fillText(subject, 0, row * block + HEAD / 2 + 1);
          context.font = FONT;
          variants.forEach((variant, lane) => {
            const value = values[lane][row];
            if (value === null) return;
            const y = row * block + HEAD + lane * LANE + LANE / 2;
            const x = Math.max(1, toX(value));
            context.fillStyle = colourOf(lane);
            context.fillRect(0, y - 6, x, 12);
            context.fillStyle = draw.appearance.ink;
            context.fillText(`${formatDecimal(value)} M/s  ${variant}`, x + 8, y);
          });
        }),
    }),
  );
}

function drawHistory(draw: DrawContext, { records, workloads, values }: RateHistory): void {
  const measured = values.flat().filter((value) => value !== null);
  if (measured.length === 0) {
    drawNothing(draw.host, 'Nothing has been recorded yet: npm run bench:record does it.');
    return;
  }
  const splits = roundScale(Math.max(...measured), 5);
  const last = records.length - 1;
  const options: uPlot.Options = {
    width: draw.width,
    height: 280,
    padding: [12, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: false, range: () => [Math.min(0, last - 1), Math.max(1, last)] },
      y: { range: () => [0, splits[splits.length - 1]] },
    },
    axes: [
      axis(draw.appearance, {
        size: 34,
        splits: () => roundSteps(last, 8).filter(Number.isInteger),
        values: (_plot, at) => at.map((index) => records[index]?.split(' ')[0] ?? ''),
      }),
      axis(draw.appearance, { size: 48, splits: () => splits }),
    ],
    series: [
      {},
      ...workloads.map((_, workload) => ({
        stroke: colourOf(workload),
        dash: policyDash(workload),
        width: 2,
        points: { show: true, size: 6 },
      })),
    ],
  };
  const x = records.map((_, index) => index);
  const plot = new uPlot(options, [x, ...values] as uPlot.AlignedData, draw.host);
  attachReading(plot, draw, (at) => [
    records[at],
    (workload) => {
      const value = values[workload][at];
      return value === null ? 'not measured' : `${formatDecimal(value)} M/s`;
    },
  ]);
  plots.push(plot);
  draw.host.append(lineKey(workloads));
}

document.documentElement.classList.add('scripted');
for (const media of ['(prefers-color-scheme: dark)', 'print']) {
  matchMedia(media).addEventListener('change', drawAll);
}
new ResizeObserver(() => {
  if (document.body.clientWidth !== drawnWidth) drawAll();
}).observe(document.body);
drawAll();
hideScriptNotice();
