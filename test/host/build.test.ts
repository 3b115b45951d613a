import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('a build', () => {
  let out = '';
  // Below the project, so that dependencies are found; as the build before left it.
  beforeAll(() => {
    mkdirSync(join(ROOT, 'build'), { recursive: true });
    out = mkdtempSync(join(ROOT, 'build', 'test-'));
    cpSync(join(ROOT, 'dist'), out, { recursive: true });
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  function build(): Promise<unknown> {
    return run(process.execPath, ['build.mjs', '--no-types', '--out', out], { cwd: ROOT });
  }
  const chunks = (): string[] => readdirSync(join(out, 'chunks')).sort();

  it('takes nothing from under a running command, be it one of two at once', async () => {
    const before = readdirSync(out).sort();
    let isBuilding = true;
    const builds = Promise.all([build(), build()]).finally(() => {
      isBuilding = false;
    });
    let commands = 0;
    while (isBuilding || commands === 0) {
      const { stdout } = await run(process.execPath, [join(out, 'cli.js'), 'policies', 'vista']);
      expect(stdout).toContain('vista');
      expect(readdirSync(out).sort()).toEqual(before);
      commands++;
    }
    await builds;
    expect(readdirSync(out).sort()).toEqual(before);
  });

  it('keeps the chunks of the build before it and drops older ones', async () => {
    const current = chunks();
    const previous = join(out, 'chunks', 'previous.js');
    const older = join(out, 'chunks', 'older.js');
    const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
    for (const name of readdirSync(out)) utimesSync(join(out, name), daysAgo(1), daysAgo(1));
    writeFileSync(previous, '');
    utimesSync(previous, daysAgo(1), daysAgo(1));
    writeFileSync(older, '');
    utimesSync(older, daysAgo(2), daysAgo(2));
    await build();
    expect(chunks()).toEqual([...current, 'previous.js'].sort());
    expect(existsSync(older)).toBe(false);
  });
});
