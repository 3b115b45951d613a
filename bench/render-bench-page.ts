import { embedJson, escapeHtml } from '../src/report/html.js';
import { htmlPage } from '../src/report/html-page.js';
import { inlineAssets } from '../src/report/inline-assets.js';
import type { PageAssets } from '../src/report/inline-assets.js';
import type { ColumnModel, TableModel } from '../src/report/model.js';
import { SCRIPT_NOTICE } from '../src/report/render-page.js';
import { renderTable } from '../src/report/render-table.js';
import { MARKER_DEFINITIONS } from '../src/report/svg.js';
import type { BenchDocument, CaseFigures } from './document.js';
import type { BenchPageData, RateBars, RateHistory } from './page/page-data.js';
import { formatSpread, goalText, shownFigure, threeDigits } from './table.js';

/**
 * One HTML file with a bench's figures as charts and tables, and how rates went over the history.
 */
export function renderBenchPage(
  document: BenchDocument,
  history: readonly BenchDocument[],
  assets: PageAssets,
): string {
  const { script, style, policy } = inlineAssets(assets);
  const data = pageData(document, history);
  const charts = data.bars.map(({ id, unit, subjects: [only, ...others] }) =>
    figure(others.length === 0 ? only : 'Workloads', `Median rates in ${unit}.`, id),
  );
  return htmlPage({
    title: 'dpcbench bench',
    policy,
    style,
    body: `${MARKER_DEFINITIONS}
<header class="top"><h1>dpcbench bench</h1></header>
${SCRIPT_NOTICE}
<main id="main">
<h2>How fast the simulation runs</h2>
<p class="question">${escapeHtml(surroundings(document))}</p>
<h3>Rates</h3>
<div class="figures">${charts.join('\n')}</div>
<h3>Ratios</h3>
${renderTable(ratioTable(document))}
<h3>All figures</h3>
${renderTable(caseTable(document))}
<h3>History</h3>
<div class="figures">${figure(
      'The kernel on each workload',
      'Over the recorded benches, not all of one machine.',
      data.history.id,
      'wide',
    )}</div>
${renderTable(historyTable(history))}
</main>
<script type="application/json" id="data">${embedJson(data)}</script>
<script>${script}</script>`,
  });
}

function figure(title: string, note: string, id: string, more = ''): string {
  return (
    `<figure class="${more}"><figcaption><h4>${escapeHtml(title)}</h4>` +
    `<p>${escapeHtml(note)}</p></figcaption>` +
    `<div class="view"><div class="chart" id="${id}"></div></div></figure>`
  );
}

function surroundings({ machine, versions, settings, commit, at }: BenchDocument): string {
  return (
    `${machine.cpu}, ${machine.processors} processors, node ${versions.node}, ` +
    `commit ${commit.slice(0, 10)}, ${at.slice(0, 10)}; median of ${settings.rounds} interleaved ` +
    `rounds, ± half the distance between the quartiles.`
  );
}

/** The charts' data: rates of one unit by the same simulators share a chart. */
export function pageData(
  document: BenchDocument,
  history: readonly BenchDocument[],
): BenchPageData {
  const rates = document.cases.filter(({ unit }) => unit.endsWith('/s') && unit !== 'MB/s');
  return { bars: rateGroups(rates).map(rateBars), history: historyData(history) };
}

/** Cases of one unit whose subjects have a variant in common. */
function rateGroups(rates: readonly CaseFigures[]): CaseFigures[][] {
  const groups: CaseFigures[][] = [];
  for (const subject of new Set(rates.map((one) => one.subject))) {
    const cases = rates.filter((one) => one.subject === subject);
    const isAkin = (other: CaseFigures): boolean =>
      cases.some(({ unit, variant }) => unit === other.unit && variant === other.variant);
    const group = groups.find((one) => one.some(isAkin));
    if (group === undefined) groups.push(cases);
    else group.push(...cases);
  }
  return groups;
}

function rateBars(cases: CaseFigures[], index: number): RateBars {
  const subjects = [...new Set(cases.map(({ subject }) => subject))];
  const variants = [...new Set(cases.map(({ variant }) => variant))];
  const values = variants.map((variant) =>
    subjects.map((subject) =>
      millions(cases.find((one) => one.subject === subject && one.variant === variant)),
    ),
  );
  return { id: `rates-${index}`, unit: `M ${cases[0].unit}`, subjects, variants, values };
}

function historyData(history: readonly BenchDocument[]): RateHistory {
  const kernelCases = ({ cases }: BenchDocument): CaseFigures[] =>
    cases.filter(({ variant, unit }) => variant === 'wasm' && unit === 'interrupts/s');
  const workloads = [...new Set(history.flatMap(kernelCases).map(({ subject }) => subject))];
  return {
    id: 'history',
    records: history.map(
      ({ commit, at, machine }) => `${commit.slice(0, 7)} ${at.slice(0, 10)} ${machine.cpu}`,
    ),
    workloads,
    values: workloads.map((workload) =>
      history.map((document) =>
        millions(kernelCases(document).find(({ subject }) => subject === workload)),
      ),
    ),
  };
}

function millions(one: CaseFigures | undefined): number | null {
  return one === undefined ? null : one.figure.median / 1e6;
}

function ratioTable({ ratios }: BenchDocument): TableModel {
  return table('Ratios, taken round by round', [
    text(
      'ratio',
      ratios.map(({ name }) => name),
    ),
    text(
      'on',
      ratios.map(({ subject }) => subject),
    ),
    text(
      'median',
      ratios.map(({ figure }) => threeDigits(figure.median)),
    ),
    text(
      'spread',
      ratios.map(({ figure }) => formatSpread(figure)),
    ),
    text(
      'goal',
      ratios.map(({ goal, figure }) => (goal === null ? '' : goalText(goal, figure.median))),
    ),
  ]);
}

function caseTable({ cases }: BenchDocument): TableModel {
  const shown = (one: CaseFigures, value: number): string =>
    threeDigits(shownFigure(value, one.unit).value);
  return table('Figures of every case', [
    text(
      'subject',
      cases.map(({ subject }) => subject),
    ),
    text(
      'by',
      cases.map(({ variant }) => variant),
    ),
    text(
      'median',
      cases.map((one) => shown(one, one.figure.median)),
    ),
    text(
      'unit',
      cases.map(({ unit }) => shownFigure(0, unit).unit),
    ),
    text(
      'spread',
      cases.map(({ figure }) => formatSpread(figure)),
    ),
    text(
      'least',
      cases.map((one) => shown(one, one.figure.min)),
    ),
    text(
      'most',
      cases.map((one) => shown(one, one.figure.max)),
    ),
    text(
      'goal',
      cases.map(({ figure, goal, unit }) =>
        goal === undefined ? '' : goalText(goal, figure.median, unit),
      ),
    ),
    text(
      'result',
      cases.map(({ hash }) => hash),
    ),
  ]);
}

function historyTable(history: readonly BenchDocument[]): TableModel {
  const { records, workloads, values } = historyData(history);
  return table('Recorded rates of the kernel, in millions of interrupts a second', [
    text('record', records),
    ...workloads.map((workload, i) =>
      text(
        workload,
        values[i].map((value) => (value === null ? '' : threeDigits(value))),
      ),
    ),
  ]);
}

function table(caption: string, columns: ColumnModel[]): TableModel {
  return { caption, columns, note: '' };
}

function text(label: string, values: string[]): ColumnModel {
  return { label, unit: 'text', values };
}
