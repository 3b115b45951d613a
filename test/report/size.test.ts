import { expect, test } from 'vitest';
import { loadPage } from '../../src/disk/load-page.js';
import { PRESET_NAMES } from '../../src/policy/presets.js';
import { renderReport } from '../../src/report/render.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

test('a report of 1,024 sources under every rule set that ships is below a megabyte', () => {
  const result = inventedResult({
    processors: 64,
    samples: 60_000,
    policies: [...PRESET_NAMES],
    sources: Array.from({ length: 1024 }, (_, i) => `source ${i}`),
  });
  const html = renderReport([result], loadPage());
  expect(Buffer.byteLength(html)).toBeLessThan(1e6);
});
