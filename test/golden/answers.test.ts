import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOG_NAMES, loadCatalogScenario } from '../../src/disk/catalog.js';
import { breakdownLines } from '../../src/export/breakdown.js';
import { wrap } from '../../src/export/wrap.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { lead, machineWide } from '../../src/stats/verdict.js';

const root = dirname(createRequire(import.meta.url).resolve('dpcbench/package.json'));
const PAGE = join(root, 'docs', 'answers.md');
const WIDTH = 80;
const INTRODUCTION = `# Answers

<!-- Written by DPCBENCH_UPDATE=1 npx vitest run test/golden/answers.test.ts -->

What \`dpcbench run NAME\` says of each scenario that ships: the sentence about what it asks
([focus](scenarios.md#focus)), what that comes to for the whole machine, and the sources. The
command prints the table of policies and what to distrust besides. In parentheses stand 95 %
intervals over the shards of the run.
`;
/** Those that take no second; the others are written and not checked. */
const CHECKED = ['low-importance-light', 'how-a-dpc-helps', 'threaded-beside-audio'];

/** The section of a scenario, as its run answers. */
async function sectionOf(name: string): Promise<string> {
  const document = await runBenchmark(loadCatalogScenario(name), { census: false });
  const sentences = [...lead(document), machineWide(document)].filter((one) => one !== '');
  const table = breakdownLines(document, { width: WIDTH });
  const answer = [
    ...sentences.flatMap((sentence) => wrap(sentence, WIDTH)),
    ...(table.length === 0 ? [] : ['', ...table]),
  ].join('\n');
  const { question } = document.scenario;
  return `## ${name}\n\n${question}\n\n\`\`\`\n${answer}\n\`\`\`\n`;
}

function sectionsOf(page: string): Map<string, string> {
  const [, ...sections] = page.split(/^(?=## )/m);
  return new Map(sections.map((text) => [/^## (.*)$/m.exec(text)![1], text.trimEnd() + '\n']));
}

describe('docs/answers.md', () => {
  it('has an answer to the question of every scenario that ships', () => {
    const page = readFileSync(PAGE, 'utf8');
    const sections = sectionsOf(page);
    expect(page.startsWith(INTRODUCTION)).toBe(true);
    expect([...sections.keys()]).toEqual([...CATALOG_NAMES]);
    for (const [name, text] of sections) {
      expect(text).toContain(`\n${loadCatalogScenario(name).question}\n`);
    }
  });

  // DPCBENCH_UPDATE=1 writes all of them.
  it('says what a run says', { timeout: 900_000 }, async () => {
    if (process.env['DPCBENCH_UPDATE'] === '1') {
      const sections: string[] = [];
      for (const name of CATALOG_NAMES) sections.push(await sectionOf(name));
      writeFileSync(PAGE, [INTRODUCTION, ...sections].join('\n'));
    }
    const sections = sectionsOf(readFileSync(PAGE, 'utf8'));
    for (const name of CHECKED) expect(sections.get(name)).toBe(await sectionOf(name));
  });
});
