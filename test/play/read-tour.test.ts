import { describe, expect, it } from 'vitest';
import { readTour } from '../../src/play/read-tour.js';

function refusal(text: string): string {
  try {
    readTour(text, 'mine.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was read';
}

const stepOf = (rest: string): string => `title: x\nsteps:\n  - { text: x }\n  - { ${rest} }\n`;

describe('a tour that cannot be read', () => {
  it.each([
    ['5', '1:1: the tour is no object with title and steps'],
    ['[]', '1:1: the tour is no object with title and steps'],
    ['null', '1:1: the tour is no object with title and steps'],
    ['steps: []\nmore: 1', '2:1: the tour has the unknown key more'],
    ['title: ""\nsteps: [{ text: x }]', '1:1: the tour has no title'],
    ['title: 5\nsteps: [{ text: x }]', '1:1: the tour has no title'],
    ['title: x\nsteps: { text: x }', '1:1: the tour has not 1 to 20 steps'],
    ['title: x\nsteps: [null]', '2:9: step 1 is no object'],
    ['title: x\nsteps: [[x]]', '2:9: step 1 is no object'],
    ['title: x\nsteps: [text]', '2:9: step 1 is no object'],
    [stepOf('text: ""'), '4:5: step 2 has no text'],
    [stepOf('look: ipis'), '4:5: step 2 has no text'],
    [stepOf('text: 5'), '4:5: step 2 has no text'],
    [
      stepOf('text: x, looks: ipis'),
      '4:16: step 2 has the unknown key looks; there are text, scenario, policies, seed, ' +
        'interrupts, speedNs, look, why',
    ],
    [
      stepOf('text: x, look: all'),
      '4:16: step 2 looks at none of ipis, waits, processors, decisions, slow-motion, why',
    ],
    [stepOf('text: x, why: 5'), '4:16: step 2 asks why of no policy'],
    [
      stepOf('text: x, scenario: 5'),
      '4:16: step 2 has a scenario that is no text; `scenario: |` begins one',
    ],
    [stepOf('text: x, policies: [a]'), '4:16: step 2 has policies that are not two names'],
    [stepOf('text: x, policies: [a, 5]'), '4:16: step 2 has policies that are not two names'],
    [stepOf('text: x, policies: ab'), '4:16: step 2 has policies that are not two names'],
    [stepOf('text: x, policies: [a, a]'), '4:16: step 2 compares "a" with itself'],
    [
      stepOf('text: x, seed: -1'),
      '4:16: step 2 has no whole number from 0 to 9007199254740991 as seed',
    ],
    [
      stepOf('text: x, interrupts: "5"'),
      '4:16: step 2 has no whole number from 1 to 10000000000 as interrupts',
    ],
    [
      stepOf('text: x, speedNs: fast'),
      '4:16: step 2 has no whole number from 1000 to 10000000000 as speedNs',
    ],
  ])('%j is refused at its place', (text, message) => {
    expect(refusal(text)).toBe(`mine.yaml:${message}`);
  });
});

describe('a tour', () => {
  it('looks at why where it asks why and names nothing else to look at', () => {
    const text = stepOf('text: y, why: vista').replace('{ text: x }', '{ text: x, look: waits }');
    const none = { scenario: null, policies: null, seed: null, interrupts: null, speedNs: null };
    expect(readTour(text, 'mine.yaml')).toEqual({
      title: 'x',
      steps: [
        { ...none, text: 'x', look: 'waits', why: null },
        { ...none, text: 'y', look: 'why', why: 'vista' },
      ],
    });
    const all =
      'text: y, scenario: "a: 1\\nb: 2", policies: [a, b], seed: 0, interrupts: 1, ' +
      'speedNs: full, look: ipis, why: a';
    expect(readTour(stepOf(all), 'mine.yaml').steps[1]).toEqual({
      text: 'y',
      scenario: { file: 'tour.yaml', text: 'a: 1\nb: 2' },
      policies: ['a', 'b'],
      seed: 0,
      interrupts: 1,
      speedNs: 'full',
      look: 'ipis',
      why: 'a',
    });
    expect(readTour('title: x\nsteps: [{ text: x }]', 'mine.yaml').steps[0].look).toBeNull();
  });
});
