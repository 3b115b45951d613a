import { LATENCY_NAMES, type LatencyName } from '../result/figures.js';
import { renderDecisions } from './decision-matrix.js';
import { escapeHtml, nameHtml } from './html.js';
import { LATENCY_LABELS } from './latency-figures.js';
import type { FigureModel, RuleModel, SectionModel, TableModel } from './model.js';
import { renderTable } from './render-table.js';

/** The latency that is drawn until the reader selects another. */
const FIRST_LATENCY: LatencyName = 'dpcWait';

/** One scenario: question, answer, figures, what was simulated, and how. */
export function renderSection(section: SectionModel): string {
  const { id } = section;
  const question =
    section.question === '' ? '' : `<p class="question">${nameHtml(section.question)}</p>`;
  return `<section class="scenario" id="${id}" aria-labelledby="${id}-name">
<h2 id="${id}-name">${nameHtml(section.name)}</h2>
${question}
${renderWarnings(section.warnings)}
${renderAnswer(section.verdict)}
${renderDecisions(section.decisions)}
<h3>Policies side by side</h3>
<div class="plain">${renderTable(section.key)}</div>
${[section.intervals, section.comparisons].map(renderPlain).join('')}
<h3>Figures</h3>
${renderControls(id)}
<div class="figures">
${section.figures.map(renderFigure).join('\n')}
</div>
<h3>The rules compared</h3>
<p class="note">Where the public sources disagree, the rule sets do: each result holds for the rule
set that it names. <q>over</q>, <q>slow</q>, <q>rare</q>, <q>idle</q>, <q>polling</q> and
<q>deep</q> are facts about the target processor at the moment of queueing.</p>
${section.rules.map(renderRule).join('\n')}
<h3>The scenario</h3>
<details><summary>As simulated, defaults filled in (times in ns)</summary>
<pre tabindex="0" aria-label="Scenario">${escapeHtml(section.scenarioText)}</pre></details>
<h3>How these figures were made</h3>
<div class="plain meta">${renderTable(section.meta)}</div>
</section>`;
}

function renderWarnings(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const sentences = warnings.map((sentence) => `<p>${nameHtml(sentence)}</p>`).join('');
  return `<div class="answer warnings"><h3>Before any figure</h3>${sentences}</div>`;
}

export function renderAnswer(answer: readonly string[]): string {
  if (answer.length === 0) return '';
  const sentences = answer.map((sentence) => `<p>${nameHtml(sentence)}</p>`).join('');
  return `<div class="answer"><h3>The answer</h3>${sentences}</div>`;
}

function renderPlain(table: TableModel | null): string {
  return table === null ? '' : `<div class="plain">${renderTable(table)}</div>`;
}

/** Shown by the script, because without it they would do nothing. */
function renderControls(id: string): string {
  const names = [FIRST_LATENCY, ...LATENCY_NAMES.filter((name) => name !== FIRST_LATENCY)];
  const options = names.map((name) => `<option value="${name}">${LATENCY_LABELS[name]}</option>`);
  return (
    `<div class="controls" hidden>
${renderSwitches('Policies shown')}
<label for="${id}-latency">Latency shown <select id="${id}-latency" autocomplete="off">` +
    `${options.join('')}</select></label>
</div>`
  );
}

/** Where the script puts a button for each line of the charts. */
export function renderSwitches(label: string): string {
  return `<div class="legend" role="group" aria-label="${label}"></div>`;
}

export function renderFigure(figure: FigureModel): string {
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
  const wide = figure.views.some((view) => view.chart.kind === 'ranges') ? ' class="wide"' : '';
  return `<figure id="${figure.id}"${wide}>
<figcaption><h4>${escapeHtml(figure.title)}</h4><p>${escapeHtml(figure.note)}</p></figcaption>
${views.join('\n')}
<details><summary>Data: ${escapeHtml(figure.title)}</summary>
${figure.views.map((view) => renderTable(view.table)).join('')}</details>
</figure>`;
}

function renderRule(rule: RuleModel): string {
  const sentence = rule.sentence === '' ? 'A rule of this scenario’s own.' : rule.sentence;
  const source = rule.source === '' ? '' : `<p class="note">Source: ${nameHtml(rule.source)}</p>`;
  return `<div class="rule"><h4>${nameHtml(rule.policy)}</h4><p>${nameHtml(sentence)}</p>
${source}${renderTable(rule.conditions)}<p class="note">${escapeHtml(rule.settings)}</p></div>`;
}
