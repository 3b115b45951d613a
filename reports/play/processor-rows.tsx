import type { JSX } from 'preact';
import { useComputed } from '@preact/signals';
import type { LiveColumn } from '../../src/play/live-column.js';
import { TIME_PARTS } from '../../src/report/activity-colours.js';
import type { PlayStore } from './store.js';

const MOST_ROWS = 16;
/** Simulated time that a row looks back on, in columns. */
const WINDOW = 20;

interface Row {
  depth: number;
  deepest: number;
  shares: number[];
}

/** Each processor: how deep its queue is and what its time goes into, under both policies. */
export function ProcessorRows({ store }: { store: PlayStore }): JSX.Element {
  const rows = useComputed(() => {
    void store.glance.value;
    return store.machines.map(({ columns }) => rowsOf(columns.slice(-WINDOW)));
  });
  const { policies } = store.state.value;
  const count = rows.value[0].length;
  return (
    <section class="processors timeline" id="view-processors" aria-label="Processors">
      <h2>Processors, of late</h2>
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
          <tbody>
            {Array.from({ length: Math.min(count, MOST_ROWS) }, (_, cpu) =>
              policies.map((policy, i) => (
                <tr key={`${cpu} ${policy}`} class={i === 0 ? 'first' : ''}>
                  {i === 0 && (
                    <th scope="rowgroup" rowSpan={2}>
                      {cpu}
                    </th>
                  )}
                  <td class={`p${i}`}>
                    <bdi>{policy}</bdi>
                  </td>
                  <RowCells row={rows.value[i][cpu]} />
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
      {count > MOST_ROWS && (
        <p class="note">
          The first {MOST_ROWS} of {count} processors.
        </p>
      )}
    </section>
  );
}

function RowCells({ row }: { row: Row | undefined }): JSX.Element {
  if (row === undefined) return <td colSpan={3} />;
  const words = TIME_PARTS.flatMap(([, , name], i) =>
    row.shares[i] >= 0.005 ? `${name} ${(100 * row.shares[i]).toFixed(0)} %` : [],
  ).join(', ');
  return (
    <>
      <td class="number">{row.depth.toPrecision(2)}</td>
      <td class="number">{row.deepest}</td>
      <td>
        <div class="split" role="img" aria-label={words} title={words}>
          {row.shares.map((share, i) => (
            <span key={TIME_PARTS[i][0]} class={TIME_PARTS[i][1]} style={{ flexGrow: share }} />
          ))}
        </div>
      </td>
    </>
  );
}

function rowsOf(columns: readonly LiveColumn[]): Row[] {
  const last = columns.at(-1);
  if (last === undefined) return [];
  const spanNs = columns.reduce((sum, column) => sum + column.spanNs, 0);
  return last.depths.map((_, cpu) => ({
    depth: columns.reduce((sum, { depths, spanNs: ns }) => sum + depths[cpu] * ns, 0) / spanNs,
    deepest: last.deepest[cpu],
    shares: TIME_PARTS.map(
      ([name]) => columns.reduce((sum, { times }) => sum + (times[cpu][name] ?? 0), 0) / spanNs,
    ),
  }));
}
