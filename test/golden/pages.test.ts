import { describe, it } from 'vitest';
import { formatTerminal } from '../../src/export/terminal.js';
import { toMarkdown } from '../../src/export/markdown.js';
import { renderFit } from '../../src/report/render-fit.js';
import { renderReport } from '../../src/report/render.js';
import type { ResultDocument } from '../../src/result/document.js';
import { fitRecording } from '../../src/study/fit-recording.js';
import { inventedRecording } from '../fixtures/recordings/invented-recording.js';
import { inventedResult, type Invention } from '../fixtures/results/invented-result.js';
import { inventedWait } from '../fixtures/results/invented-wait.js';
import { expectGolden, shownFile } from './golden-file.js';

const PLAIN = { script: '', style: '', sha256: () => 'HASH' };
const SMALL: Invention = { sources: ['nvme', 'a < b'], samples: 3000 };

/** A page on invented figures holds what no machine shows in a moment. */
const RESULTS: Record<string, Invention> = {
  'one-policy': { ...SMALL, processors: 1, policies: ['vista'], sources: ['nvme'] },
  'three-policies': { ...SMALL, processors: 2 },
  'heat-map': { ...SMALL, processors: 70, policies: ['nt52', 'vista'] },
  'many-sources': {
    processors: 3,
    samples: 30_000,
    policies: ['msdn', 'vista'],
    sources: Array.from({ length: 40 }, (_, i) => `source ${i}`),
  },
  'few-samples': { ...SMALL, processors: 2, samples: 30, seed: 3 },
};

function documentOf(name: string): ResultDocument {
  return inventedResult({ name, ...RESULTS[name] });
}

describe('on invented figures, as before, is', () => {
  it.each(Object.keys(RESULTS))('the page on %s', (name) => {
    const document = documentOf(name);
    const waits = document.results.map(({ policy }, i) => inventedWait(policy, 30 * (i + 1)));
    const html = renderReport([document], PLAIN, [waits]);
    expectGolden(`pages/${name}.html.txt`, shownFile(html));
  });

  it.each(Object.keys(RESULTS))('the answer on %s, at three widths', (name) => {
    const document = documentOf(name);
    const told = [
      formatTerminal(document, { colours: true, width: 60 }),
      formatTerminal(document, { colours: false, width: 80, by: 'processor' }),
      formatTerminal(document, { colours: false, width: 100, by: 'importance' }),
      toMarkdown({ results: [{ label: '', document }] }),
    ];
    expectGolden(`pages/${name}.answer.txt`, told.join('\n----\n'));
  });

  it('the page on a fit', () => {
    const fit = fitRecording(inventedRecording({ events: 1500 }));
    expectGolden('pages/fit.html.txt', shownFile(renderFit(fit, PLAIN)));
  });
});
