import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { SlowAnswer } from './messages.js';
import type { PlayStore } from './store.js';
import { instant, TimelineExplorer } from './timeline-explorer.js';

/** So much of the reader's time is seen at once, in seconds. */
const SEEN_SECONDS = 12;

/** Both machines event by event, at up to a millisecond of simulated time a second. */
export function SlowMotionPanel({ store }: { store: PlayStore }): JSX.Element | null {
  const { slow, state } = store;
  const isOn = slow.isOn.value;
  const nowNs = slow.now.value;
  if (!isOn && state.value.view === null) return null;
  if (!isOn) {
    return (
      <section class="slow" id="view-slow-motion" aria-label="Slow motion">
        <h2>Slow motion</h2>
        <p class="note">
          At up to 1 ms of simulated time a second the machines are shown event by event.{' '}
          <button type="button" onClick={() => store.lookClosely()}>
            Slow down
          </button>
        </p>
      </section>
    );
  }
  return (
    <section class="slow" id="view-slow-motion" aria-label="Slow motion">
      <h2>Slow motion</h2>
      {slow.motions.value.map((motion, i) => (
        <Motion key={i} store={store} policy={i} motion={motion} nowNs={nowNs} />
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
  motion: SlowAnswer['motion'] | null;
  nowNs: number | null;
}

function Motion({ store, policy, motion, nowNs }: MotionProps): JSX.Element {
  const { policies, speedNs } = store.state.value;
  const name = policies[policy];
  const isKnown = motion !== null && nowNs !== null;
  // Statistics began at 0, to the ns.
  const zeroNs = nowNs === null ? 0 : Math.round(nowNs - store.pace.nowNs());
  const scene = store.scenes[policy];
  const explored = useMemo(
    () => (isKnown && scene !== null ? { ...motion, scene, zeroNs } : null),
    [motion, isKnown],
  );
  if (explored === null || nowNs === null) {
    return (
      <p class="note">
        {name}: this stretch is simulated again by the debug kernel, event by event.
      </p>
    );
  }
  const seenNs = SEEN_SECONDS * (speedNs ?? 1_000);
  return (
    <div class="motion">
      <h3 class={`p${policy}`}>
        <bdi>{name}</bdi>, {instant(nowNs - explored.zeroNs)}
        {nowNs > explored.timeline.window.toNs && ', simulated again: a slower pace gives it time'}
      </h3>
      <TimelineExplorer
        explored={explored}
        follow={{ nowNs, seenNs }}
        onProcessor={(processor) => store.slow.choose(policy, processor)}
        label={`What each processor does under ${name}`}
      />
    </div>
  );
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
    return () => {
      cancelAnimationFrame(frame);
      // Shown again, both machines' stretches would come at once.
      slow.clear();
    };
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
