import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeFiles, filesUnder, ROOT } from './source-files.js';

const texts = [
  ...codeFiles,
  ...filesUnder('docs', /\.(md|json)$/),
  ...filesUnder('examples', /\.(ya?ml|toml|json)$/),
];

/** Written in halves, so that this list is not found by itself. */
const WORDS = [
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['XX', 'X'],
  ['HA', 'CK'],
  ['cla', 'ude'],
  ['open', 'ai'],
  ['anth', 'ropic'],
  ['chat', 'gpt'],
  ['co', 'pilot'],
  ['/wo', 'rk/'],
  ['/ho', 'me/'],
  ['/ro', 'ot/'],
  ['../sha', 'red/machine'],
  ['machine', '.md'],
  ['registry.', 'npmjs'],
].map((halves) => halves.join(''));

function occurrences(word: string): string[] {
  const letters = /^[A-Z]+$/.test(word) ? new RegExp(`\\b${word}\\b`) : null;
  return texts.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => {
      const found = letters === null ? line.toLowerCase().includes(word) : letters.test(line);
      return found ? [`${path}:${i + 1}: ${line.trim().slice(0, 80)}`] : [];
    }),
  );
}

describe('words that do not belong here', () => {
  it.each(WORDS)('%s', (word) => {
    expect(occurrences(word)).toEqual([]);
  });
});

describe('package.json', () => {
  const pack = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  it('names exact versions, so that an installation is the same next year', () => {
    const versions: [string, string][] = [
      'dependencies',
      'devDependencies',
      'optionalDependencies',
    ].flatMap((key) => Object.entries<string>(pack[key] ?? {}));
    expect(versions.length).toBeGreaterThan(5);
    // Or one version of a package under another name.
    const exact = /^(npm:[^@]+@)?\d+\.\d+\.\d+$/;
    expect(versions.filter(([, version]) => !exact.test(version))).toEqual([]);
  });

  it('is locked to the same versions', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const { dependencies, devDependencies } = lock.packages[''];
    expect(dependencies).toEqual(pack.dependencies);
    expect(devDependencies).toEqual(pack.devDependencies);
  });
});
