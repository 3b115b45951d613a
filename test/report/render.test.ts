import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundlePage } from '../../reports/build-page.mjs';
import { sha256 } from '../../src/disk/load-page.js';
import { escapeHtml, embedJson } from '../../src/report/html.js';
import { REPORT_SCHEMA } from '../../src/report/model.js';
import { renderReport } from '../../src/report/render.js';
import type { PageAssets } from '../../src/report/render.js';
import { HOSTILE_NAMES, inventedResult } from '../fixtures/results/invented-result.js';

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
    const html = renderReport([{ ...document, verdict: ['<u>all</u> & well'] }], PLAIN);
    expect(html.match(/<script/g)).toHaveLength(2);
    for (const markup of ['<b>why', '<i>mine', '<u>all', '<img', '<svg', '<!--']) {
      expect(html).not.toContain(markup);
    }
    expect(html).toContain('&lt;i&gt;mine&lt;/i&gt;');
    expect(html).toContain('&lt;u&gt;all&lt;/u&gt; &amp; well');
  });

  test('survive in the embedded data, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
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
    expect(sample.includes(`<style>${page.style}</style>`), advice).toBe(true);
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

  test('weighs less than 300 kB', () => {
    expect(Buffer.byteLength(renderReport([inventedResult()], page))).toBeLessThan(300_000);
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
    expect(html).toContain('too few samples');
    expect(html).toContain('dpcbench run &#39;it&#39;\\&#39;&#39;s &lt;b&gt;.yaml&#39;');
  });

  test('has an answer where there is one, and a navigation for several scenarios', () => {
    const one = renderReport([inventedResult()], PLAIN);
    expect(one).not.toContain('The answer');
    expect(one).not.toContain('<nav');
    const two = renderReport([inventedResult(), inventedResult({ name: 'second' })], PLAIN);
    expect(two).toContain('href="#s2"><bdi>second</bdi>');
  });
});

describe('the matrix of decisions', () => {
  test('is the second thing of a section, and says in words where policies differ', () => {
    const html = renderReport([{ ...inventedResult(), verdict: ['An answer.'] }], PLAIN);
    const answer = html.indexOf('The answer');
    const why = html.indexOf('Why: the decisions that differ');
    expect(why).toBeGreaterThan(answer);
    expect(why).toBeLessThan(html.indexOf('Policies side by side'));
    expect(html).toContain('<b class="mark">decided differently</b> ');
  });

  test('is left out of a result that counts no decisions', () => {
    const document = inventedResult();
    const results = document.results.map((result) => ({ ...result, decisions: null }));
    expect(renderReport([{ ...document, results }], PLAIN)).not.toContain('Why: the decisions');
  });
});
