import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { stateIn, type Tour } from '../../src/play/tour.js';
import type { PlayStore } from './store.js';

/** Where the reader is, or nowhere. */
const place = signal<{ tour: Tour; step: number } | null>(null);

export function TourChoice({ store }: { store: PlayStore }): JSX.Element | null {
  const { tours } = store.content;
  if (tours.length === 0) return null;
  const current = place.value === null ? -1 : tours.indexOf(place.value.tour);
  return (
    <label>
      Tours{' '}
      <select
        value={String(current)}
        onChange={({ currentTarget: { value } }) => {
          if (value === '-1') place.value = null;
          else go(store, tours[Number(value)], 0);
        }}
      >
        <option value="-1">none</option>
        {tours.map(({ title }, i) => (
          <option key={title} value={String(i)}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The step's text and the way on. */
export function TourPanel({ store }: { store: PlayStore }): JSX.Element | null {
  const text = useRef<HTMLParagraphElement>(null);
  const at = place.value;
  useEffect(() => text.current?.focus({ preventScroll: true }), [at]);
  if (at === null) return null;
  const { step, tour } = at;
  const last = tour.steps.length - 1;
  return (
    <section class="tour" aria-label={`Tour: ${tour.title}`}>
      <h2>
        {tour.title}, {step + 1} of {last + 1}
      </h2>
      <p ref={text} tabIndex={-1}>
        {tour.steps[step].text}
      </p>
      <p>
        <button type="button" disabled={step === 0} onClick={() => go(store, tour, step - 1)}>
          Back
        </button>{' '}
        {step < last && (
          <button type="button" onClick={() => go(store, tour, step + 1)}>
            Next
          </button>
        )}{' '}
        <button type="button" onClick={() => (place.value = null)}>
          End the tour
        </button>
      </p>
    </section>
  );
}

/** Steps build on each other: the state is that of the first one with all later ones upon it. */
function go(store: PlayStore, tour: Tour, step: number): void {
  place.value = { tour, step };
  const state = tour.steps.slice(0, step + 1).reduce(stateIn, store.content.start);
  void store.show(state).then(() => {
    const { look, why } = tour.steps[step];
    if (why !== null) store.whyAtLast(Math.max(0, state.policies.indexOf(why)));
    if (look !== null) {
      document.getElementById(`view-${look}`)?.scrollIntoView({ block: 'nearest' });
    }
  });
}
