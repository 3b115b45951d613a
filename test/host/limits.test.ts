import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/scenario/limits.js';

describe('the limits of a scenario', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/scenarios.md'), 'utf8');
  it.each([
    ['textLength', 'of up to 67,108,864 characters'],
    ['slowTextLength', 'up to 4,194,304'],
    ['yamlTokens', '600,000 words and marks in YAML'],
    ['tomlMarks', '200,000 values, keys and lines in TOML'],
    ['nesting', 'nested up to 64 deep'],
    ['aliasedValues', '100,000 values'],
    ['processors', 'a whole number from 1 to 1,024'],
    ['sources', 'a list of 1 to 4,096 items, each a device source'],
    ['focusSources', 'the name of a source, or a list of 0 to 8'],
    ['policies', 'a list of 1 to 64 items, each pre-vista'],
    ['nameLength', 'text of 1 to 200 characters'],
    ['questionLength', 'text of 0 to 2,000 characters'],
    ['pathLength', 'text of 1 to 4,096 characters'],
    ['irqlLow', 'a whole number from 3 to 12'],
    ['irqlHigh', 'a whole number from 3 to 12'],
    ['fifo', 'a whole number from 1 to 1,048,576'],
    ['routineCount', 'a whole number from 0 to 1,000,000,000'],
    ['processorList', 'or a list of 1 to 65,536'],
    ['arrivalList', 'a list of up to 1,000,000 instants'],
    ['interrupts', 'a whole number from 1 to 1,000,000,000,000'],
    ['tunable', 'a whole number from 1 to 1,000,000 '],
    ['ratePerSecond', 'up to 1,000,000,000 per second'],
    ['mixtureDepth', 'mixtures nest up to 4 deep'],
    ['mixtureParts', 'a list of 1 to 16 items'],
    ['histogramBuckets', 'a list of 1 to 4,096 items, each a number'],
    ['weight', 'a number from 0 to 1,000,000,000,000,000'],
    ['paretoShape', 'a number above 0, up to 1,000 '],
  ] as const)('%s: %s', (name, words) => {
    expect(docs.replace(/\s+/g, ' ')).toContain(words);
    expect(words.match(/\d[\d,]*/g)).toContain(LIMITS[name].toLocaleString('en-US'));
  });
});
