import type { JSX } from 'preact';
import type { SituationFigures } from '../../src/stats/explain.js';
import { formatCount, formatNs } from '../../src/units.js';
import type { PlayStore } from './store.js';

const MOST_ROWS = 12;

/** What the rules decided, situation by situation; where they differ comes first. */
export function DecisionTable({ store }: { store: PlayStore }): JSX.Element {
  const situations = store.situations.value;
  const { policies } = store.state.value;
  return (
    <section class="decisions" id="view-decisions" aria-label="Decisions">
      <h2>Decisions</h2>
      <div class="scroll" role="region" tabIndex={0} aria-label="Queued DPCs by situation">
        <table>
          <thead>
            <tr>
              <th scope="col">A DPC that is queued, and its target (R10)</th>
              {policies.map((name, i) => (
                <th key={name} scope="col" class={`p${i}`}>
                  <bdi>{name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {situations.slice(0, MOST_ROWS).map(({ words, differs, figures }) => (
              <tr key={words} class={differs ? 'differs' : ''}>
                <th scope="row">
                  {differs && <b class="mark">decided differently </b>}
                  {words}
                </th>
                {figures.map((each) => (
                  <Cell key={each.policy} figures={each} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {situations.length === 0 && <p class="note">Nothing has been queued yet.</p>}
      {situations.length > MOST_ROWS && (
        <p class="note">{situations.length - MOST_ROWS} more situations are decided alike.</p>
      )}
    </section>
  );
}

function Cell({ figures }: { figures: SituationFigures }): JSX.Element {
  const { asks, inserts, ipis, local, rule, wait } = figures;
  const asked = asks ? `asked ${formatCount(local + ipis)} of` : 'not asked:';
  return (
    <td class={asks ? 'asks' : 'waits'}>
      {asked} {formatCount(inserts)}
      <br />
      {wait.p99Ns === null ? 'too few waits' : `p99 ${formatNs(wait.p99Ns)}`} <code>{rule}</code>
    </td>
  );
}
