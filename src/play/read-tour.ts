import { InputError } from '../errors.js';
import { readTextOf } from '../scenario/parse.js';
import type { ParsedText } from '../scenario/places.js';
import { quote } from '../units.js';
import {
  FASTEST_NS,
  MOST_INTERRUPTS,
  PLAY_VIEWS,
  type PlayState,
  type PlayView,
  SLOWEST_NS,
} from './play-state.js';
import type { Tour, TourStep } from './tour.js';

const KEYS = ['text', 'scenario', 'policies', 'seed', 'interrupts', 'speedNs', 'look', 'why'];
const MOST_STEPS = 20;

type Path = readonly (string | number)[];

/**
 * A tour out of its file (docs/play.md). A step's `scenario` is a name of the catalogue, a file
 * beside the tour, or the text of a scenario.
 *
 * @throws InputError that names the place, the step and what is wrong with it.
 */
export function readTour(text: string, file: string): Tour {
  return new TourFile(readTextOf(text, file), file).read();
}

class TourFile {
  constructor(
    private readonly parsed: ParsedText,
    private readonly file: string,
  ) {}

  read(): Tour {
    const { value } = this.parsed;
    if (!isObject(value)) throw this.refuse([], 'the tour is no object with title and steps');
    const { title, steps, ...others } = value;
    const [other] = Object.keys(others);
    if (other !== undefined) throw this.refuse([other], `the tour has the unknown key ${other}`);
    if (typeof title !== 'string' || title === '') throw this.refuse([], 'the tour has no title');
    if (!Array.isArray(steps) || steps.length === 0 || steps.length > MOST_STEPS) {
      throw this.refuse([], `the tour has not 1 to ${MOST_STEPS} steps`);
    }
    return { title, steps: steps.map((step, i) => this.step(step, i)) };
  }

  private step(value: unknown, index: number): TourStep {
    const fail = (key: string | null, why: string): InputError =>
      this.refuse(['steps', index, ...(key === null ? [] : [key])], `step ${index + 1} ${why}`);
    if (!isObject(value)) throw fail(null, 'is no object');
    const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
    if (unknown !== undefined) {
      throw fail(unknown, `has the unknown key ${unknown}; there are ${KEYS.join(', ')}`);
    }
    const whole = (key: string, least: number, most: number): number | null => {
      const found = value[key];
      if (found === undefined) return null;
      if (Number.isSafeInteger(found) && isWithin(found as number, least, most)) {
        return found as number;
      }
      throw fail(key, `has no whole number from ${least} to ${most} as ${key}`);
    };
    const { look, policies, scenario, speedNs, text, why } = value;
    if (typeof text !== 'string' || text === '') throw fail(null, 'has no text');
    if (look !== undefined && !PLAY_VIEWS.includes(look as PlayView)) {
      throw fail('look', `looks at none of ${PLAY_VIEWS.join(', ')}`);
    }
    if (why !== undefined && typeof why !== 'string') throw fail('why', 'asks why of no policy');
    if (scenario !== undefined && typeof scenario !== 'string') {
      throw fail('scenario', 'has a scenario that is no text; `scenario: |` begins one');
    }
    return {
      text,
      scenario: scenario === undefined ? null : readScenario(scenario),
      policies: policies === undefined ? null : readPolicies(policies, fail),
      seed: whole('seed', 0, Number.MAX_SAFE_INTEGER),
      interrupts: whole('interrupts', 1, MOST_INTERRUPTS),
      speedNs: speedNs === 'full' ? 'full' : whole('speedNs', SLOWEST_NS, FASTEST_NS),
      look: (look as PlayView | undefined) ?? (why === undefined ? null : 'why'),
      why: why ?? null,
    };
  }

  private refuse(path: Path, message: string): InputError {
    const { line, column } = this.parsed.places.of(this.parsed.value, path, 'key');
    return new InputError([{ file: this.file, line, column, path: '', message, hint: '' }]);
  }
}

function readScenario(text: string): PlayState['scenario'] {
  return text.includes('\n') ? { file: 'tour.yaml', text } : { name: text };
}

function readPolicies(
  value: unknown,
  fail: (key: string, why: string) => InputError,
): [string, string] {
  const isPair = Array.isArray(value) && value.length === 2;
  if (!isPair || !value.every((name) => typeof name === 'string')) {
    throw fail('policies', 'has policies that are not two names');
  }
  if (value[0] === value[1]) throw fail('policies', `compares ${quote(value[0])} with itself`);
  return [value[0], value[1]];
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
