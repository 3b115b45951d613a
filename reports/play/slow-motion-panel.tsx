import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { lastStep, type SlowMotion } from '../../src/play/slow-motion.js';
import { formatNsExactly } from '../../src/units.js';
import type { PlayStore } from './store.js';
import { TimelineView } from './timeline-view.js';

/** So much of the reader's time is seen at once, in seconds. */
const SEEN_SECONDS = 12;
const STEPS = 6;

/** Both machines event by event, at up to a millisecond of simulated time a second. */
export function SlowMotionPanel({ store }: { store: PlayStore }): JSX.Element | null {
  const { slow } = store;
  const width = useSignal(600);
  const host = useRef<HTMLDivElement>(null);
  const isOn = slow.isOn.value;
  const nowNs = slow.now.value;
  useEffect(() => {
    width.value = Math.max(280, host.current?.clientWidth ?? 600);
  }, [isOn, nowNs === null]);
  if (!isOn) return null;
  return (
    <section class="slow" id="view-slow-motion" aria-label="Slow motion" ref={host}>
      <h2>Slow motion</h2>
      {slow.motions.value.map((motion, i) => (
        <Motion
          key={i}
          store={store}
          policy={i}
          motion={motion}
          nowNs={nowNs}
          width={width.value}
        />
      ))}
      <p class="note">
        Height is IRQL; an arrow is an IPI. Step goes to the next event. Faster than 1 ms a second,
        this closes.
      </p>
    </section>
  );
}

interface MotionProps {
  store: PlayStore;
  policy: number;
  motion: SlowMotion | null;
  nowNs: number | null;
  width: number;
}

function Motion({ store, policy, motion, nowNs, width }: MotionProps): JSX.Element {
  const { policies, speedNs } = store.state.value;
  const name = policies[policy];
  if (motion === null || nowNs === null) {
    return (
      <p class="note">
        {name}: this stretch is simulated again by the debug kernel, event by event.
      </p>
    );
  }
  const seenNs = SEEN_SECONDS * (speedNs ?? 1_000);
  const last = lastStep(motion.steps, nowNs);
  const startNs = nowNs - store.pace.nowNs();
  const steps = motion.steps.slice(Math.max(0, last - STEPS + 1), last + 1);
  return (
    <div class="motion">
      <h3 class={`p${policy}`}>
        <bdi>{name}</bdi>, {instant(nowNs - startNs)}
      </h3>
      <TimelineView
        timeline={motion.timeline}
        fromNs={nowNs - 0.7 * seenNs}
        toNs={nowNs + 0.3 * seenNs}
        width={width}
        nowNs={nowNs}
        label={`What each processor does under ${name}`}
      />
      <ol class="steps">
        {steps.map((step, i) => (
          <li key={last - steps.length + 1 + i}>
            {instant(step.t - startNs)} CPU {step.p} <b>{step.rule}</b> {step.text}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Since statistics began, to the ns: events lie close together. */
function instant(ns: number): string {
  return `${ns < 0 ? '-' : ''}${formatNsExactly(Math.abs(Math.round(ns)))}`;
}

/** The machine speaking: which rule acted last, and why, under both policies. */
export function LastRules({ store }: { store: PlayStore }): JSX.Element | null {
  const { slow, state } = store;
  const isOn = slow.isOn.value;
  useEffect(() => {
    if (!isOn) return;
    let frame = 0;
    const follow = (): void => {
      slow.follow();
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [slow, isOn]);
  const nowNs = slow.now.value;
  if (!isOn || nowNs === null) return null;
  return (
    <div class="last-rules" aria-live={store.progress.value === 'paused' ? 'polite' : 'off'}>
      {slow.stepsAt(nowNs).map((step, i) =>
        step === null ? null : (
          <p key={state.value.policies[i]}>
            <b class={`p${i}`}>
              <bdi>{state.value.policies[i]}</bdi> {step.rule}
            </b>{' '}
            {step.text}
          </p>
        ),
      )}
    </div>
  );
}
