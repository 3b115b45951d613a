import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { commandLineOf } from '../../src/play/command-line.js';
import { decodeLink, encodeLink } from '../../src/play/link.js';
import { PLAY_VIEWS, type PlayState } from '../../src/play/play-state.js';
import { anyText } from '../any-text.js';

const ORIGIN = { version: '1.2.3', kernelHash: 'abcdef0123456789'.repeat(4) };
const STATE: PlayState = {
  scenario: { name: 'w8' },
  policies: ['vista', 'msdn'],
  seed: 1,
  interrupts: null,
  speedNs: 1000,
  view: null,
};

/** A link with any content, as somebody else may make it. */
function linkOf(content: string | Buffer): string {
  return `1.1.2.3.abcdef012345.${deflateRawSync(content).toString('base64url')}`;
}

async function refusal(fragment: string): Promise<string> {
  const error: unknown = await decodeLink(fragment, ORIGIN).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('a link', () => {
  it('gives back any state', async () => {
    const name = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
    const written = fc.record({
      file: fc.constant('mine.yaml'),
      text: anyText({ minLength: 1, maxLength: 2_000 }),
    });
    const state = fc.record({
      scenario: fc.oneof(fc.record({ name }), written),
      policies: fc.tuple(name, name),
      seed: fc.maxSafeNat(),
      interrupts: fc.option(fc.integer({ min: 1, max: 1e9 })),
      speedNs: fc.option(fc.integer({ min: 1_000, max: 1e9 })),
      view: fc.option(fc.constantFrom(...PLAY_VIEWS)),
    });
    await fc.assert(
      fc.asyncProperty(state, async (each) => {
        const fragment = await encodeLink(each as PlayState, ORIGIN);
        expect(fragment).toMatch(/^[\w.-]+$/);
        expect(await decodeLink(fragment, ORIGIN)).toEqual(each);
      }),
      { numRuns: 50 },
    );
  });

  it('of another program is refused by name', async () => {
    const fragment = await encodeLink(STATE, { ...ORIGIN, version: '1.2.4' });
    expect(await refusal(fragment)).toContain('it was made by dpcbench 1.2.4');
    const other = { ...ORIGIN, kernelHash: '0'.repeat(64) };
    expect(await refusal(await encodeLink(STATE, other))).toContain('with kernel 000000000000');
    expect(await refusal(fragment.replace(/^1/, '2'))).toContain('its format is 2');
  });

  it.each([
    ['nothing', 'x', 'it is damaged'],
    ['a script', 'javascript:alert(1)', 'it is damaged'],
    ['no compressed data', '1.1.2.3.abcdef012345.AAAA', 'its data are damaged'],
    ['a text that is too long', 'A'.repeat(300_001), 'it has 300001 characters'],
    ['a text that is as long as may be', 'A'.repeat(300_000), 'it is damaged'],
    ['as much as may come out', linkOf(`"${'x'.repeat(1_999_998)}"`), 'its content is no object'],
    ['a byte more', linkOf(`"${'x'.repeat(1_999_999)}"`), 'more than 2000000 bytes'],
    ['no JSON', linkOf('\u001b[31m{'), 'its data are no JSON'],
    ['no UTF-8', linkOf(Buffer.from([0xff, 0xfe])), 'its data are damaged'],
    ['no object', linkOf('[]'), 'its content is no object'],
    ['a bomb', linkOf(Buffer.alloc(50_000_000)), 'more than 2000000 bytes'],
  ])('that is %s is refused', async (_, fragment, why) => {
    const message = await refusal(fragment);
    expect(message).toContain(why);
    expect(message).not.toContain('\u001b');
  });

  it.each([
    [{ seed: 2 ** 53 }, 'seed is no whole number'],
    [{ interrupts: 0 }, 'interrupts is no whole number from 1'],
    [{ interrupts: 10_000_000_001 }, 'interrupts is no whole number'],
    [{ speedNs: 999 }, 'speedNs is no whole number'],
    [{ speedNs: 10_000_000_001 }, 'speedNs is no whole number'],
    [{ policies: ['vista', 'x'.repeat(201)] }, 'policies has more than 200 characters'],
    [{ extra: 1 }, 'has the unknown key "extra"'],
    [{ seed: -1 }, 'seed is no whole number from 0'],
    [{ seed: 1.5 }, 'seed is no whole number'],
    [{ interrupts: 1e300 }, 'interrupts is no whole number'],
    [{ speedNs: 1 }, 'speedNs is no whole number from 1000'],
    [{ view: 'source' }, 'view is none of'],
    [{ policies: ['vista'] }, 'policies are not two names'],
    [{ policies: ['vista', {}] }, 'policies is no text'],
    [{ scenario: null }, 'scenario is no object'],
    [{ scenario: { name: 'x', text: 'y' } }, 'scenario has the unknown key "text"'],
    [{ scenario: { file: '../../x.yaml', text: 'y' } }, 'scenario.file is no name of a file'],
    [{ scenario: { file: 'x.yaml', text: 'y'.repeat(1_000_001) } }, 'more than 1000000'],
  ])('with %j is refused', async (changes, why) => {
    expect(await refusal(linkOf(JSON.stringify({ ...STATE, ...changes })))).toContain(why);
  });
});

it.each([
  { seed: 0 },
  { seed: 2 ** 53 - 1 },
  { interrupts: 1 },
  { interrupts: 10_000_000_000 },
  { speedNs: 1_000 },
  { speedNs: 10_000_000_000 },
  { policies: ['x'.repeat(200), 'y'] },
  { scenario: { file: 'x.yaml', text: 'y'.repeat(1_000_000) } },
])('a link may hold what lies at a limit', async (changes) => {
  const state = { ...STATE, ...changes };
  expect(await decodeLink(linkOf(JSON.stringify(state)), ORIGIN)).toEqual(state);
});

describe('the command line', () => {
  it('has what a link has', () => {
    const state = { ...STATE, scenario: { name: 'w8' }, seed: 3, interrupts: 500 };
    expect(commandLineOf(state)).toBe('dpcbench run w8 -p vista,msdn -s 3 -n 500');
  });

  it('quotes what a shell would read otherwise', () => {
    const scenario = { file: "it's; rm -rf.yaml", text: '' };
    expect(commandLineOf({ ...STATE, scenario, policies: ['vista', 'my own'] })).toBe(
      `dpcbench run 'it'\\''s; rm -rf.yaml' -p 'vista,my own' -s 1`,
    );
  });
});
