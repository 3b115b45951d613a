import { expect, it } from 'vitest';
import { policyReference } from '../../src/policy/reference.js';

// `npx vitest run test/host/policy-reference.test.ts -u` writes the page anew.
it('the published page about policies is what the presets yield', async () => {
  await expect(policyReference()).toMatchFileSnapshot('../../docs/policies.md');
});
