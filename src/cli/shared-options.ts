import { Option } from 'commander';
import {
  collectTexts,
  parseCount,
  parseSeed,
  parseTime,
  parseWarmup,
  parseWorkers,
} from './arguments.js';

/** Options that mean the same in every command that has them. */

export function policyFileOption(): Option {
  const text = 'policies of your own; may be repeated';
  return new Option('--policy-file <file>', text).argParser(collectTexts);
}

export function seedOption(): Option {
  const text = 'the seed of all random streams (default: 1)';
  return new Option('-s, --seed <n>', text).argParser(parseSeed);
}

export function interruptsOption(): Option {
  const text = 'end after this many interrupts, such as 10M';
  return new Option('-n, --interrupts <n>', text).argParser(parseCount);
}

export function timeOption(): Option {
  const text = 'end after this simulated time, such as 2s';
  return new Option('-t, --time <duration>', text).argParser(parseTime);
}

export function warmupOption(): Option {
  const text = 'left out at the start of each shard, as for run';
  return new Option('--warmup <time>', text).argParser(parseWarmup);
}

export function workersOption(): Option {
  const text = 'threads to use; never changes a result';
  return new Option('-w, --workers <n>', text).argParser(parseWorkers);
}

export function quietOption(): Option {
  return new Option('-q, --quiet', 'no progress and no notes on standard error');
}
