import { LATENCY_NAMES, type LatencyName } from '../result/figures.js';
import { FEW_NOTE } from './format.js';
import { escapeHtml, nameHtml } from './html.js';
import { LATENCY_LABELS } from './latency-figures.js';
import type { FigureModel } from './model.js';
import { renderTable } from './render-table.js';

/** The latency that is drawn until the reader selects another. */
const FIRST_LATENCY: LatencyName = 'dpcWait';

/** A chart that the script draws; until then its table is what there is. */
export function renderFigure(figure: FigureModel, section: string): string {
  const isChoice = figure.views.length > 1;
  const names = [FIRST_LATENCY, ...LATENCY_NAMES.filter((name) => name !== FIRST_LATENCY)];
  const options = names.map((name) => `<option value="${name}">${LATENCY_LABELS[name]}</option>`);
  const select = isChoice
    ? `<div class="controls" hidden><label for="${section}-latency">Latency <select
id="${section}-latency" class="latency" autocomplete="off">
${options.join('')}</select></label></div>`
    : '';
  const views = figure.views.map((view, i) => {
    const hidden = view.latency !== null && view.latency !== FIRST_LATENCY ? ' hidden' : '';
    const kind = view.latency === null ? '' : LATENCY_LABELS[view.latency];
    const caption =
      (kind === '' ? '' : `<p class="kind">${kind}</p>`) +
      (view.note === '' ? '' : `<p class="note">${nameHtml(view.note)}</p>`);
    return (
      `<div class="view" data-view="${i}"${hidden}>${caption}<div class="chart" role="img" ` +
      `aria-label="${escapeHtml(view.summary)}"></div></div>`
    );
  });
  const tables = figure.views.map((view) => renderTable(view.table)).join('');
  const few = figure.views.some(({ table }) =>
    table.columns.some(({ values }) => values.includes(null)),
  );
  return `<figure id="${figure.id}"><figcaption><h2>${escapeHtml(figure.title)}</h2>
<p>${escapeHtml(figure.note)}</p></figcaption>
${select}<div class="legend" role="group" aria-label="Lines shown" hidden></div>
${views.join('\n')}
<details class="data"><summary>Data: ${escapeHtml(figure.title)}</summary>
${tables}${few ? `<p class="note">${FEW_NOTE}</p>` : ''}</details>
</figure>`;
}
