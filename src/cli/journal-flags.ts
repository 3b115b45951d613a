import { type Command, InvalidArgumentError } from 'commander';
import { inputError } from '../errors.js';
import type { RunOptions } from '../run/run-benchmark.js';
import { parsePart, type Part } from '../run/part.js';
import { type Execute, RunCancelled } from '../run/tasks.js';
import type { Scenario } from '../scenario/scenario.js';
import { formatCount } from '../units.js';
import { collectTexts } from './arguments.js';
import type { Place } from './check-places.js';
import type { Console } from './console.js';

/** What keeps the shards of a run, and shares them out among hosts. */
export interface JournalFlags {
  journal?: string;
  /** Only with `journal`. */
  shard?: Part;
  others?: string[];
  /** The address of a queue whose workers carry out the shards. */
  engine?: string;
}

export function withJournalOption(command: Command): Command {
  return command.option(
    '--journal <file>',
    'keep every finished shard in it; given again, the run goes on from there',
  );
}

export function withShardOptions(command: Command): Command {
  return withJournalOption(command)
    .option('--engine <address>', 'workers of a queue, such as redis://host:6379')
    .option('--shard <i/n>', 'carry out only part i of n, for "dpcbench merge"', parseShard)
    .option('--others <file>', "another part's journal; may be repeated", collectTexts);
}

/** `3/8`. */
function parseShard(text: string): Part {
  const part = parsePart(text);
  if (part !== null) return part;
  throw new InvalidArgumentError('It must be a part and how many there are, such as 3/8.');
}

/** Refuses options of parts without a journal. */
export function checkJournalFlags({
  against,
  engine,
  journal,
  others,
  shard,
}: JournalFlags & { against?: string }): void {
  if (journal !== undefined && against !== undefined) {
    throw inputError('a journal is of one run, and --against is another', 'leave one of them out');
  }
  if (shard !== undefined && engine !== undefined) {
    throw inputError('--shard is for this host, and --engine for others', 'leave one of them out');
  }
  if (shard !== undefined && journal === undefined) {
    throw inputError('--shard needs a file for its part', 'add --journal FILE');
  }
  if (others !== undefined && shard === undefined) {
    throw inputError('--others is about the parts of a run', 'add --shard I/N');
  }
}

/** The files that a run keeps its shards in and reads those of others from. */
export function journalPlaces({ journal, others = [] }: JournalFlags): {
  inputs: Place[];
  outputs: Place[];
} {
  return {
    inputs: others.map((path) => ({ as: '--others', path })),
    outputs: [{ as: '--journal', path: journal }],
  };
}

/** Who carries out the shards: this host, or the workers of a queue. */
async function withEngine<T>(
  scenario: Scenario,
  engine: string | undefined,
  work: (execute: Execute) => Promise<T>,
): Promise<T> {
  const { usualExecutor } = await import('../run/run-benchmark.js');
  if (engine === undefined) return work(usualExecutor(scenario));
  const { RedisQueue } = await import('../queue/redis-queue.js');
  const { executeByQueue } = await import('../queue/queue-engine.js');
  const queue = await RedisQueue.open(engine);
  try {
    return await work(executeByQueue(queue));
  } finally {
    queue.close();
  }
}

/** Carries out a run by the engine that is asked for, its shards kept if that is asked for. */
export async function withJournal<T>(
  scenario: Scenario,
  { engine, journal: path, quiet }: JournalFlags & { quiet?: boolean },
  options: RunOptions,
  console: Console,
  work: (execute: Execute) => Promise<T>,
): Promise<T> {
  if (path === undefined) return withEngine(scenario, engine, work);
  const { RunJournal } = await import('../run/run-store.js');
  const { keepShards } = await import('../run/kept-shards.js');
  const journal = await RunJournal.open(path, scenario, options);
  try {
    if (quiet !== true) sayFound(journal, console);
    return await withEngine(scenario, engine, (execute) => work(keepShards(execute, journal)));
  } catch (error) {
    throw error instanceof RunCancelled ? new RunCancelled(error.progress, path) : error;
  } finally {
    journal.close();
  }
}

/** What of a journal is worth a word: a run goes on, or a part of it was lost. */
export function sayFound(
  { finished, lostBytes, path }: { finished: number; lostBytes: number; path: string },
  console: Console,
): void {
  if (lostBytes > 0) {
    console.err(
      `${path}: its last ${formatCount(lostBytes)} bytes are no whole record and were cut off.\n`,
    );
  }
  if (finished > 0) {
    const shards = finished === 1 ? '1 shard was' : `${formatCount(finished)} shards were`;
    console.err(`${path}: ${shards} finished before.\n`);
  }
}
