import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { commandLineOf } from '../../src/play/command-line.js';
import { knobsOf, writtenValue } from '../../src/play/knobs.js';
import { decodeLink, encodeLink, type LinkOrigin } from '../../src/play/link.js';
import type { PlayState } from '../../src/play/play-state.js';
import { WrittenText } from '../../src/play/written-text.js';
import { parseScenario } from '../../src/scenario/parse.js';

/** The page that reads the links. */
const ORIGIN: LinkOrigin = { version: '1.2.3', kernelHash: 'abcdef0123456789'.repeat(4) };
const HEAD = `1.${ORIGIN.version}.${ORIGIN.kernelHash.slice(0, 12)}.`;
/** Sliders that are moved: the others are alike. */
const MOST_MOVED = 12;

const SCENARIOS = [
  'examples/how-a-dpc-helps.yaml',
  'examples/moderation.yaml',
  'test/fixtures/scenarios/19-a-drain-empties-the-queue.json',
];

/** Whole links, and what stands in them. */
export async function linkCorpus(): Promise<Uint8Array[]> {
  const written = SCENARIOS.map((path) => ({
    file: basename(path),
    text: readFileSync(path, 'utf8'),
  }));
  const states = [{ name: 'w8' }, ...written].map((scenario): PlayState => ({
    scenario,
    policies: ['vista', 'msdn'],
    seed: 1,
    interrupts: 10_000,
    speedNs: 1_000,
    view: null,
  }));
  const links = await Promise.all(states.map((state) => encodeLink(state, ORIGIN)));
  const contents = states.map((state) => JSON.stringify(state));
  return [...contents, ...contents, ...links].map((text) => new TextEncoder().encode(text));
}

/** Opens a link, or a content packed into one, as the page does: its text, sliders and command. */
export async function readLink(bytes: Buffer): Promise<void> {
  const isContent = bytes[0] === '{'.charCodeAt(0);
  const fragment = isContent
    ? HEAD + deflateRawSync(bytes).toString('base64url')
    : bytes.toString('latin1');
  const state = await decodeLink(fragment, ORIGIN);
  commandLineOf(state);
  const { scenario } = state;
  if ('name' in scenario) return;
  const { file, text } = scenario;
  const parsed = parseScenario(text, file);
  if (file.endsWith('.toml')) return;
  const own = new WrittenText(file, text);
  for (const knob of knobsOf(parsed, own).slice(0, MOST_MOVED)) {
    const value = knob.kind === 'choice' ? knob.choices[0] : knob.most;
    own.with(knob.path, writtenValue(knob, value));
  }
}
