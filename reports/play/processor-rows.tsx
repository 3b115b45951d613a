import type { JSX } from 'preact';
import { type ProcessorOrder, PROCESSOR_ORDERS } from '../../src/play/processor-order.js';
import type { ProcessorWindow } from '../../src/play/recent-processors.js';
import { TIME_PARTS } from '../../src/report/activity-colours.js';
import { formatCount } from '../../src/units.js';
import { MOST_SHOWN } from './processor-choice.js';
import { ProcessorField } from './processor-field.js';
import type { PlayStore } from './store.js';

/** Each processor: how deep its queue is and what its time goes into, under both policies. */
export function ProcessorRows({ store }: { store: PlayStore }): JSX.Element {
  void store.glance.value;
  const { policies } = store.state.value;
  return (
    <section class="processors timeline" id="view-processors" aria-label="Processors">
      <h2>Processors, of late</h2>
      <ChoiceTools store={store} />
      <ul class="key">
        {TIME_PARTS.map(([name, activity, words]) => (
          <li key={name}>
            <span class={`swatch ${activity}`} aria-hidden="true" /> {words}
          </li>
        ))}
      </ul>
      <div class="scroll" role="region" tabIndex={0} aria-label="Depth and time by processor">
        <table>
          <thead>
            <tr>
              <th scope="col">CPU</th>
              <th scope="col">policy</th>
              <th scope="col" class="number">
                mean depth
              </th>
              <th scope="col" class="number">
                greatest
              </th>
              <th scope="col">time</th>
            </tr>
          </thead>
          {store.processors.shown.value.map((cpu) => (
            <tbody key={cpu}>
              {policies.map((policy, i) => (
                <tr key={policy} class={i === 0 ? 'first' : ''}>
                  {i === 0 && (
                    <th scope="rowgroup" rowSpan={2}>
                      {cpu}
                    </th>
                  )}
                  <td class={`p${i}`}>
                    <bdi>{policy}</bdi>
                  </td>
                  <RowCells cpu={cpu} processors={store.machines[i].processors} />
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

/** Which processors have rows, where there are more. */
function ChoiceTools({ store: { plan, processors } }: { store: PlayStore }): JSX.Element | null {
  const count = plan.value?.processors ?? 0;
  if (count <= MOST_SHOWN) return null;
  const { from, order } = processors;
  return (
    <p class="tools">
      <label>
        {MOST_SHOWN} of {formatCount(count)} processors{' '}
        <select
          value={order.value}
          onChange={({ currentTarget: { value } }) => (order.value = value as ProcessorOrder)}
        >
          {Object.entries(PROCESSOR_ORDERS).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {order.value === 'number' && <ProcessorField label="from CPU" count={count} chosen={from} />}
    </p>
  );
}

function RowCells({
  cpu,
  processors,
}: {
  cpu: number;
  processors: ProcessorWindow | null;
}): JSX.Element {
  if (processors === null) return <td colSpan={3} />;
  const shares = processors.shares.subarray(TIME_PARTS.length * cpu);
  const words = TIME_PARTS.flatMap(([, , name], i) =>
    shares[i] >= 0.005 ? `${name} ${(100 * shares[i]).toFixed(0)} %` : [],
  ).join(', ');
  return (
    <>
      <td class="number">{processors.depths[cpu].toPrecision(2)}</td>
      <td class="number">{processors.deepest[cpu]}</td>
      <td>
        <div class="split" role="img" aria-label={words} title={words}>
          {TIME_PARTS.map(([name, activity], i) => (
            <span key={name} class={activity} style={{ flexGrow: shares[i] }} />
          ))}
        </div>
      </td>
    </>
  );
}
