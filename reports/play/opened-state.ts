import { inputError } from '../../src/errors.js';
import type { PlayScenario } from '../../src/play/play-content.js';
import { PLAY_VIEWS, type PlayState } from '../../src/play/play-state.js';
import { quote } from '../../src/units.js';
import type { Description } from './messages.js';
import { SLOW_NS } from './slow-store.js';

/** Simulated ns a second at which events can be followed. */
export const CLOSE_NS = 20_000;

/**
 * The state with the view that the page's address names (`?embed=waits`), at a pace that shows
 * something; null: it names none.
 */
export function embedded(state: PlayState, embed: string | null): PlayState {
  if (embed === null) return state;
  const view = PLAY_VIEWS.find((each) => each === embed) ?? state.view ?? 'waits';
  const isFast = view === 'slow-motion' && (state.speedNs ?? Infinity) > SLOW_NS;
  return { ...state, view, speedNs: isFast ? CLOSE_NS : state.speedNs };
}

/** @throws InputError for a scenario that the page does not have. */
export function checkName({ scenario }: PlayState, catalog: readonly PlayScenario[]): void {
  if (!('name' in scenario)) return;
  if (catalog.some(({ name }) => name === scenario.name)) return;
  const name = quote(scenario.name);
  throw inputError(`the link cannot be used: this page has no scenario ${name}`);
}

/** The two policies that are compared first. */
export function pairOf({ compared, policies }: Description): [string, string] {
  const [first, second] = [...new Set([...compared, 'pre-vista', 'vista', ...policies])];
  return [first, second];
}
