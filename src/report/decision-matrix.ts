import type { ResultDocument } from '../result/document.js';
import { explain, type ExplainedSituation, type SituationFigures } from '../stats/explain.js';
import { formatCount, formatNs } from '../units.js';
import { escapeHtml, nameHtml } from './html.js';

/** Which decisions of R10 made the difference: a row a situation, a column a policy. */
export interface DecisionMatrix {
  sentences: readonly string[];
  policies: readonly string[];
  situations: readonly ExplainedSituation[];
}

/** Null for a result that counts no decisions, or of a single policy: nothing differs there. */
export function decisionMatrix(document: ResultDocument): DecisionMatrix | null {
  const { results } = document;
  if (results.length < 2 || results.some(({ decisions }) => decisions === null)) return null;
  const { sentences, situations } = explain(document);
  if (situations.length === 0) return null;
  return { sentences, policies: results.map(({ policy }) => policy), situations };
}

/** The matrix as HTML; where policies decide differently is said in words too. */
export function renderDecisions(matrix: DecisionMatrix | null): string {
  if (matrix === null) return '';
  const { policies, sentences, situations } = matrix;
  const head = policies.map((name) => `<th scope="col">${nameHtml(name)}</th>`).join('');
  const rows = situations.map(renderSituation).join('');
  const caption = 'Queued DPCs by the situation of their target';
  return `<h3>Why: the decisions that differ</h3>
${sentences.map((sentence) => `<p class="note">${nameHtml(sentence)}</p>`).join('\n')}
<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="decisions">
<caption>${caption}</caption>
<thead><tr><th scope="col">Situation (R10)</th>${head}</tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="note">The last line of a cell is the policy’s condition, which decides. Where
fewer are asked for than queued, the target was draining or asked already; waits are those of the
others.</p>`;
}

function renderSituation({ words, differs, figures }: ExplainedSituation): string {
  const mark = differs ? '<b class="mark">decided differently</b> ' : '';
  const cells = figures.map((each) => renderCell(each, differs)).join('');
  return (
    `<tr${differs ? ' class="differs"' : ''}><th scope="row">${mark}${escapeHtml(words)}</th>` +
    `${cells}</tr>`
  );
}

function renderCell(figures: SituationFigures, differs: boolean): string {
  const { asks, inserts, ipis, local, rule, wait } = figures;
  const asked = local + ipis;
  const kind = asks ? 'asks' : 'waits';
  const p99 = wait.p99Ns === null ? 'too few waits' : `p99 ${formatNs(wait.p99Ns)}`;
  const counts = asks
    ? `${formatCount(asked)} of ${formatCount(inserts)}`
    : `none of ${formatCount(inserts)}`;
  return (
    `<td${differs ? ` class="${kind}"` : ''}><span class="answer-word">${
      asks ? 'asked' : 'not asked'
    }</span> ${counts}<br>${p99}<br>` + `<code>${escapeHtml(rule)}</code></td>`
  );
}
