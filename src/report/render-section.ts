import { formatCount } from '../units.js';
import { renderDecisions } from './decision-matrix.js';
import { renderExecution } from './execution-figures.js';
import { renderOverTime } from './draw-over-time.js';
import { FEW_NOTE } from './format.js';
import { renderFront } from './front-chart.js';
import { escapeHtml, nameHtml } from './html.js';
import type { ReasonModel, SectionModel, TableModel, TileModel } from './model.js';
import { renderProcessors, renderTime } from './processor-figures.js';
import { renderFigure } from './render-figure.js';
import { renderTable } from './render-table.js';
import { renderRich } from './rich-text.js';
import { renderLongest } from './render-waits.js';
import { renderRules } from './rule-matrix.js';
import { OPEN_ROWS, renderSources } from './source-list.js';
import { swatch } from './svg.js';

/** One scenario: the answer, why, whom it hits, where the time went, the rules, doubts, and how. */
export function renderSection(section: SectionModel): string {
  const { id, policies } = section;
  const processors = section.processors.figures.map((each) => renderProcessors(each, policies));
  const doubts = section.doubts.map((doubt) => `<li>${renderRich(doubt, policies)}</li>`);
  return `<section class="scenario" id="${id}" aria-labelledby="${id}-answer">
${renderFirstScreen(section)}
${renderWhy(section)}
${renderSourceBlock(section)}
${section.figures.map((figure) => renderFigure(figure, id)).join('\n')}
${renderLongest(section.longest, policies, id)}
${section.overTime === null ? '' : renderOverTime(section.overTime, policies)}
<h2>Where the time went</h2>
${renderTime(section.time, policies)}
${section.execution === null ? '' : renderExecution(section.execution, policies[0])}
<div class="two">${processors.join('\n')}</div>
<h2>The rules compared</h2>
<p class="note">Where the public sources disagree, the rule sets do: each result holds for the
rule set that it names.</p>
${renderRules(section.rules, policies)}
<h2>What to distrust</h2>
<ul class="doubts">${doubts.join('')}</ul>
<h2>All figures, and how they were made</h2>
<div class="plain summary">${renderTable(section.summary)}</div>
${section.details.map(renderDetails).join('\n')}
<details><summary>The scenario as simulated, defaults filled in (times in ns)</summary>
<pre tabindex="0" aria-label="Scenario">${escapeHtml(section.scenarioText)}</pre></details>
<div class="facts">${renderDetails(section.meta)}</div>
</section>`;
}

function renderFirstScreen(section: SectionModel): string {
  const { id, name, question, circumstances, policies, headline } = section;
  const asked = question === '' ? '' : ` · <span class="question">${nameHtml(question)}</span>`;
  const answer = section.answer.map(
    (sentence) => `<p class="answer">${renderRich(sentence, policies)}</p>`,
  );
  return `<p class="lead"><b>${nameHtml(name)}</b>${asked}</p>
${renderWarnings(section.warnings)}
<h1 id="${id}-answer">${renderRich(headline, policies)}</h1>
${answer.join('')}
<p class="lead">${escapeHtml(circumstances)}</p>
${renderChoice(id, policies)}
${section.tiles.map((tiles, i) => renderTiles(tiles, i + 1)).join('\n')}
<div class="two">
${renderPicture(section)}
${renderReasons(section)}
</div>`;
}

/** What each policy costs and gives; with a single one there is nothing to set it against. */
function renderPicture({ id, front, policies }: SectionModel): string {
  if (policies.length === 1) return '';
  const how =
    front === null
      ? 'Too few samples to draw.'
      : `Up: ${front.percentile} DPC latency. Better is down and to the left.`;
  return `<figure id="${id}-front"><figcaption><h2>What each rule set costs and gives</h2>
<p>${how}</p></figcaption>
${front === null ? '' : renderFront(front, policies)}</figure>`;
}

function renderWarnings(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const sentences = warnings.map((sentence) => `<p>${nameHtml(sentence)}</p>`).join('');
  return `<div class="warnings" role="note"><b>Before any figure</b>${sentences}</div>`;
}

/** Which policy is set against the first; a choice only where there is one. */
function renderChoice(id: string, policies: readonly string[]): string {
  if (policies.length === 1) return '';
  const buttons = policies.slice(1).map(
    (name, i) =>
      `<button type="button" data-choose="${i + 1}" aria-pressed="${i === 0}">${swatch(i + 1)}
${nameHtml(name)}</button>`,
  );
  const first = `<span class="p p0">${swatch(0)} ${nameHtml(policies[0])}</span>`;
  const names = policies
    .slice(1)
    .map((name, i) => `<span class="p p${i + 1}">${swatch(i + 1)} ${nameHtml(name)}</span>`);
  // Paper has nothing to press: the name of the one that is chosen stands there instead.
  const chosen = names.map((name, i) => `<span class="v v${i + 1}">${name}</span>`).join('');
  const others =
    policies.length > 2 ? `${buttons.join('')}<span class="on-paper">${chosen}</span>` : names[0];
  return `<div class="choice" role="group" aria-label="Compared with ${escapeHtml(policies[0])}"
data-section="${id}">
${first} <span aria-hidden="true">→</span> ${others}</div>`;
}

function renderTiles(tiles: readonly TileModel[], other: number): string {
  const html = tiles.map(({ label, subject, values, detail }) => {
    const name = subject === undefined ? '' : ` ${nameHtml(subject)}`;
    const numbers = values
      .map(
        ({ policy, text }) =>
          `<span${
            policy === null
              ? ''
              : ` class="p
p${policy}"`
          }>${text.replace(' ', '&nbsp;')}</span>`,
      )
      .join(' <span class="to">→</span> ');
    const small = detail === '' ? '' : `<span class="detail">${escapeHtml(detail)}</span>`;
    const head = `<span class="label">${escapeHtml(label)}${name}</span>`;
    return `<li>${head}<b>${numbers}</b>${small}</li>`;
  });
  return `<ul class="tiles v v${other}">${html.join('')}</ul>`;
}

function renderReasons({ reasons, policies }: SectionModel): string {
  const known = reasons.filter((reason) => reason !== null);
  if (known.length === 0) return '';
  const html = reasons.map((reason, i) =>
    reason === null ? '' : renderReason(reason, i + 1, policies),
  );
  return `<div class="why"><h2>Why</h2>${html.join('')}</div>`;
}

function renderReason(
  { summary, situations }: ReasonModel,
  other: number,
  policies: readonly string[],
): string {
  const items = situations.map(
    ({ head, text }) => `<li><b>${escapeHtml(head)}:</b> ${renderRich(text, policies)}</li>`,
  );
  const list = items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
  return `<div class="v v${other}"><p>${renderRich(summary, policies)}</p>${list}</div>`;
}

function renderWhy({ decisions, policies }: SectionModel): string {
  if (decisions === null) return '';
  const marked = policies.length === 1 ? '' : ' Marked: the rules decide differently there.';
  return `<h2>Every decision, and what came of it</h2>
<p class="note">Queued DPCs by importance (down) and state of their target processor (across): what
was asked of it, how often, and the p99 of their waits.${marked}</p>
<p class="key">${renderKey(policies)}</p>
${renderDecisions(decisions, policies)}`;
}

function renderKey(policies: readonly string[]): string {
  return policies
    .map((name, i) => `<span class="p p${i}">${swatch(i)} ${nameHtml(name)}</span>`)
    .join(' ');
}

function renderSourceBlock({ id, sources, policies }: SectionModel): string {
  const { rows, hasFew, percentile } = sources;
  const count = rows.length;
  const hidden = count - OPEN_ROWS;
  const byChange = policies.length === 1 ? '' : '<option value="change">by what changes</option>';
  const controls =
    count < 8
      ? ''
      : `<div class="controls source-controls" hidden><label>Find <input type="search"
autocomplete="off" spellcheck="false" aria-controls="${id}-sources"></label>
<label>Order <select autocomplete="off">${byChange}<option
value="tail">by ${sources.percentile}</option><option value="longest">by longest</option><option
value="name">by name</option></select></label>
<output></output></div>`;
  const more =
    hidden <= 0
      ? ''
      : `<button type="button" class="show-all" hidden>Show all ${formatCount(count)}
sources</button>`;
  const few = hasFew ? `<p class="note">${FEW_NOTE}</p>` : '';
  const order =
    policies.length === 1
      ? 'The longest waits first.'
      : 'What changes most first; equal ones recede.';
  return `<h2 id="${id}-sources-title">By source</h2>
<p class="note">${order} ${
    percentile === 'p50'
      ? 'The mark is the median.'
      : `A line from the
median to the mark at ${percentile}.`
  }</p>
${controls}
<div id="${id}-sources" class="scroll source-list" role="region" tabindex="0"
aria-label="Sources">${renderSources(sources, policies, id)}</div>
${more}${few}`;
}

function renderDetails(table: TableModel): string {
  return `<details><summary>${escapeHtml(table.caption)}</summary>
${renderTable(table)}</details>`;
}
