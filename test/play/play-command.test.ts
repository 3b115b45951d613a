import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PlayContent } from '../../src/play/play-content.js';
import { runCli } from '../host/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'dpcbench-play-'));
afterAll(() => rmSync(folder, { recursive: true }));

const page = join(folder, 'page.html');
const SCENARIO = `
machine: { processors: 1 }
sources:
  - name: "</script><script>alert(1)</script>"
    irql: 5
    isr: 1us
    arrivals: { poisson: 1000/s }
    dpc: { service: 2us }
policies: [msdn]
until: { interrupts: 100 }
`;

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function contentOf(path: string): PlayContent {
  const html = readFileSync(path, 'utf8');
  const [, json] = /<script type="application\/json" id="content">(.*?)<\/script>/s.exec(html)!;
  return JSON.parse(json) as PlayContent;
}

describe('dpcbench play', () => {
  it('writes a page that opens with the scenario, its first policies and the options', async () => {
    const mine = written('mine.yaml', SCENARIO);
    const { code, out } = await runCli(['play', mine, '-o', page, '-s', '7', '-n', '5k']);
    expect([code, out]).toEqual([0, `Live page: ${page}\n`]);
    const { start } = contentOf(page);
    expect(start).toMatchObject({ policies: ['msdn', 'vista'], seed: 7, interrupts: 5000 });
    expect(start.scenario).toEqual({ file: 'mine.yaml', text: SCENARIO });
    expect(readFileSync(page, 'utf8')).toContain("default-src 'none'");
  });

  it('opens with a scenario of the catalogue by name, and adds tours', async () => {
    const tour = written('tour.yaml', 'title: Mine\nsteps: [{ text: Look }]\n');
    const { code } = await runCli(['play', 'w8', '-o', page, '--tour', tour, '-q']);
    expect(code).toBe(0);
    const { catalog, start, tours } = contentOf(page);
    expect(start.scenario).toEqual({ name: 'w8' });
    expect(catalog.map(({ name }) => name)).toContain('w8');
    expect(tours.at(-1)).toMatchObject({ title: 'Mine' });
  });

  it('refuses what it cannot carry or write, and says why', async () => {
    const broken = written('broken.yaml', 'machine: { processors: 0 }\n');
    const problems = [
      [['play', broken, '-o', page], 2, 'machine.processors'],
      [['play', 'defualt', '-o', page], 3, 'did you mean default?'],
      [['play', '-o', join(folder, 'none', 'page.html')], 3, 'page.html'],
      [['play', '-o', page, '-n', '10001M'], 2, 'at most 10,000,000,000 interrupts'],
      [['play', '-o', page, '--tour', broken], 2, 'has the unknown key machine'],
      [['play', broken.replace('broken', 'mine'), '-o', join(folder, 'mine.yaml')], 2, 'as well'],
    ] as const;
    for (const [args, exitCode, why] of problems) {
      const { code, err } = await runCli([...args]);
      expect([args, code]).toEqual([args, exitCode]);
      expect(err).toContain(why);
    }
  });
});
