import { flag, list, words } from '../scenario/leaf-shapes.js';
import { addedLater, orNull, record, required } from '../scenario/shape.js';
import type { ReadOf } from '../scenario/shape.js';
import {
  ANY_LENGTH,
  fromZero,
  hexadecimal,
  text,
  wholeFromOne,
  wholeFromZero,
} from './figure-shapes.js';

/** What made a result, and how much was simulated: a part of the document (`document.ts`). */
const hash = hexadecimal(64);

const warmup = record(
  'warmup',
  {
    kind: required(words(['none', 'fixed', 'auto', 'settle']), 'How it was chosen.'),
    ns: required(fromZero, 'Simulated ns that no statistic counts, in each shard.'),
    method: required(text, 'How the end was found; "" unless kind is auto or settle.'),
    found: required(flag, 'Whether the end was found.'),
  },
  'ignored',
);
export interface Warmup extends ReadOf<typeof warmup> {}

const settling = record(
  'settling',
  {
    state: required(
      words(['settled', 'too-short', 'drifting', 'from-start']),
      'from-start: not asked, since the run was to begin with the idle machine (--warmup none) ' +
        'or has a list of arrivals. too-short, drifting: no, and there are no intervals.',
    ),
    ns: required(fromZero, 'How long the machine needs by its own time constants.'),
    slowest: required(text, 'Which of them is the longest.'),
    sentence: required(
      text,
      'Not settled or no intervals, and the way out, in words; "" for neither.',
    ),
  },
  'ignored',
);
/** Whether the figures are those of a machine that has forgotten its start. */
export interface Settling extends ReadOf<typeof settling> {}
/** What stands for it in a result that is older than the question. */
const NOT_ASKED: Settling = { state: 'from-start', ns: 0, slowest: '', sentence: '' };

const precision = record(
  'precision',
  {
    figure: required(text, 'The figure that was to be known.'),
    target: required(fromZero, "Half of its interval's width over the figure: asked for."),
    reached: required(orNull(fromZero), 'The same as reached; null without an interval.'),
    limit: required(wholeFromOne, 'The most shards that were allowed.'),
  },
  'ignored',
);
/** How far `--precision` got. */
export interface PrecisionReached extends ReadOf<typeof precision> {}

const host = record(
  'host',
  {
    commandLine: required(list(text, 0, ANY_LENGTH), 'The command and its arguments.'),
    node: required(text, 'The version of Node.js.'),
    platform: required(text, 'Operating system and architecture.'),
    workers: required(wholeFromZero, 'Threads.'),
    worstCommand: addedLater(
      orNull(text),
      null,
      'The command that tells its longest waits; null where none does.',
    ),
    wallSeconds: required(fromZero, 'How long the run took.'),
    interruptsPerSecond: required(fromZero, 'Simulated interrupts of each second of that.'),
  },
  'ignored',
);

const versions = record(
  'versions',
  {
    dpcbench: required(text, 'The program.'),
    abi: required(wholeFromZero, 'The contract between the kernel and its host.'),
    rules: required(wholeFromZero, 'The rules of the machine.'),
  },
  'ignored',
);

/** Everything except `host` is a function of scenario, seed and kernel alone. */
export const meta = record(
  'meta',
  {
    versions: required(versions, 'What made it.'),
    kernelHash: required(hash, "SHA-256 of the kernel's bytes."),
    scenarioHash: required(hash, "SHA-256 of the resolved scenario's canonical JSON."),
    seed: required(wholeFromZero, 'The seed of all random streams.'),
    shards: required(wholeFromOne, 'Machines that were simulated and added up.'),
    warmup: required(warmup, 'What was cut from the start of every shard.'),
    settling: addedLater(settling, NOT_ASKED, 'Whether the machine had forgotten its start.'),
    precision: addedLater(
      orNull(precision),
      null,
      'Null when the number of shards was fixed beforehand.',
    ),
    processors: required(wholeFromOne, 'Processors of the machine.'),
    durationNs: required(fromZero, 'Simulated ns of one policy, all shards together.'),
    interrupts: required(wholeFromZero, 'Simulated interrupts of all policies together.'),
    host: required(host, 'Wall clock: differs from run to run, never compared.'),
  },
  'ignored',
);
