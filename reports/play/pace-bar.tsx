import type { JSX } from 'preact';
import { FASTEST_NS, SLOWEST_NS } from '../../src/play/play-state.js';
import { formatCount, formatNs } from '../../src/units.js';
import { LastRules } from './slow-motion-panel.js';
import type { PlayStore } from './store.js';

/** The slider's last place is full speed; those before it are even steps of the logarithm. */
const FULL = 100;

/** Play, pause, step, and how fast simulated time goes by. */
export function PaceBar({ store }: { store: PlayStore }): JSX.Element {
  const { speedNs } = store.state.value;
  const progress = store.progress.value;
  const isRunning = progress === 'running' || progress === 'starting';
  const words = speedNs === null ? 'full speed' : `${formatNs(speedNs)} a second`;
  return (
    <footer class="pace">
      <button
        type="button"
        disabled={progress === 'refused'}
        onClick={() => (isRunning ? store.pause() : store.play())}
      >
        {isRunning ? 'Pause' : progress === 'done' ? 'Run again' : 'Play'}
      </button>
      <button
        type="button"
        disabled={progress === 'done' || progress === 'refused'}
        onClick={() => store.step()}
      >
        Step
      </button>
      <label class="speed">
        <span>
          Speed <b aria-hidden="true">{words}</b>
        </span>
        <input
          type="range"
          min={0}
          max={FULL}
          value={positionOf(speedNs)}
          aria-valuetext={words}
          onInput={({ currentTarget: { value } }) => store.setSpeed(speedAt(Number(value)))}
        />
      </label>
      <LastRules store={store} />
      <p class="status">
        <Status store={store} />
      </p>
    </footer>
  );
}

function Status({ store }: { store: PlayStore }): JSX.Element {
  void store.glance.value;
  const plan = store.plan.value;
  if (plan === null || store.progress.value === 'refused') return <></>;
  const [first] = store.machines;
  const perSecond = store.machines.reduce(
    (sum, { arrivals, busyMs }) => sum + (busyMs > 100 ? (1000 * arrivals) / busyMs : 0),
    0,
  );
  const shard = plan.shards > 1 ? `, shard ${first.shard + 1} of ${plan.shards}` : '';
  const fast = perSecond > 0 ? `, ${formatCount(Math.round(perSecond))} interrupts a second` : '';
  return (
    <>
      {formatNs(store.atNs)} of about {formatNs(plan.expectedNs)}
      {shard}
      {fast}
    </>
  );
}

function positionOf(speedNs: number | null): number {
  if (speedNs === null) return FULL;
  const share = Math.log(speedNs / SLOWEST_NS) / Math.log(FASTEST_NS / SLOWEST_NS);
  return Math.round(share * (FULL - 1));
}

function speedAt(position: number): number | null {
  if (position >= FULL) return null;
  const share = position / (FULL - 1);
  const ns = SLOWEST_NS * (FASTEST_NS / SLOWEST_NS) ** share;
  return Math.min(FASTEST_NS, Math.max(SLOWEST_NS, Math.round(Number(ns.toPrecision(1)))));
}
