import { FACTS, FACT_DEEP, FACT_IDLE, FACT_POLLING } from '../policy/facts.js';
import { conditionHolds } from '../policy/parse-condition.js';
import { IMPORTANCES, type Policy } from '../policy/policy.js';
import { IMPORTANCE_LABELS } from '../policy/situations.js';
import type { Decision } from '../result/decision-shape.js';
import { addWaits } from '../result/decisions.js';
import type { ResultDocument } from '../result/document.js';
import { formatCount, formatNs } from '../units.js';
import { escapeHtml } from './html.js';
import type { DecisionCell, DecisionLine, DecisionMatrix } from './model.js';
import { swatch } from './svg.js';

/** The states of a target that a matrix tells apart, in the order of its columns (R10). */
const STATES: readonly { label: string; holds: (decision: Decision, facts: number) => boolean }[] =
  [
    {
      label: 'another, busy',
      holds: ({ target }, facts) => target === 'other' && (facts & FACT_IDLE) === 0,
    },
    {
      label: 'another, idle',
      holds: ({ target }, facts) =>
        target === 'other' && (facts & (FACT_POLLING | FACT_DEEP)) === 0,
    },
    {
      label: 'another, deeply halted',
      holds: ({ target }, facts) => target === 'other' && (facts & FACT_DEEP) !== 0,
    },
    { label: 'another, idle and draining or polling', holds: ({ target }) => target === 'other' },
    { label: 'its own', holds: () => true },
  ];

const REQUESTS: Readonly<Record<Decision['request'], string>> = {
  ipi: 'IPI',
  local: 'interrupt',
  none: 'nothing',
  suppressed: 'asked already',
};

/** Spaces at which a line must not end: before the figure of `p99`, and before its unit. */
const UNBROKEN = /(?<=p99) | (?=[nµm]?s\)$)/g;

type Counted = { policy: Policy; decisions: readonly Decision[] };

/**
 * Every decision of the request rule: a row an importance, a column a state of the target. Null for
 * a result that counts no decisions, or in which nothing was queued.
 */
export function decisionMatrix({ results, scenario }: ResultDocument): DecisionMatrix | null {
  const counted = results.flatMap(({ policy: name, decisions }): Counted[] => {
    const policy = scenario.policies.find((each) => each.name === name);
    return decisions === null || policy === undefined
      ? []
      : [{ policy: policy as Policy, decisions }];
  });
  if (counted.length < results.length) return null;
  const seen = counted.flatMap(({ decisions }) => decisions).filter(({ inserts }) => inserts > 0);
  const states = STATES.map((_, i) => i).filter((i) => seen.some((each) => stateOf(each) === i));
  const kinds = [...IMPORTANCES, null].filter((kind) => seen.some((each) => kindOf(each) === kind));
  if (states.length === 0) return null;
  return {
    columns: states.map((state) => STATES[state].label),
    rows: kinds.map((kind) => ({
      label: kind === null ? 'Threaded' : IMPORTANCE_LABELS[kind],
      cells: states.map((state) => {
        const isHere = (each: Decision): boolean =>
          each.inserts > 0 && kindOf(each) === kind && stateOf(each) === state;
        return cellOf(counted, isHere);
      }),
    })),
  };
}

function stateOf(decision: Decision): number {
  return STATES.findIndex(({ holds }) => holds(decision, factsOf(decision)));
}

function factsOf({ facts }: Decision): number {
  return FACTS.reduce((set, { word, bit }) => (facts.includes(word) ? set | bit : set), 0);
}

/** Threaded DPCs ask R22, whatever their importance. */
function kindOf({ importance, threaded }: Decision): Decision['importance'] | null {
  return threaded ? null : importance;
}

function cellOf(
  counted: readonly Counted[],
  isHere: (each: Decision) => boolean,
): DecisionCell | null {
  const found = counted.map(({ decisions }) => decisions.filter(isHere));
  const occurred = found.flat();
  if (occurred.length === 0) return null;
  const differs = occurred.some((each) => {
    if (each.threaded) return false;
    const answers = counted.map(({ policy }) =>
      conditionHolds(policy[each.target][each.importance], factsOf(each)),
    );
    return answers.some((answer) => answer !== answers[0]);
  });
  return { differs, lines: merged(found.map(lineOf)) };
}

/** What came of them: the most frequent request, how often, and how long those waited. */
function lineOf(decisions: readonly Decision[], policy: number): DecisionLine {
  const all = decisions.reduce((sum, { inserts }) => sum + inserts, 0);
  if (all === 0) return { policies: [policy], word: '', isRequest: false, text: 'none queued' };
  const kinds = (Object.keys(REQUESTS) as Decision['request'][]).map((request) => ({
    request,
    count: decisions
      .filter((each) => each.request === request)
      .reduce((sum, { inserts }) => sum + inserts, 0),
  }));
  const [most] = [...kinds].sort((a, b) => b.count - a.count);
  const count =
    most.count === all ? formatCount(all) : `${formatCount(most.count)} of ${formatCount(all)}`;
  const { p99Ns } = addWaits(
    decisions.filter(({ request }) => request === most.request).map(({ wait }) => wait),
  );
  return {
    policies: [policy],
    word: REQUESTS[most.request],
    isRequest: most.request === 'ipi' || most.request === 'local',
    // What is too rare for a percentile has a count alone.
    text: p99Ns === null ? count : `${count} (p99 ${formatNs(p99Ns)})`.replace(UNBROKEN, '\u00a0'),
  };
}

/** Lines that read alike stand once. */
function merged(lines: readonly DecisionLine[]): DecisionLine[] {
  const byText = new Map<string, DecisionLine>();
  for (const each of lines) {
    const key = `${each.word} ${each.text}`;
    const known = byText.get(key);
    byText.set(
      key,
      known === undefined ? each : { ...known, policies: [...known.policies, ...each.policies] },
    );
  }
  return [...byText.values()];
}

/** The matrix as HTML; where the policies decide differently is said in words too. */
export function renderDecisions(
  { columns, rows }: DecisionMatrix,
  policies: readonly string[],
): string {
  const head = columns
    .map((name) => `<th scope="col" role="columnheader">${escapeHtml(name)}</th>`)
    .join('');
  const body = rows
    .map(({ label, cells }) => {
      const row = cells.map((cell, i) => renderCell(cell, columns[i], policies)).join('');
      return `<tr role="row"><th scope="row" role="rowheader">${label}</th>${row}</tr>`;
    })
    .join('');
  const caption = 'Queued DPCs by importance and target processor, with what was asked of it';
  return `<div class="scroll matrix" role="region" tabindex="0" aria-label="${caption}">
<table class="decisions" role="table"><caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row"><td role="cell"></td>${head}</tr></thead><tbody
role="rowgroup">${body}</tbody></table></div>`;
}

function renderCell(
  cell: DecisionCell | null,
  column: string,
  policies: readonly string[],
): string {
  const head = `data-column="${escapeHtml(column)}"`;
  if (cell === null) return `<td role="cell" ${head} class="none">–</td>`;
  const mark = cell.differs ? '<span class="mark">decided differently</span>' : '';
  const lines = cell.lines.map(({ policies: whose, word, isRequest, text }) => {
    const who = whose
      .map(
        (policy) =>
          `${swatch(policy)}<span class="unseen">${escapeHtml(policies[policy])}: </span>`,
      )
      .join('');
    const said = word === '' ? '' : isRequest ? `<b>${word}</b> ` : `${word} `;
    return `<span class="said">${who}${said}${text}</span>`;
  });
  const name = cell.differs ? ' class="differs"' : '';
  return `<td role="cell" ${head}${name}>${mark}${lines.join('')}</td>`;
}
