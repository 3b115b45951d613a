#!/usr/bin/env node
import { writeSync } from 'node:fs';

try {
  const { run } = await import('../cli.js');
  const { processStreams } = await import('./process-streams.js');
  const code = await run(process.argv.slice(2), processStreams());
  // All is written, without a buffer. What is left are timers of libraries: ioredis shrinks the
  // room of large answers for more than a second.
  process.exit(code);
} catch (error) {
  // The program itself could not be loaded: nothing of it is there to say so.
  const { message } = error as Error;
  try {
    writeSync(2, `dpcbench cannot be loaded: ${message}\n`);
  } finally {
    process.exitCode = 3;
  }
}
