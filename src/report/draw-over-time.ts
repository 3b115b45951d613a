import { type GroupLoad, rowLow, rowOf } from '../result/over-time.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';
import { FEW_WORDS, formatShare, threeDigits } from './format.js';
import { escapeHtml, nameHtml } from './html.js';
import type { OverTimeModel, TimedPolicy } from './model.js';
import { renderTable } from './render-table.js';
import { linearScale } from './scale.js';
import { swatch } from './svg.js';
import { tickText } from './svg-axis.js';
import { CellPaths, TimeField } from './time-plot.js';

const WAITS_HEIGHT = 150;
const LINES_HEIGHT = 110;
/** Names on an axis need so much from each other, in pixels. */
const LEAST_TICK = 14;
/** A single octave would be all noise. */
const FEWEST_ROWS = 8;
/** The palest shades are hard to tell from paper; a lone DPC is to be seen. */
const FIRST_SHADE = 2;
const SHADES = 8;
const WAIT_SHADES = SHADES - FIRST_SHADE;
/** Each policy has maps of its own; more of them would be a wall. */
const MOST_MAPS = 4;
const MOST_TIPS = 4;
/**
 * All maps of processors have at most so many runs of one shade, some 8 bytes each; with more of
 * them, neighbours share a row.
 */
const MOST_RUNS = 4_000;

/** Latency, IPIs, depth and use of processors over simulated time. */
export function renderOverTime(model: OverTimeModel, policies: readonly string[]): string {
  const { id, table } = model;
  const shown = policies.slice(0, MOST_MAPS);
  const left =
    policies.length === shown.length
      ? ''
      : ` Maps of the first ${MOST_MAPS} of ${formatCountOf(policies.length, 'rule set')}.`;
  return `<div class="over-time"><div class="whole"><h2 id="${id}">Over simulated time</h2>
<p class="note">${escapeHtml(caption(model) + left)}</p>
${renderWaits(model, shown)}</div>
<div class="maps">${renderLines(model, policies, {
    title: 'IPIs per second',
    unit: '/s',
    of: ({ ipisPerSecond }) => ipisPerSecond,
  })}${renderLines(model, policies, {
    title: 'DPCs queued, on average',
    unit: '',
    of: ({ queued }) => queued,
  })}</div>
${renderBusy(model, shown)}
<details class="data"><summary>Data: over simulated time</summary>
${renderTable(table)}</details></div>`;
}

function caption({ binNs, shards, warmupNs }: OverTimeModel): string {
  const one =
    shards === 1
      ? 'The simulated machine'
      : `One machine, the first of ${formatCount(shards)} that this run adds up`;
  const warm =
    warmupNs === 0 ? '' : ' What is shaded is the warm-up, which no other figure here counts.';
  return (
    `${one}, from its start. A column is ${tickText(binNs, 'ns')} wide, the first and the last ` +
    `may be narrower.${warm} One machine has no interval: small differences mean nothing.`
  );
}

/** The rows that any policy fills, from the bottom up. */
function rowsOf({ policies }: OverTimeModel): { low: number; count: number } {
  const rows = policies.flatMap(({ waits }) => waits.lowNs.map(rowOf));
  if (rows.length === 0) return { low: 0, count: FEWEST_ROWS };
  const low = Math.min(...rows);
  return { low, count: Math.max(FEWEST_ROWS, Math.max(...rows) - low + 1) };
}

function renderWaits(model: OverTimeModel, policies: readonly string[]): string {
  const field = new TimeField(model);
  const rows = rowsOf(model);
  const most = Math.max(1, ...model.policies.flatMap(({ waits }) => waits.counts.flat()));
  const shadeOf = (count: number): number =>
    Math.min(WAIT_SHADES - 1, Math.floor((WAIT_SHADES * Math.log(count)) / Math.log(most + 1)));
  const yOf = (ns: number): number => {
    const row = rowOf(Math.floor(ns));
    const part = (ns - rowLow(row)) / (rowLow(row + 1) - rowLow(row));
    return rows.low + rows.count - row - part;
  };
  const ticks = waitTicks(rows)
    .map((ns) => ({
      at: (yOf(ns) / rows.count) * WAITS_HEIGHT,
      text: ns === 0 ? '0' : tickText(ns, 'ns'),
    }))
    // The upper one of two that would meet.
    .filter(({ at }, i, all) => i + 1 === all.length || at - all[i + 1].at >= LEAST_TICK);
  const maps = policies.map((name, index) => {
    const policy = model.policies[index];
    const { waits } = policy;
    const cells = new CellPaths(WAIT_SHADES);
    waits.lowNs.forEach((low, i) => {
      const row = rows.low + rows.count - 1 - rowOf(low);
      waits.counts[i].forEach((count, bin) => {
        if (count > 0) cells.add(shadeOf(count), field.left(policy, bin), row);
      });
    });
    const lines = [waits.p50Ns, waits.p99Ns].map((values, i) => {
      const path = field.steps(policy, values, yOf);
      return path === '' ? '' : `<path class="edge" d="${path}"/><path class="q${i}" d="${path}"/>`;
    });
    const tips =
      model.policies.length > MOST_TIPS ? [] : field.tips(policy, (bin) => waitTip(waits, bin));
    const marks = cells.svg(FIRST_SHADE) + lines.join('');
    return mapFigure(
      name,
      index,
      field.plot(WAITS_HEIGHT, {
        ticks,
        marks: field.drawing(rows.count, marks, { top: 0, pixels: WAITS_HEIGHT }),
        summary: waitSummary(name, waits),
        tips,
      }),
    );
  });
  return `<h3>How long DPCs waited</h3>
<p class="note">Stronger: more DPCs of that column waited so long, each shade
${threeDigits((most + 1) ** (1 / WAIT_SHADES))} times as many as the one before. A faint cell is one
DPC or a few: what stands out at the top is rare.
<span class="shades">1 ${shades(FIRST_SHADE)} ${formatCount(most)} DPCs</span>
${lineKey(model)}</p>
<div class="maps">${maps.join('')}</div>`;
}

/** The lines that are drawn in some map. */
function lineKey({ policies }: OverTimeModel): string {
  const has = (of: (waits: TimedPolicy['waits']) => (number | null)[]): boolean =>
    policies.some(({ waits }) => of(waits).some((ns) => ns !== null));
  const median = `<span class="shades">${sample('q0')} median</span>`;
  const p99 = `<span class="shades">${sample('q1')} p99, where a column has 1,000 DPCs</span>`;
  return (has(({ p50Ns }) => p50Ns) ? median : '') + (has(({ p99Ns }) => p99Ns) ? ` ${p99}` : '');
}

/** Powers of ten, and between few of them 2 and 5 as well. */
function waitTicks({ low, count }: { low: number; count: number }): number[] {
  const [leastNs, mostNs] = [rowLow(low), rowLow(low + count)];
  const digits = mostNs > 50 * Math.max(leastNs, 1_000) ? [1] : [1, 2, 5];
  const ticks = leastNs === 0 ? [0] : [];
  for (let power = 1_000; power <= mostNs; power *= 10) {
    ticks.push(...digits.map((digit) => digit * power));
  }
  return ticks.filter((ns) => ns >= leastNs && ns <= mostNs);
}

function waitTip(waits: TimedPolicy['waits'], bin: number): string[] {
  const { count, maxNs, p50Ns, p99Ns } = waits;
  const text = (ns: number | null): string => (ns === null ? FEW_WORDS : formatNs(ns));
  if (count[bin] === 0) return ['no DPC taken'];
  return [
    formatCountOf(count[bin], 'DPC'),
    `median ${text(p50Ns[bin])}`,
    `p99 ${text(p99Ns[bin])}`,
    `longest ${formatNs(maxNs[bin])}`,
  ];
}

function waitSummary(name: string, { count, maxNs, p50Ns, p99Ns }: TimedPolicy['waits']): string {
  const range = (values: readonly (number | null)[]): string => {
    const known = values.filter((ns) => ns !== null);
    if (known.length === 0) return FEW_WORDS;
    return `${formatNs(Math.min(...known))} to ${formatNs(Math.max(...known))}`;
  };
  const longest = count.flatMap((samples, i) => (samples === 0 ? [] : [maxNs[i]]));
  return (
    `DPC latency over simulated time under ${name}, in ${count.length} columns. ` +
    `Median of a column: ${range(p50Ns)}. p99: ${range(p99Ns)}. Longest: ${range(longest)}.`
  );
}

interface Drawn {
  title: string;
  unit: string;
  of: (policy: TimedPolicy) => (number | null)[];
}

function renderLines(
  model: OverTimeModel,
  policies: readonly string[],
  { title, unit, of }: Drawn,
): string {
  const field = new TimeField(model);
  const columns = model.policies.map(of);
  const scale = linearScale(
    columns.flat().filter((value) => value !== null),
    3,
  );
  const yOf = (value: number): number => 100 * (1 - scale.at(value));
  const textOf = (value: number | null): string => (value === null ? '–' : threeDigits(value));
  const paths = model.policies.map(
    (policy, i) => `<path class="steps p p${i}" d="${field.steps(policy, columns[i], yOf)}"/>`,
  );
  // One tip for all: that of the policy which lasts longest.
  const [last] = [...model.policies].sort((a, b) => b.places.length - a.places.length);
  const tips =
    model.policies.length > MOST_TIPS
      ? []
      : field.tips(last, (bin) =>
          columns.map((values, i) => `#${i} ${policies[i]} ${textOf(values[bin] ?? null)}${unit}`),
        );
  const ranges = columns.map((values, i) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${policies[i]}: –`;
    return `${policies[i]}: ${textOf(Math.min(...known))} to ${textOf(Math.max(...known))}`;
  });
  // What stands first is drawn on top.
  const marks = paths.reverse().join('');
  return `<figure><figcaption><h3>${title}</h3>
<p>${policies.map(stepsKey).join(' ')}</p></figcaption>
${field.plot(LINES_HEIGHT, {
  ticks: scale.ticks.map((tick) => ({
    at: (yOf(tick) / 100) * LINES_HEIGHT,
    text: tickText(tick, 'count'),
  })),
  marks: field.drawing(100, marks, { top: 0, pixels: LINES_HEIGHT }),
  summary: `${title}, over simulated time. ${ranges.join('; ')}.`,
  tips,
})}</figure>`;
}

function renderBusy(model: OverTimeModel, policies: readonly string[]): string {
  const field = new TimeField(model);
  const { busy, most } = busyRows(model, policies.length);
  const rows = busy[0].length;
  const inRow = busy[0][0].count;
  const height = Math.min(200, Math.max(48, 12 * rows));
  const step = 2 ** Math.max(0, Math.ceil(Math.log2((15 * rows) / height)));
  const ticks = Array.from({ length: Math.ceil(rows / step) }, (_, i) => ({
    at: ((i * step + 0.5) / rows) * height,
    text: `CPU ${busy[0][i * step].first}`,
  }));
  const maps = policies.map((name, index) => {
    const policy = model.policies[index];
    const cells = new CellPaths(SHADES);
    busy[index].forEach(({ shares }, y) => {
      shares.forEach((share, bin) => {
        cells.add(busyShade(share, most), field.left(policy, bin), y);
      });
    });
    const tips =
      model.policies.length > MOST_TIPS
        ? []
        : field.tips(policy, (bin) => busyTip(busy[index], bin));
    return mapFigure(
      name,
      index,
      field.plot(height, {
        ticks,
        marks: field.drawing(rows, cells.svg(0), { top: 0, pixels: height }),
        summary: busySummary(name, busy[index]),
        tips,
      }),
    );
  });
  const grouped =
    inRow === 1 ? '' : ` A row is ${inRow} neighbouring processors, and shows their mean.`;
  return `<div class="busy"><h3>What processors did</h3>
<p class="note">Share of each processor’s time in ISRs, clock, IPI handlers and DPCs.${grouped}
<span class="shades">0 ${shades(0)} ${formatShare(most)}</span></p>
<div class="maps">${maps.join('')}</div></div>`;
}

function busyShade(share: number, most: number): number {
  return Math.min(SHADES - 1, Math.floor((share / most) * SHADES));
}

/** The rows of each map. */
function busyRows(
  { policies }: OverTimeModel,
  maps: number,
): { busy: GroupLoad[][]; most: number } {
  for (let together = 1; ; together *= 2) {
    const busy = policies.slice(0, maps).map((policy) => putTogether(policy.busy, together));
    const most = Math.max(...busy.flatMap((rows) => rows.flatMap(({ shares }) => shares))) || 1;
    const isStep = ({ shares }: GroupLoad, bin: number): boolean =>
      bin === 0 || busyShade(shares[bin], most) !== busyShade(shares[bin - 1], most);
    const runs = busy
      .flat()
      .reduce((sum, row) => sum + row.shares.filter((_, bin) => isStep(row, bin)).length, 0);
    if (runs <= MOST_RUNS || busy[0].length === 1) return { busy, most };
  }
}

/** Rows of neighbours, and what their processors did on average. */
function putTogether(rows: readonly GroupLoad[], together: number): GroupLoad[] {
  return Array.from({ length: Math.ceil(rows.length / together) }, (_, i) => {
    const part = rows.slice(i * together, (i + 1) * together);
    const count = part.reduce((sum, row) => sum + row.count, 0);
    const shares = part[0].shares.map((_, bin) => meanShare(part, bin));
    return { first: part[0].first, count, shares };
  });
}

/** What processors of some rows did on average. */
function meanShare(rows: readonly GroupLoad[], bin: number): number {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  return rows.reduce((sum, row) => sum + row.shares[bin] * row.count, 0) / count;
}

function busiest(rows: readonly GroupLoad[], bin: number): GroupLoad {
  return rows.reduce((best, row) => (row.shares[bin] > best.shares[bin] ? row : best));
}

function rowName({ count, first }: GroupLoad): string {
  return count === 1 ? `CPU ${first}` : `CPU ${first} to ${first + count - 1}`;
}

function busyTip(rows: readonly GroupLoad[], bin: number): string[] {
  const most = busiest(rows, bin);
  return [
    `most: ${rowName(most)}, ${formatShare(most.shares[bin])}`,
    `on average ${formatShare(meanShare(rows, bin))}`,
  ];
}

function busySummary(name: string, rows: readonly GroupLoad[]): string {
  const bins = rows[0].shares.map((_, bin) => busiest(rows, bin).shares[bin]);
  const at = bins.indexOf(Math.max(...bins));
  return (
    `Time in interrupts and DPCs under ${name}, a row for each of ${rows.length} ` +
    `${rows[0].count === 1 ? 'processors' : 'groups of processors'}, over simulated time. ` +
    `Most: ${rowName(busiest(rows, at))}, ${formatShare(bins[at])} of column ${at + 1}.`
  );
}

function mapFigure(name: string, policy: number, plot: string): string {
  return `<figure><figcaption><p>${swatch(policy)} ${nameHtml(name)}</p></figcaption>
${plot}</figure>`;
}

/** A policy's line, told by its dashes as well, beside its name. */
function stepsKey(name: string, policy: number): string {
  return (
    `<span class="steps-key p p${policy}"><svg class="sample" width="26" height="12" ` +
    `aria-hidden="true"><path class="steps p p${policy}" d="M0 6H26"/></svg> ` +
    `${nameHtml(name)}</span>`
  );
}

function shades(first: number): string {
  return Array.from(
    { length: SHADES - first },
    (_, i) =>
      `<svg class="swatch" width="14" height="14" aria-hidden="true"><rect class="h h${first + i}"
width="14" height="14"/></svg>`,
  ).join('');
}

function sample(name: string): string {
  return `<svg class="sample" width="26" height="12" aria-hidden="true"><path class="${name}"
d="M0 6H26"/></svg>`;
}
