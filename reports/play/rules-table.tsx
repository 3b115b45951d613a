import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import type { Rules } from '../../src/play/edited-rules.js';
import {
  FACT_DEEP,
  FACT_IDLE,
  FACT_OVER,
  FACT_POLLING,
  FACT_RARE,
  FACT_SLOW,
} from '../../src/policy/facts.js';
import { conditionHolds } from '../../src/policy/parse-condition.js';
import { type Importance, IMPORTANCES } from '../../src/policy/policy.js';
import {
  IMPORTANCE_LABELS,
  POSSIBLE_FACTS,
  type Target,
  TARGETS,
} from '../../src/policy/situations.js';
import type { PlayStore } from './store.js';

const PROCESSOR: readonly [facts: number, words: string][] = [
  [0, 'busy'],
  [FACT_IDLE | FACT_POLLING, 'polling'],
  [FACT_IDLE, 'halted'],
  [FACT_IDLE | FACT_DEEP, 'deep'],
];
const OF_PROCESSOR = FACT_IDLE | FACT_POLLING | FACT_DEEP;
const RATES: readonly [facts: number, words: string][] = [
  [0, ''],
  [FACT_SLOW, 'slow'],
  [FACT_RARE, 'rare'],
  [FACT_SLOW | FACT_RARE, 'slow, rare'],
];
const TARGET_WORDS: Record<Target, string> = {
  current: 'its own processor',
  other: 'another processor',
};
const SHORT: Record<Importance, string> = { low: 'L', medium: 'M', mediumHigh: 'MH', high: 'H' };

/** States of the target that are decided together. */
interface Row {
  words: string;
  facts: number[];
}

function rowsOf(withRates: boolean): Row[] {
  return PROCESSOR.flatMap(([processor, name]) =>
    [0, FACT_OVER].flatMap((over): Row[] => {
      const words = over === 0 ? name : `${name}, over`;
      const all = POSSIBLE_FACTS.filter(
        (facts) => (facts & OF_PROCESSOR) === processor && (facts & FACT_OVER) === over,
      );
      if (!withRates) return [{ words, facts: all }];
      return RATES.map(([rates, more]) => ({
        words: more === '' ? words : `${words}, ${more}`,
        facts: all.filter((facts) => (facts & (FACT_SLOW | FACT_RARE)) === rates),
      }));
    }),
  );
}

/** R10 of one of the policies as a truth table: a cell that is checked asks for an interrupt. */
export function RulesTable({ store }: { store: PlayStore }): JSX.Element | null {
  const index = useSignal<0 | 1>(1);
  const isOpen = useSignal(false);
  const withRates = useSignal(false);
  const { policies } = store.state.value;
  const name = policies[index.value];
  const rules = store.description.value?.rules.find((each) => each.name === name);
  return (
    <details
      class="rules"
      open={isOpen.value}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary>Edit the rules (R10)</summary>
      <label>
        of{' '}
        <select
          aria-label="of which policy"
          value={String(index.value)}
          onChange={({ currentTarget: { value } }) => (index.value = value === '0' ? 0 : 1)}
        >
          {policies.map((policy, i) => (
            <option key={policy} value={String(i)}>
              {policy}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={withRates.value}
          onChange={({ currentTarget }) => (withRates.value = currentTarget.checked)}
        />{' '}
        tell apart who drains slowly and is rarely asked
      </label>
      {isOpen.value && rules !== undefined && (
        <Decisions store={store} index={index.value} rules={rules} rows={rowsOf(withRates.value)} />
      )}
      <p class="note">
        Checked: queueing a DPC asks for an interrupt. L, M, MH and H are Low, Medium, MediumHigh
        and High. A preset stays as it is: the text gets a policy that extends it.
      </p>
    </details>
  );
}

interface DecisionsProps {
  store: PlayStore;
  index: 0 | 1;
  rules: Rules;
  rows: readonly Row[];
}

function Decisions({ store, index, rules, rows }: DecisionsProps): JSX.Element {
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={`The rules of ${rules.name}`}>
      <table>
        <thead>
          <tr>
            <td />
            {TARGETS.map((target) => (
              <th key={target} scope="colgroup" colSpan={IMPORTANCES.length}>
                {TARGET_WORDS[target]}
              </th>
            ))}
          </tr>
          <tr>
            <th scope="col">the target is</th>
            {TARGETS.flatMap((target) =>
              IMPORTANCES.map((importance) => (
                <th
                  key={`${target} ${importance}`}
                  scope="col"
                  title={IMPORTANCE_LABELS[importance]}
                >
                  {SHORT[importance]}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.words}>
              <th scope="row">{row.words}</th>
              {TARGETS.flatMap((target) =>
                IMPORTANCES.map((importance) => (
                  <td key={`${target} ${importance}`}>
                    <Cell {...{ store, index, rules, row, target, importance }} />
                  </td>
                )),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  store: PlayStore;
  index: 0 | 1;
  rules: Rules;
  row: Row;
  target: Target;
  importance: Importance;
}

/** What is decided in all states of a row; in some of them only: neither checked nor clear. */
function Cell({ store, index, rules, row, target, importance }: CellProps): JSX.Element {
  const { facts, words } = row;
  const asking = facts.filter((set) => conditionHolds(rules[target][importance], set)).length;
  const isMixed = asking > 0 && asking < facts.length;
  const name = `${IMPORTANCE_LABELS[importance]}, for ${TARGET_WORDS[target]}, ${words}`;
  return (
    <input
      type="checkbox"
      aria-label={name}
      checked={asking === facts.length}
      indeterminate={isMixed}
      onChange={({ currentTarget: { checked } }) => {
        const decision = { target, importance, facts, asks: checked };
        void store.edits.decide(index, decision, `${rules.name}: ${name}`);
      }}
    />
  );
}
