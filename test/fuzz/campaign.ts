import { InputError } from '../../src/errors.js';
import { Dice } from './dice.js';
import { mutate } from './mutate.js';
import type { Target } from './targets.js';

/** More is a hang, unless compilers and collectors were at it: then it is less the next time. */
const MOST_MS = 1_000;
const TRIES = 3;

/** An input on which something went wrong. */
export interface Finding {
  target: string;
  seed: number;
  index: number;
  what: string;
}

export interface Campaign {
  target: Target;
  seed: number;
  /** The first input and how many. */
  from: number;
  count: number;
  /** Called before each input. False ends the campaign. */
  before?: (index: number) => boolean;
}

export interface CampaignCounts {
  inputs: number;
  /** Refused with the words for it; the rest was read. */
  refused: number;
  findings: Finding[];
}

/** The input of a number: a function of the seed, the target and it alone. */
export function inputOf(
  corpus: readonly Uint8Array[],
  { target, seed }: Pick<Campaign, 'target' | 'seed'>,
  index: number,
): Buffer {
  return mutate(corpus, new Dice(target.name, seed, index));
}

/** Reads damaged inputs one after another. */
export async function campaign(options: Campaign): Promise<CampaignCounts> {
  const { before, count, from, seed, target } = options;
  const corpus = await target.corpus();
  const counts: CampaignCounts = { inputs: 0, refused: 0, findings: [] };
  for (let index = from; index < from + count; index++) {
    if (before?.(index) === false) break;
    const { isRefused, what } = await readOne(target, inputOf(corpus, options, index));
    counts.inputs++;
    if (isRefused) counts.refused++;
    if (what !== '') counts.findings.push({ target: target.name, seed, index, what });
  }
  return counts;
}

async function readOne(
  target: Target,
  bytes: Buffer,
): Promise<{ isRefused: boolean; what: string }> {
  let leastMs = Infinity;
  let isRefused = false;
  for (let i = 0; i < TRIES && leastMs > MOST_MS; i++) {
    // The processor's time: others on the machine make no hang.
    const before = process.cpuUsage();
    try {
      await target.read(bytes);
    } catch (error) {
      if (!(error instanceof InputError)) {
        return { isRefused, what: error instanceof Error ? (error.stack ?? '') : String(error) };
      }
      isRefused = true;
    }
    const { system, user } = process.cpuUsage(before);
    leastMs = Math.min(leastMs, (system + user) / 1_000);
  }
  const what = leastMs > MOST_MS ? `it took ${Math.round(leastMs)} ms of the processor` : '';
  return { isRefused, what };
}
