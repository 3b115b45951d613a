import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundlePage } from '../../reports/build-page.mjs';
import { sha256 } from '../../src/disk/load-page.js';
import { escapeHtml, embedJson } from '../../src/report/html.js';
import { REPORT_SCHEMA } from '../../src/report/model.js';
import { PAGE_ACTIVITIES } from '../../src/report/activity-colours.js';
import { renderReport } from '../../src/report/render.js';
import type { PageAssets } from '../../src/report/render.js';
import { logScale } from '../../src/report/scale.js';
import { stripAxis } from '../../src/report/source-list.js';
import type { ResultDocument } from '../../src/result/document.js';
import { HOSTILE_NAMES, inventedResult } from '../fixtures/results/invented-result.js';
import { anyText } from '../any-text.js';

const PLAIN: PageAssets = { script: 'console.log(1)', style: 'b{}', sha256 };
let page: PageAssets;
beforeAll(async () => {
  page = { ...(await bundlePage()), sha256 };
});

function between(html: string, start: string, end: string): string {
  const from = html.indexOf(start) + start.length;
  return html.slice(from, html.indexOf(end, from));
}

function policyOf(html: string): Map<string, string> {
  const content = between(html, 'http-equiv="Content-Security-Policy" content="', '"');
  return new Map(
    content.split('; ').map((directive) => {
      const [name, ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}

function warned(sentence: string): ResultDocument['warnings'][number] {
  return { kind: 'saturated', policies: ['vista'], subjects: [], share: 1, sentence };
}

describe('the content security policy', () => {
  test('names the script and the style that stand in the page, and nothing else', () => {
    const html = renderReport([inventedResult()], page);
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const policy = policyOf(html);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('connect-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe(hash(between(html, '</script>\n<script>', '</script>')));
    expect(policy.get('style-src')).toBe(hash(between(html, '<style>', '</style>')));
    expect(html).not.toMatch(/unsafe-(inline|eval)/);
  });

  test('holds for assets with the line ends of another system', () => {
    const assets = { script: 'a()\r\nb()\r', style: 'b{}\r\n', sha256 };
    const html = renderReport([inventedResult()], assets);
    expect(html).not.toContain('\r');
    const hash = createHash('sha256').update('a()\nb()\n').digest('base64');
    expect(policyOf(html).get('script-src')).toBe(`'sha256-${hash}'`);
  });

  test('refuses assets that could not stand in a page', () => {
    const render = (script: string) => () => renderReport([], { script, style: '', sha256 });
    expect(render('"</SCRIPT>"')).toThrow('cannot be inlined');
    expect(render('x <!--y')).toThrow('cannot be inlined');
  });

  test('has no style attribute or event handler to forbid', () => {
    const html = renderReport([inventedResult({ sources: ['plain'] })], PLAIN);
    expect(html).not.toMatch(/<[^>]*\s(style|on\w+)=/i);
  });
});

describe('names', () => {
  test('are text, never markup', () => {
    const names = HOSTILE_NAMES.concat('<!--', ']]>', '&lt;', '<svg onload=alert(3)>');
    const document = inventedResult({
      name: '</title><script>alert(4)</script>',
      question: '<b>why</b>',
      sources: names,
      policies: ['<i>mine</i>', 'vista'],
    });
    const html = renderReport([{ ...document, warnings: [warned('<u>all</u> & well')] }], PLAIN);
    expect(html.match(/<script/g)).toHaveLength(2);
    for (const markup of ['<b>why', '<i>mine', '<u>all', '<img', '<svg onload', '<!--']) {
      expect(html).not.toContain(markup);
    }
    expect(html).toContain('&lt;i&gt;mine&lt;/i&gt;');
    expect(html).toContain('&lt;u&gt;all&lt;/u&gt; &amp; well');
  });

  test('survive in the embedded data, whatever they are', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        const json = embedJson({ name });
        expect(json).not.toContain('<');
        expect(JSON.parse(json)).toEqual({ name });
        expect(escapeHtml(name)).not.toMatch(/[<>"']/);
      }),
    );
  });
});

describe('the committed sample', () => {
  const sample = readFileSync(new URL('../../reports/sample.html', import.meta.url), 'utf8');

  test('has the script and the style that the sources give', () => {
    const advice =
      'write it anew: ' + 'node dist/cli.js run --intervals all --report reports/sample.html';
    expect(sample.includes(`<script>${page.script}</script>`), advice).toBe(true);
    expect(sample.includes(`<style>${page.style}${PAGE_ACTIVITIES}</style>`), advice).toBe(true);
    // No path of the machine on which it was written.
    expect(sample, advice).toContain('dpcbench run --intervals all --report reports/sample.html');
    const data = JSON.parse(between(sample, 'id="data">', '</script>'));
    expect(data.schema, advice).toBe(REPORT_SCHEMA);
  });
});

describe('a report', () => {
  test('is a function of documents and assets', () => {
    expect(renderReport([inventedResult()], page)).toBe(renderReport([inventedResult()], page));
  });

  test('refers to nothing outside itself', () => {
    const html = renderReport([inventedResult()], page);
    const markup = html.replace(/<script>[^]*<\/script>/, '').replace(/<style>[^]*<\/style>/, '');
    expect(markup).not.toMatch(/\b(src|href|action|srcset)="(?!#)/);
    expect(markup).not.toMatch(/https?:/);
    // The namespace of SVG is a name, not an address.
    expect(page.script.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
    expect(page.style).not.toMatch(/url\(|@import/);
  });

  test('weighs less than 300 kB, and less than 1 MB with 1,000 sources', () => {
    const weigh = (document: ResultDocument): number =>
      Buffer.byteLength(renderReport([document], page));
    expect(weigh(inventedResult())).toBeLessThan(300_000);
    const sources = Array.from({ length: 1000 }, (_, i) => `driver-${i}`);
    const policies = ['pre-vista', 'vista'];
    const large = inventedResult({ processors: 128, samples: 60_000, sources, policies });
    expect(weigh(large)).toBeLessThan(1_000_000);
  });

  test('says what the result says: rules, sources, seed, hashes, too few samples', () => {
    const document = inventedResult();
    const html = renderReport([document], PLAIN);
    for (const policy of document.scenario.policies) {
      expect(html).toContain(escapeHtml(policy.sentence));
      expect(html).toContain(escapeHtml(policy.source));
      expect(html).toContain(escapeHtml(policy.other.high.text));
    }
    expect(html).toContain(document.meta.kernelHash);
    expect(html).toContain(document.meta.scenarioHash);
    // Said once, however often it happens.
    expect(html.match(/too few samples, fewer than ten/g)).toHaveLength(2);
    expect(html).toContain('dpcbench run &#39;it&#39;\\&#39;&#39;s &lt;b&gt;.yaml&#39;');
  });

  test('has a navigation for several scenarios', () => {
    const one = renderReport([inventedResult()], PLAIN);
    expect(one).not.toContain('<nav');
    const two = renderReport([inventedResult(), inventedResult({ name: 'second' })], PLAIN);
    expect(two).toContain('href="#s2"><bdi>second</bdi>');
    expect(two.match(/<h1/g)).toHaveLength(2);
  });

  test('answers first, then says why, then whom it hits, and folds what made it', () => {
    const html = renderReport([{ ...inventedResult(), warnings: [warned('Beware.')] }], PLAIN);
    const places = [
      'Beware.',
      '<h1',
      'class="tiles',
      'id="s1-front"',
      'Every decision',
      'By source',
      'id="s1-latency"',
      'Where the time went',
      'The rules compared',
      'What to distrust',
      'How these figures were made',
    ].map((text) => html.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(html).toMatch(/<details><summary>How these figures were made/);
  });

  test('draws what its rows say without a script, each policy with its own shape', () => {
    const html = renderReport([inventedResult()], PLAIN);
    const front = between(html, 'id="s1-front"', '</figure>');
    for (const policy of [0, 1, 2]) {
      expect(front).toMatch(
        new RegExp(`<use href="#m${policy}" class="p p${policy}" x="[\\d.]+%"`),
      );
      expect(html).toContain(`<g id="m${policy}">`);
    }
    const rows = between(html, '<table class="sources"', '</table>');
    expect(rows.match(/<svg class="row" /g)).toHaveLength(HOSTILE_NAMES.length);
    expect(between(html, 'id="s1-busy"', '</figure>')).toContain('<rect class="p p0"');
  });

  test('draws the guidelines as lines beside what was measured, and marks what is over', () => {
    const html = renderReport([inventedResult({ sources: ['one'] })], PLAIN);
    const table = between(html, '<table class="sources execution">', '</table>');
    expect(table.match(/class="guide"/g)).toHaveLength(2);
    expect(table).toContain('data-head="ISR longest">6 µs</td>');
    expect(table).toContain('data-head="DPC longest">30 µs</td>');
    const { results, ...document } = inventedResult({ sources: ['one'] });
    const [first, ...others] = results;
    const times = { maxNs: 30_000, totalNs: 30_000 };
    const sources = [{ ...first.sources[0], execution: { isr: times, dpc: times } }];
    const over = renderReport(
      [{ ...document, results: [{ ...first, sources }, ...others] }],
      PLAIN,
    );
    expect(over).toContain('data-head="ISR longest"><b>30 µs</b></td>');
    expect(over).toContain('data-head="DPC longest">30 µs</td>');
  });

  test('names all of a few places on an axis, of many every other one where it is narrow', () => {
    const axisOf = (...ns: number[]): string => stripAxis(logScale(ns));
    expect(axisOf(5_000, 900_000)).not.toContain('roomy');
    expect(axisOf(1_000, 90_000_000).match(/roomy/g)!.length).toBeGreaterThan(1);
  });

  test('shows many processors as a heat map: a square for each', () => {
    const html = renderReport(
      [inventedResult({ processors: 128, policies: ['vista', 'msdn'] })],
      PLAIN,
    );
    const map = between(html, 'id="s1-depth"', '</figure>');
    expect(map.match(/h1v1h-1z/g)).toHaveLength(2 * 128);
  });
});

describe('one policy alone', () => {
  const html = renderReport([inventedResult({ policies: ['vista'] })], PLAIN);

  test('is set against nothing: no marked cells, no order by what changes', () => {
    expect(html).toContain('Every decision');
    expect(html).not.toContain('decide differently');
    expect(html).not.toContain('by what changes');
  });
});

describe('the first screen', () => {
  test.each([
    ['too-short', true],
    ['drifting', true],
    ['settled', false],
    ['from-start', false],
  ] as const)('says so of a run that is %s: %s', (state, isSaid) => {
    const document = inventedResult();
    const settling = { ...document.meta.settling, state, sentence: 'Not settled: invented.' };
    const html = renderReport([{ ...document, meta: { ...document.meta, settling } }], PLAIN);
    const screen = between(html, '<h1', 'class="tiles');
    expect(screen.includes('not settled')).toBe(isSaid);
  });

  test('names policies that lie at one place, each beside it', () => {
    const document = inventedResult({ policies: ['vista', 'msdn'] });
    const results = document.results.map((result) => ({
      ...document.results[0],
      policy: result.policy,
      counters: { ...document.results[0].counters, ipis: 0 },
    }));
    const front = between(
      renderReport([{ ...document, results }], PLAIN),
      'id="s1-front"',
      '</figure',
    );
    expect(front).toMatch(/<text class="l p p0"[^>]*>.*vista/);
    expect(front).toMatch(/<text class="l p p1"[^>]*>.*msdn/);
  });
});

describe('the matrix of decisions', () => {
  test('says in words where policies differ', () => {
    const html = renderReport([inventedResult()], PLAIN);
    expect(html).toContain('<span class="mark">decided differently</span>');
    expect(html).not.toContain('p99 few');
  });

  test('has lines that may end before a p99, with nothing left dangling', () => {
    const html = renderReport([inventedResult()], PLAIN);
    const cells = between(html, '<table class="decisions"', '</table>');
    expect(cells).toMatch(/\d \(p99\u00a0[\d.]+\u00a0µs\)/);
    expect(cells).not.toContain('·');
  });

  test('is left out of a result that counts no decisions', () => {
    const document = inventedResult();
    const results = document.results.map((result) => ({ ...result, decisions: null }));
    expect(renderReport([{ ...document, results }], PLAIN)).not.toContain('Every decision');
  });
});
