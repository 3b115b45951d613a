/**
 * Holds what is written for PowerShell against its grammar, as tree-sitter has it: the completion
 * that the built program prints, and the lines of docs/. The parser is fetched by npm, in the
 * versions that stand here, and runs as WebAssembly. It needs a build.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '..');
const PARSER = 'web-tree-sitter@0.27.1';
const GRAMMAR = 'tree-sitter-powershell@0.26.4';

mkdirSync(join(ROOT, 'build'), { recursive: true });
const folder = mkdtempSync(join(ROOT, 'build', 'powershell-'));
try {
  const isWrong = await startParser();
  let faults = 0;
  for (const { name, text } of texts()) {
    const fault = isWrong(text);
    console.log(`${name}: ${fault ? 'no PowerShell' : 'PowerShell'}`);
    faults += Number(fault);
    // A quote that nobody closes must be seen, or nothing was looked at.
    if (!isWrong(`${text}\n'`)) throw new Error('the parser takes anything');
  }
  if (faults > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What tells whether a text is no PowerShell. */
async function startParser() {
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const install = ['install', '--ignore-scripts', '--legacy-peer-deps', ...quiet, PARSER, GRAMMAR];
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit' });
  const { resolve: find } = createRequire(join(folder, 'package.json'));
  const { Language, Parser } = await import(pathToFileURL(find('web-tree-sitter')).href);
  await Parser.init();
  const parser = new Parser();
  const grammar = find('tree-sitter-powershell/tree-sitter-powershell.wasm');
  parser.setLanguage(await Language.load(grammar));
  return (text) => parser.parse(text).rootNode.hasError;
}

function texts() {
  const cli = join(ROOT, 'dist', 'cli.js');
  const completion = execFileSync(process.execPath, [cli, 'completion', 'powershell'], {
    encoding: 'utf8',
  });
  const blocks = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const page = readFileSync(join(ROOT, 'docs', name), 'utf8');
      const found = [...page.matchAll(/```powershell\n([^]*?)```/g)];
      return found.map(([, text]) => ({ name: `docs/${name}`, text }));
    });
  if (blocks.length === 0) throw new Error('docs/ has no lines for PowerShell');
  return [{ name: 'completion', text: completion }, ...blocks];
}
