import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { stateIn, type Tour } from '../../src/play/tour.js';
import { quote } from '../../src/units.js';
import type { PlayStore } from './store.js';

/** Between a tour's text and what it is about. */
const BESIDE_PX = 16;

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

/**
 * The step's text and the way on: at the top of the window whatever is scrolled, its buttons at
 * places that no step moves, so that a hand that aims at one hits it.
 */
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
      <p class="ways">
        <button type="button" disabled={step === 0} onClick={() => go(store, tour, step - 1)}>
          Back
        </button>
        <button type="button" disabled={step === last} onClick={() => go(store, tour, step + 1)}>
          Next
        </button>
        <button type="button" onClick={() => (place.value = null)}>
          End the tour
        </button>
      </p>
    </section>
  );
}

/** The tour that the page's address names. */
export function startTour(store: PlayStore, title: string): void {
  const { tours } = store.content;
  const tour = tours.find((each) => each.title === title);
  if (tour !== undefined) return go(store, tour, 0);
  const titles = tours.map((each) => quote(each.title)).join(', ');
  store.notice.value = `This page has no tour ${quote(title)}; there are ${titles}.`;
}

/** Steps build on each other: the state is that of the first one with all later ones upon it. */
function go(store: PlayStore, tour: Tour, step: number): void {
  const here = { tour, step };
  place.value = here;
  const state = tour.steps.slice(0, step + 1).reduce(stateIn, store.content.start);
  void store.show(state).then(() => {
    const { look, why } = tour.steps[step];
    if (why !== null) store.whyAtLast(Math.max(0, state.policies.indexOf(why)));
    if (look !== null) bringIntoSight(`view-${look}`, () => place.value === here);
  });
}

/** What says that the reader looks elsewhere by now. */
const READERS_OWN = ['wheel', 'touchmove', 'pointerdown', 'keydown'];

/**
 * Under the tour's text, as soon as it is there: what has no figures yet may have no place. What
 * appears above it later moves it away, so it is brought back until the reader scrolls.
 */
function bringIntoSight(id: string, isWanted: () => boolean): void {
  if (!isWanted()) return;
  const view = document.getElementById(id);
  if (view === null) {
    requestAnimationFrame(() => bringIntoSight(id, isWanted));
    return;
  }
  const over = new AbortController();
  const growing = new ResizeObserver(() => {
    if (isWanted() && view.isConnected) alignUnderTour(view);
    else over.abort();
  });
  growing.observe(document.body);
  over.signal.addEventListener('abort', () => growing.disconnect());
  for (const kind of READERS_OWN) {
    addEventListener(kind, () => over.abort(), { passive: true, signal: over.signal });
  }
}

function alignUnderTour(view: HTMLElement): void {
  const seen = view.getBoundingClientRect();
  const heightOf = (selector: string): number =>
    document.querySelector(selector)?.getBoundingClientRect().height ?? 0;
  const top = heightOf('.tour') + BESIDE_PX;
  const bottom = innerHeight - heightOf('.pace');
  if (seen.top < top || seen.bottom > bottom) scrollBy(0, seen.top - top);
}
