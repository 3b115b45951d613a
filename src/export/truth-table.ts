import {
  FACT_DEEP,
  FACT_IDLE,
  FACT_OVER,
  FACT_POLLING,
  FACT_RARE,
  FACT_SLOW,
} from '../policy/facts.js';
import { conditionHolds } from '../policy/parse-condition.js';
import { type Condition, type Importance, IMPORTANCES, type Policy } from '../policy/policy.js';

/** What a target can be in (R10), and the facts that say so. */
const STATES = [
  { word: 'busy', facts: 0 },
  { word: 'polling', facts: FACT_IDLE | FACT_POLLING },
  { word: 'halted', facts: FACT_IDLE },
  { word: 'deep', facts: FACT_IDLE | FACT_DEEP },
] as const;
const LABELS: Record<Importance, string> = {
  low: 'Low',
  medium: 'Medium',
  mediumHigh: 'MediumHigh',
  high: 'High',
};
const NAME_WIDTH = 29;
const GAP = '   ';

/** When a policy asks at once, in every state of the target; lines of 80 columns at most. */
export function truthTable(policy: Policy): string[] {
  return [
    `  ${'asks at once'.padEnd(NAME_WIDTH - 2)}${half('not over its depth')}${GAP}over its depth`,
    ...table('on the current processor', policy.current),
    ...table('on another processor', policy.other),
  ];
}

function table(title: string, conditions: Record<Importance, Condition>): string[] {
  const words = STATES.map(({ word }) => word).join(' ');
  return [
    `  ${title.padEnd(NAME_WIDTH - 2)}${words}${GAP}${words}`,
    ...IMPORTANCES.flatMap((importance) => rows(importance, conditions[importance])),
  ];
}

/** One row, or one for each way in which the rates of the target count. */
function rows(importance: Importance, condition: Condition): string[] {
  const rates = [
    { bit: FACT_SLOW, words: ['fast', 'slow'] },
    { bit: FACT_RARE, words: ['often', 'rare'] },
  ].filter(({ bit }) => dependsOn(condition, bit));
  const cases = rates.reduce<{ facts: number; words: string[] }[]>(
    (all, { bit, words }) =>
      all.flatMap((one) => [
        { facts: one.facts, words: [...one.words, words[0]] },
        { facts: one.facts | bit, words: [...one.words, words[1]] },
      ]),
    [{ facts: 0, words: [] }],
  );
  return cases.map(({ facts, words }) => {
    const name = [`    ${LABELS[importance]}`, ...words].join(', ');
    const [calm, over] = [0, FACT_OVER].map((depth) =>
      STATES.map((state) => {
        const asks = conditionHolds(condition, facts | depth | state.facts);
        return (asks ? 'yes' : '-').padEnd(state.word.length);
      }).join(' '),
    );
    return `${name.padEnd(NAME_WIDTH)}${calm}${GAP}${over}`.trimEnd();
  });
}

function dependsOn(condition: Condition, bit: number): boolean {
  return Array.from({ length: 64 }, (_, facts) => facts).some(
    (facts) => conditionHolds(condition, facts) !== conditionHolds(condition, facts ^ bit),
  );
}

function half(title: string): string {
  return title.padEnd(STATES.reduce((width, { word }) => width + word.length + 1, -1));
}
