import { IMPORTANCES, type Policy } from '../policy/policy.js';
import { IMPORTANCE_LABELS } from '../policy/situations.js';
import type { ResultDocument } from '../result/document.js';
import { formatNs } from '../units.js';
import { escapeHtml, nameHtml } from './html.js';
import type { RuleRow, RulesModel } from './model.js';
import { swatch } from './svg.js';
import { capitalised } from './format.js';

/** Every clause of every policy, and where each departs from the first. */
export function rulesOf({ scenario }: ResultDocument): RulesModel {
  const { policies } = scenario;
  const row = (label: string, of: (policy: Policy) => string): RuleRow => {
    const cells = policies.map((policy) => of(policy as Policy));
    return { label, cells, differs: cells.map((cell) => cell !== cells[0]) };
  };
  const byImportance = (
    of: (policy: Policy, importance: (typeof IMPORTANCES)[number]) => string,
  ): RuleRow[] =>
    IMPORTANCES.map((importance) =>
      row(IMPORTANCE_LABELS[importance], (policy) => of(policy, importance)),
    );
  return {
    groups: [
      {
        label: 'Queued to another processor: an IPI if it is',
        isDecision: true,
        rows: byImportance((policy, importance) => policy.other[importance].text),
      },
      {
        label: 'Queued to its own processor: an interrupt if it is',
        isDecision: true,
        rows: byImportance((policy, importance) => policy.current[importance].text),
      },
      {
        label: 'queued at the',
        isDecision: false,
        rows: byImportance((policy, importance) => policy.insert[importance]),
      },
      {
        label: '',
        isDecision: false,
        rows: [
          row('“over” means that the depth', ({ depth }) => `${depth} its maximum`),
          row('A target already draining or asked is', ({ suppress }) =>
            suppress ? 'not asked again' : 'asked again',
          ),
          row('A queue that nobody asked for is', ({ tickRescue }) =>
            tickRescue ? 'drained by the tick' : 'not drained by the tick',
          ),
          row('The maximum depth', ({ adaptive }) =>
            adaptive ? 'adapts to the load' : 'is fixed',
          ),
          row('A drain ends', drainText),
        ],
      },
    ],
    texts: policies.map(({ sentence, source }) => ({ sentence, source })),
  };
}

function drainText({ drainLimit, drainTimeNs }: Policy): string {
  const bounds = [
    ...(drainLimit > 0 ? [`after ${drainLimit} routines`] : []),
    ...(drainTimeNs ? [`with the routine that runs after ${formatNs(drainTimeNs)}`] : []),
  ];
  return bounds.length === 0 ? 'when the queue is empty' : bounds.join(' or ');
}

export function renderRules({ groups, texts }: RulesModel, policies: readonly string[]): string {
  const head = policies
    .map((name, policy) => `<th scope="col">${swatch(policy)} ${nameHtml(name)}</th>`)
    .join('');
  const body = groups.map(({ label, rows }) => {
    const isNews = rows.some(({ differs }) => differs.includes(true));
    const title =
      `<tr class="group${isNews ? '' : ' equal'}"><th scope="rowgroup" ` +
      `colspan="${policies.length + 1}">${escapeHtml(titleOf(label))}</th></tr>`;
    return `<tbody>${title}${rows.map(renderRow).join('')}</tbody>`;
  });
  const sentences = texts.map(({ sentence, source }, policy) => {
    const text = sentence === '' ? 'A rule of this scenario’s own.' : sentence;
    const from = source === '' ? '' : ` <small>Source: ${nameHtml(source)}</small>`;
    return `<dt>${swatch(policy)} <span class="p
p${policy}">${nameHtml(policies[policy])}</span></dt><dd>${nameHtml(text)}${from}</dd>`;
  });
  return `<dl class="rules">${sentences.join('')}</dl>
<div class="scroll" role="region" tabindex="0" aria-label="The rules compared"><table
class="rule-matrix">
<caption class="unseen">The rules compared</caption><thead><tr><th
scope="col">Rule</th>${head}</tr></thead>${body.join('')}</table></div>
<p class="note">Marked: another rule than that of ${nameHtml(policies[0])}. <q>over</q>,
<q>slow</q>, <q>rare</q>, <q>idle</q>, <q>polling</q>
and <q>deep</q> are facts about the target processor at the moment of queueing.</p>`;
}

function titleOf(label: string): string {
  return label === '' ? 'Besides' : capitalised(label);
}

function renderRow({ label, cells, differs }: RuleRow): string {
  const isNews = differs.includes(true);
  const row = cells.map((cell, i) => {
    if (!differs[i]) return `<td><code>${escapeHtml(cell)}</code></td>`;
    return `<td class="differs"><code>${escapeHtml(cell)}</code><span class="unseen">
(differs)</span></td>`;
  });
  return `<tr${isNews ? '' : ' class="equal"'}><th
scope="row">${escapeHtml(label)}</th>${row.join('')}</tr>`;
}
