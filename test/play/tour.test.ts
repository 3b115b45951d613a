import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTour } from '../../src/disk/load-play.js';
import type { PlayState } from '../../src/play/play-state.js';
import { stateIn } from '../../src/play/tour.js';

const folder = mkdtempSync(join(tmpdir(), 'dpcbench-tour-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tourOf(text: string): ReturnType<typeof loadTour> {
  const path = join(folder, 'mine.yaml');
  writeFileSync(path, text);
  return loadTour(path);
}

const STATE: PlayState = {
  scenario: { name: 'w8' },
  policies: ['vista', 'msdn'],
  seed: 1,
  interrupts: 500,
  speedNs: 1000,
  view: null,
};

describe('a tour', () => {
  it('changes what its steps say and keeps the rest', () => {
    const { steps, title } = tourOf(
      'title: Mine\nsteps:\n  - { text: One, scenario: default, speedNs: full, look: ipis }\n' +
        '  - { text: Two, seed: 9, interrupts: 1000 }\n',
    );
    expect(title).toBe('Mine');
    const one = stateIn(STATE, steps[0]);
    expect(one).toEqual({
      ...STATE,
      scenario: { name: 'default' },
      interrupts: null,
      speedNs: null,
    });
    expect(stateIn(one, steps[1])).toEqual({ ...one, seed: 9, interrupts: 1000 });
  });

  it('is what docs/play.md shows', () => {
    const page = readFileSync(new URL('../../docs/play.md', import.meta.url), 'utf8');
    const [, text] = /```yaml\n([^]*?)```/.exec(page)!;
    const { steps, title } = tourOf(text.replaceAll(/^ {3}/gm, ''));
    expect([title, steps.length, steps[1].look]).toEqual(['What importance does', 2, 'why']);
  });

  it('may name a scenario that lies beside it, whose text the page carries', () => {
    const text =
      'machine: { processors: 1 }\nsources: [{ name: nic, irql: 5, isr: 1us, ' +
      'arrivals: { poisson: 1000/s }, dpc: { service: 2us } }]\n';
    writeFileSync(join(folder, 'beside.yaml'), text);
    const { steps } = tourOf('title: x\nsteps: [{ text: x, scenario: beside.yaml, why: vista }]');
    expect(steps[0].scenario).toEqual({ file: 'beside.yaml', text });
  });

  it('may have 20 steps, and values at their limits', () => {
    const steps = (count: number): string => `[${Array(count).fill('{ text: x }').join(', ')}]`;
    expect(tourOf(`title: x\nsteps: ${steps(20)}`).steps.length).toBe(20);
    expect(() => tourOf(`title: x\nsteps: ${steps(21)}`)).toThrow('has not 1 to 20 steps');
    for (const [key, value] of [
      ['seed', 0],
      ['seed', 2 ** 53 - 1],
      ['interrupts', 1],
      ['interrupts', 10_000_000_000],
      ['speedNs', 1_000],
      ['speedNs', 10_000_000_000],
    ]) {
      const [step] = tourOf(`title: x\nsteps: [{ text: x, ${key}: ${value} }]`).steps;
      expect(step).toMatchObject({ [key]: value });
    }
  });

  it.each<[string, string | RegExp]>([
    ['title: x\nsteps: [[]]', 'step 1 is no object'],
    ['title: x\nsteps: [{ text: x, policies: vista }]', 'policies that are not two names'],
    ['title: x\nsteps: [{ text: x, policies: [vista] }]', 'policies that are not two names'],
    ['title: x\nsteps: [{ text: x, policies: [1, vista] }]', 'policies that are not two names'],
    ['title: x\nsteps: [{ text: x, interrupts: 10000000001 }]', 'no whole number from 1'],
    ['title: x\nsteps: [{ text: x, speedNs: 10000000001 }]', 'no whole number from 1000'],
    ['title: x\nsteps: [{ text: x, why: 5 }]', 'asks why of no policy'],
    ['- x', 'is no object with title and steps'],
    ['steps: [{ text: x }]', 'has no title'],
    ['title: x\nsteps: []', 'has not 1 to 20 steps'],
    ['title: x\nsteps: [{ text: x }]\nmore: 1', 'has the unknown key more'],
    ['title: x\nsteps: [{ text: x, speed: 1 }]', 'step 1 has the unknown key speed'],
    ['title: x\nsteps: [{ look: ipis }]', 'step 1 has no text'],
    ['title: x\nsteps: [{ text: x }, { text: x, look: all }]', 'step 2 looks at none of'],
    ['title: x\nsteps: [{ text: x, scenario: defualt }]', 'did you mean default?'],
    ['title: x\nsteps: [{ text: x, scenario: "machine:\\n  cpus: 1\\n" }]', 'unknown key "cpus"'],
    [
      'title: x\nsteps: [{ text: x, scenario: w1, policies: [vista, vistas] }]',
      'there is no policy "vistas"',
    ],
    [
      'title: x\nsteps: [{ text: x, seed: 0.5 }]',
      'mine.yaml:2:20: step 1 has no whole number from 0',
    ],
    ['title: x\nsteps: [{ text: x, seed: -1 }]', 'no whole number from 0'],
    ['title: x\nsteps: [{ text: x, interrupts: 0 }]', 'no whole number from 1 to 10000000000'],
    ['title: x\nsteps: [{ text: x, speedNs: 3 }]', 'no whole number from 1000 to 10000000000'],
    ['title: x\nsteps: [{ text: x, policies: [vista, vista] }]', 'compares "vista" with itself'],
    ['title: x\nsteps: [{ text: x, scenario: { a: 1 } }]', '`scenario: |` begins one'],
    ['title: x\nsteps: [{ text: x, scenario: other.yaml }]', 'other.yaml'],
    ['title: [x\nsteps: y', /mine\.yaml:2:1: /],
    [
      'title: x\nsteps: [{ text: x, scenario: w1 }, { text: x, policies: [msdn, nt4] }]',
      'mine.yaml, step 2: there is no policy "nt4"',
    ],
    [
      'title: x\nsteps: [{ text: x, scenario: w1, policies: [nt52, vista] }, { text: y, ' +
        'why: msdn }]',
      'step 2: asks why of "msdn", which it does not compare (policies are nt52 and vista)',
    ],
  ])('%j is refused: %s', (text, why) => {
    expect(() => tourOf(text)).toThrow(why);
  });
});
