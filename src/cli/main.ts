#!/usr/bin/env node
import { writeSync } from 'node:fs';

try {
  const { run } = await import('../cli.js');
  const { processStreams } = await import('./process-streams.js');
  process.exitCode = await run(process.argv.slice(2), processStreams());
} catch (error) {
  // The program itself could not be loaded: nothing of it is there to say so.
  const { message } = error as Error;
  try {
    writeSync(2, `dpcbench cannot be loaded: ${message}\n`);
  } finally {
    process.exitCode = 3;
  }
}
