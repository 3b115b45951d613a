/**
 * What `npm test` does: the tests, with types and the look of the code checked beside them. What
 * follows `--` is for vitest. A failure of any of them is one of the whole.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
/** Until the tests are over: it would stand in their midst. */
const HELD_BACK = ['ignore', 'pipe', 'pipe'];
const running = new Set();
let interrupted = 0;
// Who presses Ctrl-C interrupts the children too; told twice, vitest would not clear up.
process.on('SIGINT', () => (interrupted = 130));
process.on('SIGTERM', () => {
  interrupted = 143;
  for (const child of running) child.kill('SIGTERM');
});

const [tests, types, look] = await Promise.all([
  run('vitest', ['run', ...process.argv.slice(2)], 'inherit'),
  checkTypes(),
  run('prettier', lookArguments(), HELD_BACK),
]);
process.stderr.write(types.text + look.text);
if (look.code !== 0 && interrupted === 0) console.error('`npm run format` puts that right.');
process.exitCode = interrupted || tests.code || types.code || look.code;

/** What `npm run typecheck` does. */
async function checkTypes() {
  const all = await run('typescript', ['--noEmit', '--pretty', 'false'], HELD_BACK, 'tsc');
  if (interrupted !== 0) return all;
  const pages = await run('typescript', ['-p', 'reports', '--pretty', 'false'], HELD_BACK, 'tsc');
  return { code: all.code || pages.code, text: all.text + pages.text };
}

/** What looked right is not looked at again until it, or a package, has changed. */
function lookArguments() {
  const lock = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  const known = join(ROOT, 'build', `prettier-${lock.digest('hex').slice(0, 16)}.json`);
  const cache = ['--cache', '--cache-strategy', 'content', '--cache-location', known];
  return ['--check', '--log-level', 'warn', ...cache, '.'];
}

/** A program of a package, by Node and without a shell: so it is the same on Windows. */
async function run(name, args, stdio, program = name) {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const script = join(dirname(manifest), typeof bin === 'string' ? bin : bin[program]);
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more) => (text += more));
  }
  const [code] = await once(child, 'close');
  running.delete(child);
  return { code: code ?? 1, text };
}
