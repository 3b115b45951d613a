import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { campaign } from './campaign.js';
import { removeScratch, TARGETS } from './targets.js';

/** `npm run fuzz` has other seeds, and as many inputs as there is time for. */
const COUNTS: Record<string, number> = { recordings: 60, 'compact-recordings': 60, journals: 60 };
const SEED = 20_261_121;

afterAll(removeScratch);

it.each(TARGETS.map((target) => ({ target, name: target.name })))(
  'damaged $name are read or refused, and break nothing',
  async ({ target, name }) => {
    const count = COUNTS[name] ?? 150;
    const { findings, inputs, refused } = await campaign({ target, seed: SEED, from: 0, count });
    expect(findings).toEqual([]);
    expect(inputs).toBe(count);
    // Some are whole, most are not: else nothing would be looked at.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(count);
  },
);

it('leaves nothing behind on Ctrl-C', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-ended-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const child = spawn(process.execPath, ['test/start.mjs', 'fuzz', '--only', 'journals'], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(readdirSync(folder)).toHaveLength(1);
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([130, null]);
  expect(readdirSync(folder)).toEqual([]);
});
