import { createRequire } from 'node:module';
import { DOMParser } from '@xmldom/xmldom';
import { marked, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { toJunit } from '../../src/export/junit.js';
import { toMarkdown } from '../../src/export/markdown.js';
import { toOpenMetrics } from '../../src/export/open-metrics.js';
import type { GateOutcome } from '../../src/stats/gate.js';
import { HOSTILE_NAMES, inventedResult } from '../fixtures/results/invented-result.js';

/** It has no types. */
const parsePrometheus = createRequire(import.meta.url)('parse-prometheus-text-format') as (
  text: string,
) => { name: string; metrics: { labels?: Record<string, string>; value: string }[] }[];

/** Names that a terminal shows as they are: other characters become escapes in every format. */
const NAMES = [...HOSTILE_NAMES.filter((name) => !name.includes('\u202e')), 'a|b\\', '`*_~[x](y)'];

describe('what other programs read of an export', () => {
  const document = inventedResult({
    name: NAMES[1],
    sources: NAMES,
    policies: ['vista', 'pre-vista'],
  });
  const gates: GateOutcome[] = NAMES.map((name, i) => ({
    kind: 'threshold',
    name: `vista.sources.${name}.dropped > 1`,
    status: (['pass', 'fail', 'noData'] as const)[i % 3],
    message: `it is "${name}"`,
  }));

  it('is every metric of OpenMetrics, with its labels', () => {
    const families = parsePrometheus(toOpenMetrics({ results: [{ label: '', document }] }));
    const served = families.find(({ name }) => name === 'dpcbench_source_dpcs_total')!;
    const found = served.metrics.map(({ labels, value }) => [
      labels!.policy,
      labels!.source,
      Number(value),
    ]);
    const expected = document.results.flatMap(({ policy, sources }) =>
      sources.map(({ counters }, i) => [policy, NAMES[i], counters.dpcs]),
    );
    expect(found).toEqual(expected);
  });

  it('is every gate of JUnit, with what came of it', () => {
    const xml = new DOMParser({
      onError: (level, message) => expect.fail(`${level}: ${message}`),
    }).parseFromString(toJunit(gates, NAMES.join()), 'text/xml');
    const cases = [...xml.getElementsByTagName('testcase')];
    expect(
      cases.map((each) => {
        const inside = [...each.childNodes].find(({ nodeType }) => nodeType === 1);
        return [each.getAttribute('name'), inside?.nodeName ?? 'none'];
      }),
    ).toEqual(gates.map(({ name }, i) => [name, ['none', 'failure', 'error'][i % 3]]));
    expect(xml.getElementsByTagName('testsuite')[0].getAttribute('name')).toBe(NAMES.join());
  });

  it('is the tables of Markdown, whose cells nothing leaves', () => {
    const text = toMarkdown({ results: [{ label: '', document }], gates });
    const tokens = marked.lexer(text);
    const tables = tokens.filter((token): token is Tokens.Table => token.type === 'table');
    expect(tables.length).toBeGreaterThan(0);
    const policies = tables[0].rows.map((row) => row[0].tokens.map(({ raw }) => raw).join(''));
    expect(policies.join()).toContain('pre-vista');
    for (const { header, rows } of tables) {
      for (const row of rows) expect(row).toHaveLength(header.length);
    }
    const kinds = new Set<string>();
    marked.walkTokens(tokens, ({ type }) => void kinds.add(type));
    for (const type of ['html', 'link', 'image', 'heading4']) expect(kinds).not.toContain(type);
    expect(marked.parse(text, { async: false })).not.toMatch(/<(?:script|img|a)\b/);
  });
});
