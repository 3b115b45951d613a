import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  it.each([
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
    ['title: x\nsteps: [{ text: x, seed: 0.5 }]', 'a number that is not whole'],
  ])('%j is refused: %s', (text, why) => {
    expect(() => tourOf(text)).toThrow(why);
  });
});
