import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { parseScenario, resolveScenario } from '../../src/scenario/parse.js';
import { parseSetting } from '../../src/scenario/setting.js';
import type { DeviceSource, Scenario } from '../../src/scenario/scenario.js';

const WRITTEN = {
  machine: { processors: 2, background: [{ busy: '1us', idle: '1us' }, { busy: 0 }] },
  sources: [
    { name: 'nic', irql: 5, arrivals: { poisson: 1000 }, dpc: { service: '1us' } },
    { name: 'a.b', irql: 6, arrivals: { poisson: 1000 } },
    { name: 'a', irql: 7, arrivals: { poisson: 1000 } },
  ],
  policies: ['vista', { name: 'mine', other: { high: 'always' } }],
};

const withSet = (...set: string[]): Scenario =>
  resolveScenario(WRITTEN, { settings: set.map((text) => parseSetting(text)) });

function refusal(...set: string[]): string {
  try {
    withSet(...set);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a setting', () => {
  it('is put in where it says, as if it had been written there', () => {
    const { machine, sources, policies } = withSet(
      'machine.costs.dispatch=2us',
      'machine.background[1].busy={ exponential: 3us }',
      'sources.nic.dpc.budget=16',
      'sources.a.b.irql=8',
      'sources[2].irql=9',
      'sources["a"].processor=[0, 1]',
      'policies.mine.other.low=over and not polling',
    );
    expect(machine.costs.dispatchNs).toBe(2000);
    expect(machine.background[1].busy).toEqual({ kind: 'exponential', meanNs: 3000 });
    const [nic, ab, a] = sources as DeviceSource[];
    expect([nic.dpc?.budget, ab.irql, a.irql, a.processors]).toEqual([16, 8, 9, [0, 1]]);
    expect(policies[1].other.low.text).toBe('over and not polling');
    expect(WRITTEN.sources[2].irql).toBe(7);
  });

  it('without a value leaves the key out', () => {
    const [nic] = withSet('sources.nic.dpc=').sources as DeviceSource[];
    expect(nic.dpc).toBeNull();
  });

  it('changes a workload that is made by a function, and only this one', () => {
    const settings = [parseSetting('machine.processors=9')];
    expect(loadScenario('w8', undefined, settings).machine.processors).toBe(9);
    expect(loadScenario('w8').machine.processors).toBe(8);
  });

  it.each([
    ['sources.nik.irql=5', /nothing in sources is named "nik" \(did you mean nic\?\)/],
    ['sources.nic.dpc.bugdet=5', /unknown key "bugdet".*did you mean budget\?/],
    ['machine.tunable.minimumDpcRate=3', /unknown key "tunable".*did you mean tunables\?/],
    ['machine.processors=0', /^--set machine.processors=0: machine.processors: expected a whole/],
    ['sources[7].irql=5', /has the items \[0\] to \[2\], not \[7\]/],
    ['sources.nic.irql.x=5', /sources\[0\]\.irql is 5, with nothing inside/],
    ['machine.background.busy=1', /machine.background is a list \(write machine.background\[0\]/],
    ['policies.vista.depth=reaches', /"vista" is a policy that ships/],
    ['sources.nic.__proto__.x=5', /unknown key "__proto__"/],
    ['machine..x=5', /goes on with "\.\.x", which is no key/],
  ])('%s is refused', (set, message) => {
    expect(refusal(set)).toMatch(message);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each(['', '=5', 'machine.processors', 'a=[1', `a=${'x'.repeat(5000)}`])(
    '%j is no setting',
    (text) => {
      expect(() => parseSetting(text)).toThrow(InputError);
    },
  );

  it('is named where it is wrong; what stands in the file is named by its line', () => {
    const text =
      'sources:\n  - name: s\n    irql: 5\n    processor: 1\n    arrivals: { at: [1] }\n';
    const parse = (set: string): Scenario =>
      parseScenario(text, 'my.yaml', { settings: [parseSetting(set)] });
    expect(() => parse('machine.processors=1')).toThrow(/^my\.yaml:4:16: sources\[0\]\.processor/);
    expect(() => parse('sources.s.irql=99')).toThrow(/^--set sources\.s\.irql=99: sources\[0\]/);
  });
});
