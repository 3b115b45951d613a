import { describe, expect, it } from 'vitest';
import { codeFiles, filesUnder } from './source-files.js';

/** Style sentence 4: every rule has a number, one sentence, one source, one place and one test. */
const RULES = Array.from({ length: 24 }, (_, i) => i + 1);

const [semantics] = filesUnder('docs', /^docs\/semantics\.md$/);
const kernel = codeFiles.filter(({ path }) => /^assembly\/.*\.ts$/.test(path));
const testFiles = codeFiles
  .map(({ path }) => path)
  .filter((path) => /^test\/semantics\/.*\.test\.ts$/.test(path));

/** The paragraph of a rule: from its bold number to the next rule or heading. */
function paragraphOf(rule: number): string {
  const start = semantics.text.indexOf(`- **R${rule}** `);
  if (start < 0) return '';
  const rest = semantics.text.slice(start + 1);
  const end = rest.search(/\n- \*\*R\d+\*\* |\n## /);
  return end < 0 ? rest : rest.slice(0, end);
}

describe.each(RULES)('R%i', (rule) => {
  const own = testFiles.filter((path) =>
    path.startsWith(`test/semantics/r${String(rule).padStart(2, '0')}-`),
  );

  it('stands in docs/semantics.md, once', () => {
    expect(semantics.text.split(`**R${rule}**`)).toHaveLength(2);
  });

  it('is named in the kernel', () => {
    const named = kernel.filter(({ text }) => new RegExp(`\\bR${rule}\\b`).test(text));
    expect(named.map(({ path }) => path)).not.toEqual([]);
  });

  it('has one test file, which names it', () => {
    expect(own).toHaveLength(1);
    const { text } = codeFiles.find(({ path }) => path === own[0])!;
    expect(text).toMatch(new RegExp(`describe\\('R${rule}: `));
  });

  it('says where it stands in the code and where it is tested, and that is true', () => {
    const paragraph = paragraphOf(rule);
    expect(paragraph).toContain(own[0]);
    const places = [...paragraph.matchAll(/`([a-z0-9/-]+\.ts)`\s+((?:`\w+`(?:,\s+)?)*)/g)];
    expect(places.length, 'a file with its functions').toBeGreaterThan(0);
    for (const [, path, names] of places) {
      const file = codeFiles.find((each) => each.path === path);
      expect(file, path).toBeDefined();
      for (const [, name] of names.matchAll(/`(\w+)`/g)) {
        expect(file!.text, `${name} in ${path}`).toMatch(
          new RegExp(`(function |class |const |^  )${name}\\b`, 'm'),
        );
      }
    }
  });
});

describe('rules elsewhere', () => {
  it('are never named that do not exist', () => {
    const unknown = [...codeFiles, ...filesUnder('docs', /\.md$/)].flatMap(({ path, text }) =>
      [...text.matchAll(/\bR(\d{1,2})\b/g)]
        .filter(([, number]) => !RULES.includes(Number(number)))
        .map(([word]) => `${path}: ${word}`),
    );
    expect(unknown).toEqual([]);
  });

  it('have no test file beyond their number', () => {
    expect(testFiles).toHaveLength(RULES.length);
  });
});
