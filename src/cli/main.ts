#!/usr/bin/env node
import { run } from '../cli.js';
import { processStreams } from './process-streams.js';

process.exitCode = await run(process.argv.slice(2), processStreams());
