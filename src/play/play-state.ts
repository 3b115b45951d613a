import { inputError } from '../errors.js';
import { quote } from '../units.js';

/** All that a link to the live page holds. */
export interface PlayState {
  /** A scenario of the catalogue, or one that was written. */
  scenario: { name: string } | WrittenScenario;
  /** Two names: of those that ship, or of the scenario's own. */
  policies: [string, string];
  /** From 0 to 2^53 − 1. */
  seed: number;
  /** Ends the run, all shards together; null: as the scenario says. */
  interrupts: number | null;
  /** Simulated ns in a second of the reader's time; null: as fast as it goes. */
  speedNs: number | null;
  /** A part of the page that is shown alone, as in another page; null: all of it. */
  view: PlayView | null;
}

export interface WrittenScenario {
  file: string;
  text: string;
}

export const PLAY_VIEWS = [
  'ipis',
  'waits',
  'processors',
  'decisions',
  'slow-motion',
  'why',
] as const;
export type PlayView = (typeof PLAY_VIEWS)[number];

/** The slowest and the fastest pace, in simulated ns a second; beyond it lies full speed. */
export const SLOWEST_NS = 1_000;
export const FASTEST_NS = 10_000_000_000;
/** A result of more would take a browser an hour. */
export const MOST_INTERRUPTS = 10_000_000_000;
/** A written scenario; the catalogue's largest has 120,000 characters. */
const MOST_CHARACTERS = 1_000_000;
const MOST_NAME = 200;

/**
 * A state that somebody else wrote. It is read field by field: what is unknown or out of range is
 * refused.
 *
 * @throws InputError that says which field and why.
 */
export function readPlayState(value: unknown): PlayState {
  const state = objectAt('', value, [
    'scenario',
    'policies',
    'seed',
    'interrupts',
    'speedNs',
    'view',
  ]);
  const { policies } = state;
  if (!Array.isArray(policies) || policies.length !== 2) {
    throw refuse('policies', 'are not two names');
  }
  return {
    scenario: readScenario(state['scenario']),
    policies: [text('policies', policies[0], MOST_NAME), text('policies', policies[1], MOST_NAME)],
    seed: whole('seed', state['seed'], 0, Number.MAX_SAFE_INTEGER),
    interrupts:
      state['interrupts'] === null
        ? null
        : whole('interrupts', state['interrupts'], 1, MOST_INTERRUPTS),
    speedNs:
      state['speedNs'] === null ? null : whole('speedNs', state['speedNs'], SLOWEST_NS, FASTEST_NS),
    view: state['view'] === null ? null : oneOf('view', state['view'], PLAY_VIEWS),
  };
}

function readScenario(value: unknown): PlayState['scenario'] {
  const isNamed = typeof value === 'object' && value !== null && 'name' in value;
  if (isNamed) {
    const { name } = objectAt('scenario', value, ['name']);
    return { name: text('scenario.name', name, MOST_NAME) };
  }
  const scenario = objectAt('scenario', value, ['file', 'text']);
  const file = text('scenario.file', scenario['file'], MOST_NAME);
  if (!/^[^/\\]+$/.test(file)) throw refuse('scenario.file', 'is no name of a file');
  return { file, text: text('scenario.text', scenario['text'], MOST_CHARACTERS) };
}

function objectAt(
  path: string,
  value: unknown,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(path, 'is no object');
  }
  const found = Object.keys(value);
  const unknown = found.find((key) => !keys.includes(key));
  if (unknown !== undefined) throw refuse(path, `has the unknown key ${quote(unknown)}`);
  const missing = keys.find((key) => !found.includes(key));
  if (missing !== undefined) throw refuse(path, `lacks the key ${missing}`);
  return value as Record<string, unknown>;
}

function text(path: string, value: unknown, most: number): string {
  if (typeof value !== 'string' || value === '') throw refuse(path, 'is no text');
  if (value.length > most) throw refuse(path, `has more than ${most} characters`);
  return value;
}

function whole(path: string, value: unknown, least: number, most: number): number {
  const isRight = Number.isSafeInteger(value) && (value as number) >= least;
  if (isRight && (value as number) <= most) return value as number;
  throw refuse(path, `is no whole number from ${least} to ${most}`);
}

function oneOf<T extends string>(path: string, value: unknown, words: readonly T[]): T {
  if (words.includes(value as T)) return value as T;
  throw refuse(path, `is none of ${words.join(', ')}`);
}

function refuse(path: string, why: string): Error {
  return inputError(`the link cannot be used: ${path === '' ? 'its content' : path} ${why}`);
}
