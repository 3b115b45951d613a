import { visibleLine } from '../visible-text.js';
import type { Attempts } from './attempts.js';
import type { Place } from './check-places.js';
import type { Console } from './console.js';
import { openPage } from './open-page.js';
import { writeFileWhole } from './write-file.js';

/** Where an answer goes; `-` for `json` is standard output. */
export interface OutputFlags {
  json?: string;
  report?: string;
  quiet?: boolean;
  /** Open the report once it is written. */
  open?: boolean;
}

/** Made when it is asked for. */
type Text = () => string | Promise<string>;

/** Where the answer goes besides standard output. */
export function outputPlaces({ json, report }: OutputFlags): Place[] {
  return [
    { as: '--json', path: json === '-' ? undefined : json },
    { as: '--report', path: report },
  ];
}

/**
 * The answer: text on standard output, or JSON there and nothing else; JSON in a file if asked.
 * `isStyled`: the text has colours, and nothing in it that a terminal would obey besides.
 */
export async function deliverAnswer(
  { json }: OutputFlags,
  console: Console,
  attempts: Attempts,
  answer: { toJson: Text; toText: Text; isStyled?: boolean },
): Promise<void> {
  if (json === '-') {
    console.out(await answer.toJson());
    return;
  }
  if (json !== undefined) {
    await attempts.make(async () => writeFileWhole(json, await answer.toJson()));
  }
  const text = await answer.toText();
  if (answer.isStyled === true) console.styledOut(text);
  else console.out(text);
}

/** The HTML report, if one is asked for. */
export async function deliverReport(
  { open, quiet, report }: OutputFlags,
  console: Console,
  attempts: Attempts,
  toHtml: Text,
): Promise<void> {
  if (report === undefined) return;
  await attempts.make(async () => {
    await writeFileWhole(report, await toHtml());
    if (quiet !== true) console.err(`Report: ${visibleLine(report)}\n`);
    if (open === true) await openPage(report, console);
  });
}
