import { escapeHtml, nameHtml } from './html.js';

/** A sentence in which policies are named by their index, so that each can wear its colour. */
export type RichText = readonly (string | { policy: number })[];

/** The space between a figure and its unit: no line ends there. */
const BEFORE_UNIT = /(?<=\d) (?=(?:[nµm]?s|%)(?![\p{L}\p{N}]))/gu;

/** Keeps figures beside their units, where a line ends. */
export function besideUnits(text: string): string {
  return text.replace(BEFORE_UNIT, '\u00a0');
}

/** A policy's name in markup, and what stands right behind it. */
const NAME_AND_MARK = /(<span class="p p\d+"><bdi>[^<]*<\/bdi><\/span>)([^\s<]+)/g;

/** Finds the policies' names in a sentence that somebody else has put together. */
export function markPolicies(sentence: string, policies: readonly string[]): RichText {
  const byLength = policies.filter((name) => name !== '').sort((a, b) => b.length - a.length);
  if (byLength.length === 0) return [sentence];
  const names = byLength.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  const parts = sentence.split(
    new RegExp(`(?<![\\p{L}\\p{N}_-])(${names})(?![\\p{L}\\p{N}_-])`, 'u'),
  );
  return parts
    .map((part, i) => (i % 2 === 1 ? { policy: policies.indexOf(part) } : part))
    .filter((part) => part !== '');
}

/**
 * Names are isolated, for whatever they are, they must not reorder what stands around them. A
 * colon behind one does not begin a line.
 */
export function renderRich(text: RichText, policies: readonly string[]): string {
  return text
    .map((part) =>
      typeof part === 'string'
        ? escapeHtml(besideUnits(part))
        : `<span class="p p${part.policy}">${nameHtml(policies[part.policy])}</span>`,
    )
    .join('')
    .replace(NAME_AND_MARK, '<span class="with-mark">$1$2</span>');
}
