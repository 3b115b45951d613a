import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatNs } from '../../src/units.js';
import type { WorstWait } from '../../src/timeline/worst-wait.js';
import type { PlayStore } from './store.js';
import { TimelineView } from './timeline-view.js';

/** Why the longest wait of a policy was so long, once there is one. */
export function WhyPanel({ store }: { store: PlayStore }): JSX.Element | null {
  void store.glance.value;
  if (store.machines.every(({ total }) => total === null || total.dpcs === 0)) return null;
  const isOver = store.answer.value !== null;
  const worst = store.worst.value;
  return (
    <section class="why" aria-label="The longest wait">
      <h2>Why was the longest wait{isOver ? '' : ' so far'} so long?</h2>
      <p>
        {store.state.value.policies.map((policy, i) => (
          <button
            key={policy}
            type="button"
            disabled={worst === 'asked'}
            onClick={() => store.why(i)}
          >
            Why, under <bdi>{policy}</bdi>?
          </button>
        ))}
      </p>
      <div aria-live="polite">
        {worst === 'asked' && (
          <p class="note">Its shard is simulated again, with the event log on.</p>
        )}
        {worst !== null && worst !== 'asked' && <Story worst={worst} />}
      </div>
    </section>
  );
}

function Story({ worst }: { worst: WorstWait }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const width = useSignal(600);
  useEffect(() => {
    width.value = Math.max(280, host.current!.clientWidth);
  }, [worst]);
  const { causes, dpc, parts, policy, shard, timeline, wait, waitNs } = worst;
  const { fromNs, toNs } = timeline.window;
  return (
    <div ref={host}>
      <p>
        <bdi>{dpc}</bdi> waited {formatNs(waitNs)} under {policy}, on processor {wait.processor} of
        shard {shard + 1}, from {formatNs(wait.queuedNs)}.
      </p>
      <TimelineView
        timeline={timeline}
        fromNs={fromNs}
        toNs={toNs}
        width={width.value}
        label={`What each processor did around the longest wait under ${policy}`}
      />
      <ol class="steps">
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
    </div>
  );
}
