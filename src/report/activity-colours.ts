import type { TimeSplit } from '../result/outcome.js';

/** What a processor does, as far as drawings tell it apart. */
export type Activity =
  | 'isr'
  | 'clock'
  | 'ipi'
  | 'dpc-stack'
  | 'idle-stack'
  | 'dpc-thread'
  | 'thread'
  | 'lock'
  | 'entry'
  | 'wake';

interface Colours {
  /** On a light page, and on a dark one. */
  light: string;
  dark: string;
  /** Whether letters on the light page's colour are dark; on the dark page's they always are. */
  isPale: boolean;
}

/**
 * A colour for each activity, the same in a report, a timeline and the live page; after Okabe and
 * Ito, "Color Universal Design" (2008), with violet and greys beside them.
 */
export const ACTIVITY_COLOURS: Readonly<Record<Activity, Colours>> = {
  isr: { light: '#d55e00', dark: '#e0702a', isPale: true },
  clock: { light: '#e69f00', dark: '#e6b03a', isPale: true },
  ipi: { light: '#cc79a7', dark: '#d58fb6', isPale: true },
  'dpc-stack': { light: '#0072b2', dark: '#2e8fd0', isPale: false },
  'idle-stack': { light: '#56b4e9', dark: '#7cc6f0', isPale: true },
  'dpc-thread': { light: '#7a4ccf', dark: '#a98bee', isPale: false },
  thread: { light: '#009e73', dark: '#1fae85', isPale: true },
  lock: { light: '#00694d', dark: '#8fe3c8', isPale: false },
  entry: { light: '#59616e', dark: '#a3abb7', isPale: false },
  wake: { light: '#c3c9d2', dark: '#5f6874', isPale: true },
};

/** What they are called in a key, in its order. */
export const ACTIVITY_WORDS: readonly (readonly [Activity, string])[] = [
  ['isr', 'ISR'],
  ['clock', 'clock'],
  ['ipi', 'IPI handler'],
  ['dpc-stack', 'routine, DPC stack'],
  ['idle-stack', 'routine, idle stack'],
  ['dpc-thread', 'DPC thread'],
  ['thread', 'thread'],
  ['lock', 'spin lock held'],
  ['entry', 'entry to a drain'],
  ['wake', 'exit from a halt'],
];

/** Where a processor's time goes, in the order of a bar; what is idle has no colour of its own. */
export const TIME_PARTS: readonly (readonly [keyof TimeSplit, Activity | 'idle', string])[] = [
  ['isrNs', 'isr', 'ISR'],
  ['clockNs', 'clock', 'clock'],
  ['ipiNs', 'ipi', 'IPI handler'],
  ['dispatchDrainNs', 'dpc-stack', 'DISPATCH drain'],
  ['idleDrainNs', 'idle-stack', 'idle drain'],
  ['dpcThreadNs', 'dpc-thread', 'DPC thread'],
  ['threadNs', 'thread', 'thread'],
  ['idleNs', 'idle', 'idle'],
];

/** Letters on a pale activity of a light page, and on each of a dark one. */
export const DARK_LETTERS = '#111317';
/** Letters on the other activities of a light page. */
export const LIGHT_LETTERS = '#ffffff';

/** The name of a class for letters on an activity. */
export function lettersOn(activity: Activity): 'on' | 'on-pale' {
  return ACTIVITY_COLOURS[activity].isPale ? 'on-pale' : 'on';
}

/** Custom properties, such as `--isr`, with the colours of one theme. */
export function activityProperties(theme: 'light' | 'dark'): string {
  const letters = theme === 'light' ? LIGHT_LETTERS : DARK_LETTERS;
  return [
    ...Object.entries(ACTIVITY_COLOURS).map(([name, colours]) => `--${name}:${colours[theme]}`),
    `--on:${letters}`,
    `--on-pale:${DARK_LETTERS}`,
  ].join(';');
}

/** The properties of a page with a button for its theme: by the system, or by the button. */
export const PAGE_ACTIVITIES =
  `:root{${activityProperties('light')}}` +
  '@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"],.printing)' +
  `{${activityProperties('dark')}}}` +
  `:root[data-theme="dark"]:not(.printing){${activityProperties('dark')}}`;
