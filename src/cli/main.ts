#!/usr/bin/env node
import { run } from '../cli.js';
import { processConsole } from './console.js';

process.exitCode = await run(process.argv.slice(2), processConsole());
