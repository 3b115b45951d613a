import { parse } from 'yaml';
import { inputError } from '../errors.js';
import { visibleLine } from '../visible-text.js';
import { PLAY_VIEWS, type PlayState, type PlayView } from './play-state.js';
import type { Tour, TourStep } from './tour.js';

const KEYS = ['text', 'scenario', 'policies', 'seed', 'interrupts', 'speedNs', 'look', 'why'];
const MOST_STEPS = 20;

/**
 * A tour out of its file (docs/play.md). A step's `scenario` is a name of the catalogue, or the
 * text of one.
 *
 * @throws InputError that names the step and what is wrong with it.
 */
export function readTour(text: string, file: string): Tour {
  const value: unknown = parse(text);
  if (!isObject(value)) throw refuse(file, 'is no object with title and steps');
  const { title, steps, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) throw refuse(file, `has the unknown key ${other}`);
  if (typeof title !== 'string' || title === '') throw refuse(file, 'has no title');
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > MOST_STEPS) {
    throw refuse(file, `has not 1 to ${MOST_STEPS} steps`);
  }
  return { title, steps: steps.map((step, i) => readStep(step, `${file}: step ${i + 1}`)) };
}

function readStep(value: unknown, place: string): TourStep {
  if (!isObject(value)) throw refuse(place, 'is no object');
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw refuse(place, `has the unknown key ${unknown}`);
  const { interrupts, look, policies, scenario, seed, speedNs, text, why } = value;
  if (typeof text !== 'string' || text === '') throw refuse(place, 'has no text');
  if (look !== undefined && !PLAY_VIEWS.includes(look as PlayView)) {
    throw refuse(place, `looks at none of ${PLAY_VIEWS.join(', ')}`);
  }
  if (why !== undefined && typeof why !== 'string') throw refuse(place, 'asks why of no policy');
  return {
    text,
    scenario: scenario === undefined ? null : readScenario(scenario, place),
    policies: policies === undefined ? null : readPolicies(policies, place),
    seed: wholeOrNull(seed, place),
    interrupts: wholeOrNull(interrupts, place),
    speedNs: speedNs === 'full' ? 'full' : wholeOrNull(speedNs, place),
    look: (look as PlayView | undefined) ?? (why === undefined ? null : 'why'),
    why: why ?? null,
  };
}

function readScenario(value: unknown, place: string): PlayState['scenario'] {
  if (typeof value !== 'string') throw refuse(place, 'has a scenario that is no text');
  return value.includes('\n') ? { file: 'tour.yaml', text: value } : { name: value };
}

function readPolicies(value: unknown, place: string): [string, string] {
  const isPair = Array.isArray(value) && value.length === 2;
  if (isPair && value.every((name) => typeof name === 'string')) return [value[0], value[1]];
  throw refuse(place, 'has policies that are not two names');
}

function wholeOrNull(value: unknown, place: string): number | null {
  if (value === undefined) return null;
  if (Number.isSafeInteger(value)) return value as number;
  throw refuse(place, 'has a number that is not whole');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(place: string, why: string): Error {
  return inputError(`${visibleLine(place)} ${visibleLine(why)}`);
}
