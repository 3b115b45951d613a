import type { FitDocument } from '../stats/fit.js';
import { fitAnswer, fitNotes, PERCENTILE_LABELS, vectorLabel } from '../stats/fit-sentence.js';
import { FIT_PERCENTILES } from '../stats/prediction.js';
import { formatCount, formatNs } from '../units.js';
import { FIT_LINES, fitFigures } from './fit-figures.js';
import { escapeHtml, nameHtml } from './html.js';
import type { PageAssets } from './inline-assets.js';
import type { ColumnModel, FigureModel, TableModel } from './model.js';
import { pageData } from './page-data.js';
import { renderPage, THEME_BUTTON } from './render-page.js';
import { renderFigure } from './render-figure.js';
import { renderTable } from './render-table.js';
import { factTable } from './table.js';

const ID = 's1';

/** A report on a fit: the same kind of file as `renderReport` makes, of the same assets. */
export function renderFit(document: FitDocument, page: PageAssets): string {
  const figures = fitFigures(document.vectors, ID);
  return renderPage(
    {
      title: `${document.meta.origin} – dpcbench fit`,
      header: `<p class="brand">dpcbench fit</p>\n${THEME_BUTTON}`,
      main: renderMain(document, figures),
      data: pageData([{ id: ID, policies: [...FIT_LINES], figures }]),
    },
    page,
  );
}

function renderMain(document: FitDocument, figures: readonly FigureModel[]): string {
  const { meta, policy } = document;
  return `<section class="scenario" id="${ID}" aria-labelledby="${ID}-name">
<p class="lead"><b id="${ID}-name">${nameHtml(meta.origin)}</b> · Does the machine predict how
long softirqs wait on the recorded one?</p>
<h1>${escapeHtml(fitAnswer(document))}</h1>
${fitNotes(document)
  .map((sentence) => `<p class="note">${nameHtml(sentence)}</p>`)
  .join('')}
<h2>Predicted beside recorded</h2>
<div class="plain vectors">${renderTable(vectorTable(document))}</div>
<div class="two">
${figures.map((figure) => renderFigure(figure, ID)).join('\n')}
</div>
<h2>Costs, measured on the first half</h2>
<div class="plain">${renderTable(costTable(document))}</div>
<h2>The rule replayed</h2>
<div class="rule"><h3>${nameHtml(policy.name)}</h3><p>${nameHtml(policy.sentence)}</p>
<p class="note">Source: ${escapeHtml(policy.source)}</p></div>
<h2>How these figures were made</h2>
<div class="plain facts">${renderTable(metaTable(document))}</div>
</section>`;
}

/** A row for each vector and percentile. */
function vectorTable({ vectors }: FitDocument): TableModel {
  const rows = vectors.flatMap((vector) => FIT_PERCENTILES.map((key) => ({ vector, key })));
  type Row = (typeof rows)[number];
  const column = (
    label: string,
    unit: ColumnModel['unit'],
    of: (row: Row) => string | number | null,
  ): ColumnModel => ({ label, unit, values: rows.map(of) });
  return {
    caption: 'Latency from raise to entry',
    columns: [
      column('Vector', 'name', ({ vector }) => vectorLabel(vector.name)),
      column('Percentile', 'text', ({ key }) => PERCENTILE_LABELS[key]),
      column('Recorded', 'ns', ({ vector, key }) => vector.recorded[key]),
      column('Predicted', 'ns', ({ vector, key }) => vector.predicted[key]),
      column('Ratio', 'ratio', ({ vector: { ratio, verdict }, key }) =>
        verdict[key] === 'too coarse' ? verdict[key] : ratio[key],
      ),
      column('Target', 'text', ({ vector, key }) => vector.verdict[key]),
      column('First half', 'ns', ({ vector, key }) => vector.before[key]),
      column('Samples', 'count', ({ vector }) => vector.recorded.count),
    ],
    note:
      'Recorded and predicted in the second half. The first half, recorded as well, is what ' +
      'costs come from: where it differs, the recorded machine itself has changed.',
  };
}

function costTable({ calibration }: FitDocument): TableModel {
  const { dispatchNs, dequeueNs, dequeueCount, afterRaise, afterHandler, beforeHandler } =
    calibration;
  const entries = [
    ...afterRaise.map((times) => ({
      label: `Entry after a thread raises ${vectorLabel(times.name)}`,
      times,
    })),
    ...afterHandler.map((times) => ({ label: `Entry after ${times.name}`, times })),
  ];
  const entered = entries.reduce((sum, { times }) => sum + times.entry.count, 0);
  entries.push(
    ...beforeHandler.map((times) => ({
      label: `Between a handler and ${times.name}, which came before an entry`,
      times,
    })),
  );
  const dequeue = dequeueCount === 0 ? 'none seen' : formatNs(dequeueNs);
  return {
    caption: 'Costs, measured on the first half',
    columns: [
      {
        label: 'Cost',
        unit: 'name',
        values: [
          'Least entry time (dispatch)',
          'From one softirq to the next, median (dequeue)',
          ...entries.map(({ label }) => label),
        ],
      },
      {
        label: 'Samples',
        unit: 'count',
        values: [entered, dequeueCount, ...entries.map(({ times }) => times.entry.count)],
      },
      {
        label: 'Value',
        unit: 'text',
        values: [
          formatNs(dispatchNs),
          dequeue,
          ...entries.map(({ times }) => {
            if (beforeHandler.includes(times)) return 'the median';
            return times.pooled ? 'drawn from all of its kind' : 'drawn from these';
          }),
        ],
      },
      ...FIT_PERCENTILES.map((key) => ({
        label: PERCENTILE_LABELS[key],
        unit: 'ns' as const,
        values: ['–', '–', ...entries.map(({ times }) => times.entry[key])],
      })),
    ],
    note: '',
  };
}

function metaTable({ meta, schema }: FitDocument): TableModel {
  const { versions } = meta;
  const rows: [string, string][] = [
    ['dpcbench', versions.dpcbench],
    ['Rules of the machine', `version ${versions.rules}`],
    ['Kernel', `ABI ${versions.abi}, SHA-256 ${meta.kernelHash}`],
    ['Fit schema', schema],
    ['Seed', String(meta.seed)],
    ['Processors', formatCount(meta.processors)],
    ['Recorded time', formatNs(meta.spanNs)],
    ['Half, in which costs were measured', formatNs(meta.halfNs)],
  ];
  return factTable(rows);
}
