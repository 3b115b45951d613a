import { INTERRUPT_TIMES, type TimeSplit } from '../result/outcome.js';
import type { PolicyResult, ResultDocument } from '../result/document.js';
import { formatCount } from '../units.js';
import { TIME_PARTS } from './activity-colours.js';
import { capitalised, formatShare, threeDigits } from './format.js';
import { escapeHtml, nameHtml } from './html.js';
import type { ProcessorFigure, ProcessorsModel, TimeModel } from './model.js';
import { linearScale } from './scale.js';
import { across, label, line, swatch } from './svg.js';

/** Up to so many bars every processor has a row of them, beyond it a cell in a heat map. */
const MOST_BARS = 40;
const MOST_COLUMNS = 64;
const LEVELS = 8;
const CELL_HEIGHT = 16;

/** Where the processors' time went, all of them together. */
export function timeOf({ results }: ResultDocument): TimeModel {
  const parts = TIME_PARTS.filter(([key]) =>
    results.some(({ processors }) => processors.some(({ timeSplit }) => key in timeSplit)),
  );
  return {
    parts: parts.map(([, activity, words]) => ({ label: capitalised(words), activity })),
    shares: results.map((result) => {
      const sums = parts.map(([key]) =>
        result.processors.reduce((sum, { timeSplit }) => sum + (timeSplit[key] ?? 0), 0),
      );
      const total = sums.reduce((sum, ns) => sum + ns, 0);
      return sums.map((ns) => (total === 0 ? 0 : ns / total));
    }),
  };
}

/** What each processor did, and how deep its queue was. */
export function processorsOf({ results }: ResultDocument, id: string): ProcessorsModel {
  const each = (of: (processor: PolicyResult['processors'][number]) => number): number[][] =>
    results.map(({ processors }) =>
      processors.map((processor) => Number(of(processor).toPrecision(3))),
    );
  return {
    figures: [
      {
        id: `${id}-busy`,
        title: 'Time in interrupts and DPCs',
        note: 'Share of each processor’s time in ISRs, clock, IPI handlers and DPCs.',
        unit: 'share',
        values: each(({ timeSplit }) => {
          const sum = (keys: readonly (keyof TimeSplit)[]): number =>
            keys.reduce((total, key) => total + (timeSplit[key] ?? 0), 0);
          const all = sum(INTERRUPT_TIMES) + timeSplit.threadNs + timeSplit.idleNs;
          return all === 0 ? 0 : sum(INTERRUPT_TIMES) / all;
        }),
      },
      {
        id: `${id}-depth`,
        title: 'DPC queue depth, mean over time',
        note: 'DPCs queued to each processor, weighted by how long they were.',
        unit: 'decimal',
        values: each(({ queueDepth }) => queueDepth.mean),
      },
    ],
  };
}

/** One stacked bar a policy, and the shares as a table that is its key. */
export function renderTime({ parts, shares }: TimeModel, policies: readonly string[]): string {
  const bars = shares.map((row, policy) => {
    let from = 0;
    const rects = row.map((share, i) => {
      const x = from;
      from += share;
      return share === 0
        ? ''
        : `<rect class="${parts[i].activity}" x="${across(x)}" y="2" width="${across(share)}"
height="18"/>`;
    });
    return (
      `<div class="bar-row">${swatch(policy)} ${nameHtml(policies[policy])}` +
      `<svg class="row" height="22" aria-hidden="true">${rects.join('')}</svg></div>`
    );
  });
  const head = policies.map(
    (name, policy) => `<th scope="col" class="n">${swatch(policy)} ${nameHtml(name)}</th>`,
  );
  const rows = parts.map(({ label: name, activity }, i) => {
    const cells = shares.map((row) => `<td class="n">${formatShare(row[i])}</td>`).join('');
    const key = `<svg class="swatch" aria-hidden="true" width="14" height="14"><rect
class="${activity}" x="1" y="1" width="12" height="12"/></svg>`;
    return `<tr><th scope="row">${key} ${name}</th>${cells}</tr>`;
  });
  return `<div class="two"><div class="bars">${bars.join('')}</div>
<div class="scroll" role="region" tabindex="0" aria-label="Processor time by policy"><table>
<caption class="unseen">Processor time by policy</caption>
<thead><tr><th scope="col">All processors</th>${head.join('')}</tr></thead>
<tbody>${rows.join('')}</tbody></table></div></div>`;
}

/** Must the script be told the figures of the cells, since nothing else on the page holds them? */
export function isHeatMap({ values }: ProcessorFigure): boolean {
  return values[0].length * values.length > MOST_BARS;
}

/** Bars where there is a row for each processor, a heat map where there are too many. */
export function renderProcessors(figure: ProcessorFigure, policies: readonly string[]): string {
  const picture = isHeatMap(figure)
    ? renderHeatMap(figure, policies)
    : renderBars(figure, policies);
  return `<figure id="${figure.id}"><figcaption><h3>${figure.title}</h3>
<p>${figure.note}</p></figcaption>
${picture}</figure>`;
}

function textOf(value: number, unit: ProcessorFigure['unit']): string {
  return unit === 'share' ? formatShare(value) : threeDigits(value);
}

const BAR = 9;
const GAP = 8;

function renderBars({ title, unit, values }: ProcessorFigure, policies: readonly string[]): string {
  const scale = linearScale(values.flat(), 4);
  const count = values[0].length;
  const block = values.length * BAR + GAP;
  const height = count * block;
  const grid = scale.ticks.map(
    (tick) =>
      line([scale.at(tick), 0], [scale.at(tick), height], 'g') +
      label(textOf(tick, unit).replace('.0 %', ' %'), across(scale.at(tick)), height + 15, {
        anchor: 'middle',
      }),
  );
  const rows = Array.from({ length: count }, (_, processor) => {
    const top = processor * block + GAP / 2;
    const middle = top + (block - GAP) / 2 + 4;
    const bars = values.map((row, policy) => {
      const y = top + policy * BAR;
      return `<rect class="p p${policy}" x="0" y="${y}"
width="${across(scale.at(row[processor]))}" height="${BAR - 2}"/>`;
    });
    const tip = [
      `CPU ${processor}`,
      ...values.map(
        (row, policy) => `#${policy} ${policies[policy]} ${textOf(row[processor], unit)}`,
      ),
    ].join('\n');
    return (
      `<g data-tip="${escapeHtml(tip)}"><rect class="hit" x="0" y="${top - GAP / 2}" width="100%"
height="${block}"/>` +
      `${label(`CPU ${processor}`, '-8', middle, { name: 'n', anchor: 'end' })}${bars.join('')}</g>`
    );
  });
  return `<div class="plot bar-plot"><svg role="img" height="${height + 22}"
aria-label="${summaryOf(title, unit, values, policies)}">
${grid.join('')}${rows.join('')}</svg></div>`;
}

function summaryOf(
  title: string,
  unit: ProcessorFigure['unit'],
  values: number[][],
  policies: readonly string[],
): string {
  const parts = values.map((row, policy) => {
    const most = row.reduce((best, value, at) => (value > row[best] ? at : best), 0);
    return `${policies[policy]}: most on processor ${most} with ${textOf(row[most], unit)}`;
  });
  return escapeHtml(`${title}, by processor. ${parts.join('; ')}.`);
}

/** A square a processor, stronger for more; a path for each shade, so that it stays small. */
function renderHeatMap(
  { id, title, unit, values }: ProcessorFigure,
  policies: readonly string[],
): string {
  const count = values[0].length;
  const columns = Math.min(MOST_COLUMNS, 2 ** Math.ceil(Math.log2(Math.sqrt(count * 2.5))));
  const lines = Math.ceil(count / columns);
  const max = Math.max(0, ...values.flat()) || 1;
  const maps = values.map((row, policy) => {
    const levels = Array.from({ length: LEVELS }, () => '');
    row.forEach((value, processor) => {
      const level = Math.min(LEVELS - 1, Math.floor((value / max) * LEVELS));
      levels[level] += `M${processor % columns} ${Math.floor(processor / columns)}h1v1h-1z`;
    });
    const paths = levels.map((path, level) =>
      path === '' ? '' : `<path class="h h${level}" d="${path}"/>`,
    );
    return (
      `<div class="heat"><p>${swatch(policy)} ${nameHtml(policies[policy])}</p>` +
      `<svg role="img" data-cells="${id}" data-policy="${policy}" data-columns="${columns}" ` +
      `viewBox="0 0 ${columns} ${lines}" preserveAspectRatio="none"
height="${lines * CELL_HEIGHT}" ` +
      `aria-label="${summaryOf(title, unit, [row], [policies[policy]])}">` +
      `${paths.join('')}</svg></div>`
    );
  });
  const shades = Array.from(
    { length: LEVELS },
    (_, level) =>
      `<svg class="swatch" width="14" height="14" aria-hidden="true"><rect class="h h${level}"
width="14" height="14"/></svg>`,
  ).join('');
  return `${maps.join('')}<p class="note">Row by row from processor 0, ${columns} to a row,
${formatCount(count)} in all.
<span class="shades">0 ${shades} ${textOf(max, unit)}</span></p>`;
}
