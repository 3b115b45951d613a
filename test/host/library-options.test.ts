import { describe, expect, it } from 'vitest';
import {
  compare,
  gate,
  InputError,
  resolveScenario,
  type ResultDocument,
  run,
  RunCancelled,
  sweep,
  SweepCancelled,
  toCsv,
  toJUnit,
  toMarkdown,
  tune,
  validate,
} from '../../src/index.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

const WRITTEN = {
  machine: { processors: 2 },
  sources: [
    { name: 'a', irql: 5, arrivals: { poisson: '1000/s' }, isr: '2us', dpc: { service: '5us' } },
  ],
  until: { interrupts: 1000 },
};
const RESULT = inventedResult({});

/** As a program without types, or with wrong ones, calls it. */
async function refusal(call: () => unknown): Promise<string> {
  const error: unknown = await Promise.resolve()
    .then(call)
    .then(
      () => expect.fail('nothing was refused'),
      (reason: unknown) => reason,
    );
  if (!(error instanceof InputError)) throw error;
  return error.message;
}

describe('options of the library', () => {
  const scenario = resolveScenario(WRITTEN);

  it.each<[object | null, RegExp]>([
    [null, /the options of run are no object/],
    [['x'], /the options of run are no object/],
    [{ sed: 7 }, /did you mean seed/],
    [{ seed: '7' }, /seed of run .*it must be a number/],
    [{ warmup: 'x' }, /warmup .*"settle" or "none" or "auto", or whole nanoseconds from 0/],
    [{ warmup: -1 }, /warmup /],
    [{ warmup: 0.5 }, /warmup /],
    [{ intervals: 'x' }, /intervals .*"machine" or "all"/],
    [{ overTime: 'x' }, /overTime .*true or false/],
    [{ precision: 5 }, /precision .*an object/],
    [{ onProgress: 5 }, /onProgress .*a function/],
    [{ signal: {} }, /signal .*an AbortSignal/],
    [{ commandLine: 'x' }, /commandLine .*a list of texts/],
    [{ shards: 'x' }, /shards .*a number, or null/],
  ])('run refuses %j', async (options, message) => {
    expect(await refusal(() => run(scenario, options as object))).toMatch(message);
  });

  it.each<[string, () => unknown]>([
    ['sweep without', () => sweep(WRITTEN, null as never)],
    ['no values', () => sweep(WRITTEN, { parameters: { 'machine.processors': null as never } })],
    ['a sample', () => sweep(WRITTEN, { parameters: { policy: ['vista'] }, sample: -1 })],
    [
      'a front',
      () => sweep(WRITTEN, { parameters: { policy: ['vista'] }, front: 'ipis' as never }),
    ],
    ['a budget', () => tune(WRITTEN, { budget: 0 })],
    ['one figure', () => tune(WRITTEN, { front: ['ipis'] as never })],
    ['interrupts', () => validate({ interrupts: -1 })],
    ['conditions', () => gate(RESULT, { failIf: 'vista.ipis > 1' as never })],
    ['no options', () => gate(RESULT, null as never)],
    ['an outcome', () => toJUnit('x' as never)],
    ['outcomes that are none', () => toJUnit([{}] as never)],
    ['an outcome that is nothing', () => toJUnit([null] as never)],
  ])('are refused with a reason: %s', async (_, call) => {
    expect(await refusal(call)).toMatch(/ \(.*(it must be|such as|give|it takes) /);
  });

  it.each([-5, NaN, '5'])('a regression of %j per cent is no gate that passes', async (percent) => {
    const options = { baseline: RESULT, failOnRegression: percent as number };
    expect(await refusal(() => gate(RESULT, options))).toMatch(/it must be per cent from 0 up/);
  });

  it('results are told from what is none', async () => {
    const { schema, scenario: of, meta } = RESULT;
    for (const none of [null, undefined, 5, {}, { schema }, { schema, scenario: of, meta }]) {
      const document = none as unknown as ResultDocument;
      for (const call of [
        () => compare(document, RESULT),
        () => compare(RESULT, document),
        () => gate(document, {}),
        () => gate(RESULT, { baseline: document ?? {}, failOnRegression: 5 }),
        () => toMarkdown(document),
        () => toCsv(RESULT, document),
      ]) {
        expect(await refusal(call)).toMatch(/is no result|baseline of gate/);
      }
    }
  });

  it.each<[string, object]>([
    ['^expected an object .*found an instance of "Map"', new Map(Object.entries(WRITTEN))],
    ['machine: .*found an instance of "Date"', { ...WRITTEN, machine: new Date(0) }],
    ['sources: .*found an instance of "Set"', { ...WRITTEN, sources: new Set(WRITTEN.sources) }],
    [
      'sources\\[0\\]\\.dpc: .*found an instance of "Routine"',
      {
        ...WRITTEN,
        sources: [{ ...WRITTEN.sources[0], dpc: new (class Routine {})() }],
      },
    ],
    [
      'sources\\[0\\]\\.isr: .*found an instance of "Uint8Array"',
      { ...WRITTEN, sources: [{ ...WRITTEN.sources[0], isr: new Uint8Array(8) }] },
    ],
  ])('a scenario is plain objects and lists: %s', async (message, written) => {
    expect(await refusal(() => resolveScenario(written))).toMatch(new RegExp(message));
    const options = { settings: [] };
    expect(await refusal(() => resolveScenario(written, options))).toMatch(new RegExp(message));
  });

  it('takes objects of another realm, or without a prototype', async () => {
    const { runInNewContext } = await import('node:vm');
    const elsewhere: unknown = runInNewContext(`(${JSON.stringify(WRITTEN)})`);
    expect(resolveScenario(elsewhere)).toEqual(resolveScenario(WRITTEN));
    const bare = Object.assign(Object.create(null) as object, WRITTEN);
    expect(resolveScenario(bare)).toEqual(resolveScenario(WRITTEN));
  });

  it('ends a run and a sweep that are not wanted any more', async () => {
    const signal = AbortSignal.abort();
    await expect(run(resolveScenario(WRITTEN), { signal })).rejects.toThrow(RunCancelled);
    const parameters = { 'machine.processors': [1, 2] };
    await expect(sweep(WRITTEN, { parameters, signal })).rejects.toThrow(SweepCancelled);
  });

  it('names a suite of gates after the program unless told', () => {
    expect(toJUnit([])).toContain('<testsuite name="dpcbench"');
  });
});
