import { describe, it } from 'vitest';
import { scenarioSource } from '../../src/disk/load-scenario.js';
import { suggestionsAt } from '../../src/play/key-completion.js';
import { knobsOf } from '../../src/play/knobs.js';
import { WrittenText } from '../../src/play/written-text.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { expectGolden, hashOf } from './golden-file.js';

/** Everything that a slider or a list can hold: none at its default, some beyond their spans. */
const EDGES = `
machine:
  processors: 3
  costs: { interrupt: 0, dispatch: 99ns, dequeue: 100ns, ipiSend: 50us, ipiFlight: 50001ns }
  tunables: { maximumDpcQueueDepth: 1, minimumDpcRate: 200, idealDpcRate: 201 }
sources:
  - { name: a, irql: 5, isr: 1us, arrivals: { poisson: 99/s }, moderation: { time: 999ns } }
  - { name: b, irql: 5, isr: 1us, arrivals: { poisson: 100/s }, moderation: { time: 1us } }
  - name: c
    irql: 5
    isr: 1us
    arrivals: { periodic: { rate: 1M/s } }
    moderation: { time: 1ms }
    dpc: { target: round-robin, importance: mediumHigh, service: 1us }
  - name: d
    irql: 5
    isr: 1us
    arrivals: { bursts: { on: 1ms, off: 1ms, rate: 1000001/s } }
    moderation: { time: 1000001ns }
    dpc: { target: 2, service: 1us }
  - { name: e, irql: 5, isr: 1us, arrivals: { at: [1, 2] }, dpc: { service: 1us } }
  - { name: f, timer: { period: 1ms }, service: 1us }
until: { interrupts: 10 }
`;

/** A text as somebody writes it, with lists in columns of their keys, comments and flow. */
const WRITTEN = `# a comment: x
machine:
  processors: 2
  # costs: so
  costs: { ipiFlight: 1us, interrupt: 0 }

  dynamicTick: true
sources:
- name: nic
  arrivals:
    poisson: { rate: 1k/s }
  dpc: { importance: high, target: 0, threaded: false }
-   name: disk
    irql: 5
    dpc:
      importance:  low
policies: [vista, { name: mine, other: { high: never } }]
until:
  - x
`;

describe('on the live page, as before, are', () => {
  it('sliders and lists', () => {
    const texts = { edges: EDGES, default: scenarioSource('default') };
    const lines = Object.entries(texts).flatMap(([name, text]) => {
      const knobs = knobsOf(parseScenario(text, 'x.yaml'), new WrittenText('x.yaml', text));
      return [`== ${name}`, ...knobs.map((knob) => JSON.stringify(knob))];
    });
    expectGolden('pages/knobs.txt', `${lines.join('\n')}\n`);
  });

  it('what may be written at every place of a text', () => {
    const schema = scenarioJsonSchema();
    const lines: string[] = [];
    for (let offset = 0; offset <= WRITTEN.length; offset++) {
      const found = suggestionsAt(WRITTEN, offset, schema);
      const words = found?.all.map(({ word }) => word) ?? [];
      const said = found && `${found.from} ${words.slice(0, 3).join()} ${words.length}`;
      const line = found ? `${said} ${hashOf(JSON.stringify(found.all)).slice(0, 6)}` : 'nothing';
      if (!lines.at(-1)?.endsWith(`: ${line}`)) lines.push(`${offset}: ${line}`);
    }
    expectGolden('pages/completions.txt', `${lines.join('\n')}\n`);
  });
});
