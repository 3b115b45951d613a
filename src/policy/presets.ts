import type { Importance, Policy } from './policy.js';
import { parseCondition } from './parse-condition.js';

/** What distinguishes a preset; everything else is COMMON. */
interface PresetText {
  name: string;
  sentence: string;
  source: string;
  currentLow: string;
  /** By importance, for a DPC queued to another processor. */
  other: Record<Importance, string>;
  depth?: Policy['depth'];
}

/** Where the rules were read. Named wherever a result is shown, since the sources disagree. */
const SOURCES = {
  osr: 'OSR, "DPC Internals" (The NT Insider, 2008/2009)',
  russinovich: 'M. Russinovich, "Advanced DPCs" (NT 4)',
  reactos: 'the behaviour of ReactOS ntoskrnl/ke/dpc.c, which follows NT 5.2',
  msdn: 'MSDN, "Organization of DPC Queues"',
  internals: 'Windows Internals, 7th ed., part 2, table 8-7',
} as const;

const PRESET_TEXTS: readonly PresetText[] = [
  {
    name: 'pre-vista',
    sentence:
      'A DPC for another processor sends an IPI if it is High or if the queue there is over its ' +
      'maximum depth. On the current processor only Low waits, unless the queue is over or slow.',
    source: SOURCES.osr,
    currentLow: 'over or slow',
    other: { low: 'over', medium: 'over', mediumHigh: 'over', high: 'always' },
  },
  {
    name: 'vista',
    sentence:
      'A DPC for another processor sends an IPI only if that processor is idle: MediumHigh and ' +
      'High always then, Low and Medium if the queue is also over its maximum depth. The current ' +
      'processor is treated as before Vista.',
    source: SOURCES.osr,
    currentLow: 'over or slow',
    other: { low: 'over and idle', medium: 'over and idle', mediumHigh: 'idle', high: 'idle' },
  },
  {
    name: 'nt4-table',
    sentence:
      'The NT 4 table: another processor gets an IPI for High always, otherwise if its queue ' +
      'exceeds the maximum depth or it is idle. On the current processor Low waits unless the ' +
      'queue exceeds it, requests are rare or the processor is idle.',
    source: SOURCES.russinovich,
    currentLow: 'over or rare or idle',
    other: {
      low: 'over or idle',
      medium: 'over or idle',
      mediumHigh: 'over or idle',
      high: 'always',
    },
    depth: 'exceeds',
  },
  {
    name: 'nt52',
    sentence:
      'Another processor gets an IPI for High, or when its queue is over the maximum depth, but ' +
      'never while it is idle and polling: it would find the DPC by itself. On the current ' +
      'processor Low waits unless the queue is over or requests are rare.',
    source: SOURCES.reactos,
    currentLow: 'over or rare',
    other: {
      low: 'over and not polling',
      medium: 'over and not polling',
      mediumHigh: 'over and not polling',
      high: 'not polling',
    },
  },
  {
    name: 'msdn',
    sentence:
      'Another processor gets an IPI for MediumHigh and High always, otherwise if its queue ' +
      'exceeds the maximum depth; no clause asks whether it is idle. On the current processor ' +
      'Low waits unless the queue exceeds it or requests are rare.',
    source: SOURCES.msdn,
    currentLow: 'over or rare',
    other: { low: 'over', medium: 'over', mediumHigh: 'always', high: 'always' },
    depth: 'exceeds',
  },
  {
    name: 'windows-internals',
    sentence:
      'Another processor gets an IPI if it is idle, and for Low and Medium also if its queue ' +
      'exceeds the maximum depth. On the current processor Low waits unless the queue exceeds ' +
      'it or requests are rare.',
    source: SOURCES.internals,
    currentLow: 'over or rare',
    other: { low: 'over or idle', medium: 'over or idle', mediumHigh: 'idle', high: 'idle' },
    depth: 'exceeds',
  },
];

/**
 * The policies that ship, in the order of presentation. MediumHigh did not exist before Vista:
 * there it acts as Medium.
 */
export const PRESETS: readonly Policy[] = PRESET_TEXTS.map(presetPolicy);

export const PRESET_NAMES: readonly string[] = PRESETS.map((preset) => preset.name);

/** The comparison that a scenario without `policies` makes. */
export const DEFAULT_POLICY_NAMES: readonly string[] = ['pre-vista', 'vista'];

/** What a policy object without `extends` builds on: the rules of the Windows versions in use. */
export const DEFAULT_BASE_NAME = 'vista';

/** A fresh copy of the preset, or undefined when no preset has that name. */
export function findPreset(name: string): Policy | undefined {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  return preset === undefined ? undefined : structuredClone(preset);
}

function presetPolicy(text: PresetText): Policy {
  const always = parseCondition('always');
  return {
    name: text.name,
    sentence: text.sentence,
    source: text.source,
    current: {
      low: parseCondition(text.currentLow),
      medium: always,
      mediumHigh: always,
      high: always,
    },
    other: {
      low: parseCondition(text.other.low),
      medium: parseCondition(text.other.medium),
      mediumHigh: parseCondition(text.other.mediumHigh),
      high: parseCondition(text.other.high),
    },
    insert: { low: 'tail', medium: 'tail', mediumHigh: 'tail', high: 'head' },
    depth: text.depth ?? 'reaches',
    suppress: true,
    tickRescue: true,
    adaptive: true,
    drainLimit: 0,
  };
}
