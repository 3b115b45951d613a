import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatNs } from '../../src/units.js';
import type { PlayStore } from './store.js';
import type { ShownWait } from './messages.js';
import { TimelineExplorer } from './timeline-explorer.js';

/** Why the longest wait of a policy was so long, once there is one. */
export function WhyPanel({ store }: { store: PlayStore }): JSX.Element | null {
  void store.glance.value;
  const isAlone = store.state.value.view !== null;
  const isEmpty = store.machines.every(({ total }) => total === null || total.dpcs === 0);
  if (isEmpty && !isAlone) return null;
  const isRefused = store.progress.value === 'refused';
  const isOver = store.answer.value !== null;
  const worst = store.worst.value;
  return (
    <section class="why" id="view-why" aria-label="The longest wait">
      <h2>Why was the longest wait{isOver ? '' : ' so far'} so long?</h2>
      <p>
        {store.state.value.policies.map((policy, i) => (
          <button
            key={policy}
            type="button"
            disabled={isEmpty || isRefused || worst === 'asked'}
            onClick={() => store.why(i)}
          >
            Why, under <bdi>{policy}</bdi>?
          </button>
        ))}
        {!isOver && store.embed === null && (
          <button type="button" disabled={isRefused} onClick={() => store.lookClosely()}>
            What happens just now?
          </button>
        )}
      </p>
      <div aria-live="polite">
        {worst === 'asked' && (
          <p class="note">Its shard is simulated again, with the event log on.</p>
        )}
        {worst !== null && worst !== 'asked' && <Story store={store} worst={worst} />}
      </div>
    </section>
  );
}

function Story({ store, worst }: { store: PlayStore; worst: ShownWait }): JSX.Element {
  const { busy, causes, dpc, parts, policy, shard, steps, timeline, told, wait, waitNs } = worst;
  const explored = useMemo(() => {
    const { processor, queuedNs, takenNs } = wait;
    const label = `${dpc} waits ${formatNs(waitNs)}`;
    const marked = { processor, fromNs: queuedNs, toNs: takenNs, label };
    const scene = store.scenes[store.state.value.policies.indexOf(policy)]!;
    return { scene, timeline, steps, busy, told, zeroNs: queuedNs, marked };
  }, [worst]);
  return (
    <div>
      <p>
        <bdi>{dpc}</bdi> waited {formatNs(waitNs)} under {policy}, on processor {wait.processor} of
        shard {shard + 1}, from {formatNs(wait.queuedNs)}.
      </p>
      <ol class="causes">
        {causes.map(({ p, rule, t, text }, i) => (
          <li key={i}>
            {formatNs(t - wait.queuedNs)} CPU {p} <b>{rule}</b> {text}
          </li>
        ))}
      </ol>
      <ul class="parts">
        {parts.map(({ activity, ns, stage }) => (
          <li key={`${stage} ${activity}`}>
            {formatNs(ns)}: {activity} ({stage})
          </li>
        ))}
      </ul>
      <TimelineExplorer
        key={`${policy} ${wait.queuedNs}`}
        explored={explored}
        label={`What each processor did around the longest wait under ${policy}`}
        cursorNs={wait.queuedNs}
        processor={wait.processor}
        onProcessor={(processor) => store.whyAround(processor)}
      />
    </div>
  );
}
