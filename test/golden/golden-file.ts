import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** A text is that of a file here; `DPCBENCH_UPDATE=1 npx vitest run test/golden` writes it. */
export function expectGolden(name: string, text: string): void {
  const path = join(import.meta.dirname, name);
  if (process.env['DPCBENCH_UPDATE'] === '1') writeFileSync(path, text);
  else expect(text).toBe(readFileSync(path, 'utf8'));
}

/** A text is that of a part of a file; the part begins with a line of its own: `==== NAME`. */
export function expectGoldenPart(file: string, name: string, text: string): void {
  const path = join(import.meta.dirname, file);
  const parts = readFileSync(path, 'utf8').split(/^(?===== )/m);
  const head = `==== ${name}\n`;
  const place = parts.findIndex((part) => part.startsWith(head));
  if (process.env['DPCBENCH_UPDATE'] === '1') {
    parts.splice(place < 0 ? parts.length : place, 1, head + text);
    writeFileSync(path, parts.join(''));
  } else expect(parts[place]).toBe(head + text);
}

/**
 * Kernels that do the same may be built in other ways, pages of the same text have other scripts,
 * and last digits of a logarithm may differ.
 */
export function withoutBuild(text: string): string {
  return text
    .replace(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replace(/\bsha256-[\w+/=]{44}/g, 'HASH')
    .replace(/(?<=kernel )[0-9a-f]{12}\b/g, 'HASH')
    .replace(/"host":\{[^}]*\}/g, '"host":"HOST"')
    .replace(/\b\d+\.\d{9,}(e-\d+)?\b/g, (number) => Number(number).toPrecision(9));
}

/** In place of what is too long to be read: tells whether it has changed. */
export function hashOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

const MOST_CHARACTERS = 2000;
const MOST_LINES = 150;
const PARTS = /(?=<(?:h1|h2|h3|figure|details|script|svg class="lanes|g class="lane)\b)/;

/**
 * A file to be read by people. Of a page what stands in it, part by part, each with the hash of its
 * markup, so that nothing changes unseen; its script and style are left out.
 */
export function shownFile(file: string): string {
  const text = withoutBuild(file);
  if (/^<(!doctype html|svg)/.test(text)) {
    const bare = text.replace(/(<(script|style)>)[^]*?(<\/\2>)/g, '$1$3');
    return bare.split(PARTS).map(partText).join('\n');
  }
  const lines = spread(text).split('\n');
  if (lines.length <= MOST_LINES) return lines.join('\n');
  return [...lines.slice(0, MOST_LINES), `… ${lines.length} lines [${hashOf(text)}]`].join('\n');
}

/** JSON on several lines. */
function spread(text: string): string {
  const isOne = text.startsWith('{') && text.trimEnd().indexOf('\n') < 0;
  return isOne ? JSON.stringify(JSON.parse(text), null, 1) : text;
}

function partText(markup: string): string {
  const text = /^<script/.test(markup) ? '' : markup.replace(/<[^>]*>/g, ' ');
  const words = text.replace(/\s+/g, ' ').trim();
  const shown = words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS)}…` : words;
  const lines = shown.match(/\S.{0,90}(?= |$)/gs) ?? [];
  return [...lines, `[${markup.length} characters: ${hashOf(markup)}]`].join('\n');
}
