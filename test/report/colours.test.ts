import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  ACTIVITY_COLOURS,
  activityProperties,
  DARK_LETTERS,
  LIGHT_LETTERS,
  PAGE_ACTIVITIES,
} from '../../src/report/activity-colours.js';
import { TIMELINE_STYLE } from '../../src/report/timeline-style.js';

const styleOf = (name: string): string =>
  readFileSync(new URL(`../../reports/${name}`, import.meta.url), 'utf8');
const CSS = styleOf('screen.css');

/** The colours of the style sheet by name: light, dark by the system, dark by the button. */
function themes(): Map<string, string>[] {
  const blocks = [...CSS.matchAll(/color-scheme: (?:light|dark);([^}]*)\}/g)];
  return blocks.map(
    ([, block]) =>
      new Map(
        [...block.matchAll(/(--\w[\w-]*): (#[0-9a-f]{6})/g)].map(
          ([, name, value]): [string, string] => [name, value],
        ),
      ),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

it('lets every text be read in every theme: 4.5 to 1 at least, policies included', () => {
  const found = themes();
  expect(found).toHaveLength(3);
  for (const colours of found) {
    for (const ink of ['--ink', '--soft', '--link', '--first', '--second', '--other']) {
      for (const paper of ['--paper', '--panel', '--hot']) {
        const seen = contrast(colours.get(ink)!, colours.get(paper)!);
        expect(seen, `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    // The frame of what differs is a shape, not a text.
    expect(contrast(colours.get('--hot-edge')!, colours.get('--paper')!)).toBeGreaterThan(3);
  }
});

it('has the same dark colours by the system and by the button', () => {
  const [, system, button] = themes();
  expect([...button]).toEqual([...system]);
});

it('lets letters on an activity be read, and the activity be seen on the page', () => {
  const [light, dark] = themes();
  for (const [name, colours] of Object.entries(ACTIVITY_COLOURS)) {
    const letters = colours.isPale ? DARK_LETTERS : LIGHT_LETTERS;
    expect(contrast(letters, colours.light), `${name}, light`).toBeGreaterThanOrEqual(4.5);
    const inDark = contrast(DARK_LETTERS, colours.dark);
    // Nothing is written on an exit from a halt.
    if (name !== 'wake') expect(inDark, `${name}, dark`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours.light, light.get('--paper')!), name).toBeGreaterThan(1.6);
    expect(contrast(colours.dark, dark.get('--paper')!), name).toBeGreaterThan(2.9);
  }
});

it('has one colour for an activity in reports, timelines and the live page', () => {
  for (const theme of ['light', 'dark'] as const) {
    expect(PAGE_ACTIVITIES).toContain(activityProperties(theme));
    expect(TIMELINE_STYLE).toContain(activityProperties(theme));
  }
  const colours = Object.values(ACTIVITY_COLOURS).map(({ light }) => light);
  expect(new Set(colours).size).toBe(colours.length);
  // Style sheets name them; a colour of their own for one would be a second one.
  for (const name of Object.keys(ACTIVITY_COLOURS)) {
    expect(CSS).toMatch(new RegExp(`\\.${name} \\{ fill: var\\(--${name}\\) \\}`));
    expect(TIMELINE_STYLE).toContain(`.tl-${name}{fill:var(--${name})}`);
    for (const style of [CSS, styleOf('play/play.css')]) {
      expect(style).not.toMatch(new RegExp(`--${name}:`));
    }
  }
});
