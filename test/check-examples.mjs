/**
 * Repeats the examples of docs/ that take minutes and compares what they print with the page, to
 * the byte. They stand between `<!-- at length: COMMAND -->` and `<!-- end -->`; a first or last
 * line of `...` stands for all that is before or follows. Those that take seconds are a test
 * (test/golden).
 *
 *     npm run build && npm run check:examples [-- WORD]     only commands with that word
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const BLOCK = /<!-- at length: ([^\n]*) -->\n```\n([\s\S]*?)```\n<!-- end -->/g;
const MOST_BYTES = 64 * 2 ** 20;
const [wanted = ''] = process.argv.slice(2);

function printed(command) {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-examples-'));
  try {
    const words = [join(root, 'dist', 'cli.js'), ...command.split(' '), '-q'];
    const run = spawnSync(process.execPath, words, { cwd: folder, maxBuffer: MOST_BYTES });
    const problem = run.error?.message ?? run.stderr.toString();
    return run.status === 0 ? run.stdout.toString() : `exit code ${run.status}: ${problem}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first line of the page that differs and the one that is printed; null if none does. */
function firstDifference(page, now) {
  const isCut = page.at(-2) === '...';
  const shown = isCut ? page.slice(0, -2) : page;
  let from = 0;
  if (shown[0] === '...') {
    shown.shift();
    from = Math.max(0, now.indexOf(shown[0]));
  }
  const rest = now.slice(from, isCut ? from + shown.length : undefined);
  const at = [...Array(Math.max(shown.length, rest.length)).keys()].find(
    (i) => shown[i] !== rest[i],
  );
  return at === undefined ? null : { page: shown[at] ?? '', now: rest[at] ?? '' };
}

let examples = 0;
for (const name of readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))) {
  const text = readFileSync(join(root, 'docs', name), 'utf8');
  for (const [, command, page] of text.matchAll(BLOCK)) {
    if (!command.includes(wanted)) continue;
    examples += 1;
    const started = performance.now();
    const found = firstDifference(page.split('\n'), printed(command).split('\n'));
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${found ? 'DIFFERS' : 'same'}  docs/${name}: ${command} (${seconds} s)`);
    if (found === null) continue;
    console.log(`  page: ${found.page}\n  now:  ${found.now}`);
    process.exitCode = 1;
  }
}
if (examples === 0) {
  console.error('no example in docs/ is meant');
  process.exitCode = 2;
}
