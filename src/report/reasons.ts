import type { ResultDocument } from '../result/document.js';
import { explain, type ExplainedSituation, type SituationFigures } from '../stats/explain.js';
import { formatCount, formatNs } from '../units.js';
import { rulesOf } from './rule-matrix.js';
import type { ReasonModel } from './model.js';
import type { RichText } from './rich-text.js';
import { capitalised, unbroken } from './format.js';

/** So many decisions are told; the matrix shows all of them. */
const TOLD = 3;

/** Which decisions make the difference between the first policy and another, the greatest first. */
export function reasonsOf(document: ResultDocument, other: number): ReasonModel | null {
  const pair = [document.results[0], document.results[other]];
  if (pair.some(({ decisions }) => decisions === null)) return null;
  const names = pair.map(({ policy }) => policy);
  const policies = document.scenario.policies.filter(({ name }) => names.includes(name));
  const { situations } = explain({
    ...document,
    results: pair,
    scenario: { ...document.scenario, policies },
  });
  const all = situations.filter(({ differs }) => differs);
  const differing = all
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, TOLD)
    .map((situation) => ({
      head: capitalised(situation.brief ?? situation.words),
      text: sayOf(situation.figures, other),
    }));
  const besides = all.length > 0 ? [] : otherRules(document, other);
  return { ...summaryOf(all.length, other), situations: [...differing, ...besides] };
}

/** Where no decision differs, another clause may: the end of the queue, or when a drain ends. */
function otherRules(document: ResultDocument, other: number): ReasonModel['situations'] {
  return rulesOf(document)
    .groups.filter(({ isDecision }) => !isDecision)
    .flatMap(({ label, rows }) =>
      rows
        .filter(({ differs }) => differs[other])
        .map(({ label: clause, cells }) => {
          // The one group with a name is that of the ends of the queue.
          const [head, at] =
            label === '' ? [clause, ''] : [`${clause} DPCs join the queue`, 'at the '];
          const text = [
            { policy: 0 },
            ` ${at}${cells[0]}; `,
            { policy: other },
            ` ${at}${cells[other]}.`,
          ];
          return { head, text };
        }),
    );
}

function summaryOf(count: number, other: number): Pick<ReasonModel, 'summary'> {
  if (count === 0) {
    return {
      summary: [
        { policy: other },
        ' decides like ',
        { policy: 0 },
        ' in every situation that occurred.',
      ],
    };
  }
  const what =
    count === 1 ? 'One decision of the rules makes' : `${spelt(count)} decisions of the rules make`;
  const more = count > TOLD ? `; the ${spelt(TOLD).toLowerCase()} that weigh most` : '';
  return { summary: [`${what} the whole difference${more}:`] };
}

function sayOf([a, b]: readonly SituationFigures[], other: number): RichText {
  return [{ policy: 0 }, ` ${deedOf(a)}; `, { policy: other }, ` ${deedOf(b)}.`];
}

function deedOf({ asks, ipis, local, wait }: SituationFigures): string {
  const p99 = wait.p99Ns === null ? null : unbroken(`p99 ${formatNs(wait.p99Ns)}`);
  if (!asks) return `lets them wait${p99 === null ? '' : ` (${p99})`}`;
  const asked = ipis > 0 ? `${formatCount(ipis)} IPIs` : `${formatCount(local)} interrupts`;
  return `asks (${[unbroken(asked), p99].filter((part) => part !== null).join(', ')})`;
}

/** The IPIs that lie between the two, then how often it happens. */
function weight({ figures }: ExplainedSituation): number {
  const [a, b] = figures;
  return Math.abs(a.ipis - b.ipis) * 1e3 + Math.max(a.inserts, b.inserts);
}

function spelt(count: number): string {
  return ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six'][count] ?? formatCount(count);
}
