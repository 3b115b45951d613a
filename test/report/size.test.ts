import { expect, test } from 'vitest';
import { loadPage } from '../../src/disk/load-page.js';
import { PRESET_NAMES } from '../../src/policy/presets.js';
import { renderReport } from '../../src/report/render.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { inventedWait } from '../fixtures/results/invented-wait.js';

test.each([
  ['two rule sets', ['pre-vista', 'vista']],
  ['every rule set that ships and two more', [...PRESET_NAMES, 'mine', 'yours']],
])('a report of 1,024 sources under %s is below a megabyte', (_, policies) => {
  const result = inventedResult({
    processors: 64,
    samples: 60_000,
    policies,
    sources: Array.from({ length: 1024 }, (_, i) => `source ${i}`),
  });
  const waits = policies.map((policy) => inventedWait(policy, 20_000));
  const html = renderReport([result], loadPage(), [waits]);
  expect(Buffer.byteLength(html)).toBeLessThan(1e6);
});
