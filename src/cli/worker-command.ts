import type { Command } from 'commander';
import { availableParallelism } from 'node:os';
import { formatCount } from '../units.js';
import { parseTime, parseWorkers } from './arguments.js';
import type { Console } from './console.js';
import { quietOption } from './shared-options.js';

const LEASE_NS = 30e9;

interface WorkerFlags {
  workers?: number;
  lease?: number;
  quiet?: boolean;
}

/** `worker`: carries out shards for runs with `--engine`, on any number of hosts. */
export function addWorkerCommand(program: Command, console: Console): void {
  program
    .command('worker')
    .summary('carry out shards of a queue, for "run --engine"')
    .description(
      'Takes shards out of a queue on a server of Redis or Valkey until it is ended. Credentials ' +
        'are read from DPCBENCH_REDIS_USERNAME and DPCBENCH_REDIS_PASSWORD.',
    )
    .argument('<address>', 'such as redis://host:6379/0, or rediss:// for TLS')
    .option('-w, --workers <n>', 'shards at once (default: the processors)', parseWorkers)
    .option(
      '--lease <time>',
      'a worker without a sign for so long is dead (default: 30s)',
      parseTime,
    )
    .addOption(quietOption())
    .action(async (address: string, flags: WorkerFlags) => {
      const { workForQueue } = await import('../queue/queue-worker.js');
      const { lease = LEASE_NS, quiet, workers = availableParallelism() } = flags;
      const say = (text: string): void => void (quiet === true || console.err(`${text}\n`));
      say('Waiting for shards; Ctrl-C ends it.');
      await console.listening((signal) =>
        workForQueue(address, {
          workers,
          leaseMs: Math.max(1_000, Math.round(lease / 1e6)),
          signal,
          onDone: (shards) => say(`${formatCount(shards)} shards done`),
          onTrouble: (what) => say(`${what}; trying again`),
        }),
      );
    });
}
