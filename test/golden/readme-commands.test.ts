import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = dirname(createRequire(import.meta.url).resolve('dpcbench/package.json'));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The lines of a shell block that call the program, without their comments. */
function commandsUnder(heading: string): string[] {
  const block = readme.split(`\n## ${heading}\n`)[1].split('```sh\n')[1].split('```')[0];
  return block
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +# .*$/, ''));
}

/**
 * Each line is to work; what simulations of full length print is compared with README and docs/
 * (readme-answer.test.ts, explained.test.ts).
 */
function shortened(command: string): string {
  return /cli\.js (run|sweep|worst)\b/.test(command) ? `${command} --interrupts 20k` : command;
}

describe('the lines of the README', () => {
  // What a clone has after npm ci, so that nothing is written into this one.
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-readme-'));
  for (const name of ['dist', 'examples']) symlinkSync(join(root, name), join(folder, name));
  afterAll(() => rmSync(folder, { recursive: true }));
  const commands = commandsUnder('Go on');

  it('are there, and none asks npm for a package', () => {
    expect(commands.length).toBeGreaterThan(5);
    expect(readme).not.toContain('npx dpcbench');
  });

  // Those that docs/ prints with their output are run for it, and compared (explained.test.ts).
  const printed = ['explain.md', 'why.md'].map((name) =>
    readFileSync(join(root, 'docs', name), 'utf8'),
  );
  const isPrinted = (command: string): boolean =>
    printed.some((text) => text.includes(`<!-- ${command.replace('node dist/cli.js ', '')} -->`));

  it('are run here unless docs/ has what they print', () => {
    expect(commands.filter(isPrinted)).toEqual(['node dist/cli.js explain remote-completion']);
  });

  it.each(commands.filter((command) => !isPrinted(command)))('%s', async (command) => {
    const words = ['-o', 'pipefail', '-c', shortened(command)];
    const { stdout } = await run('bash', words, { cwd: folder });
    // A command that writes a page says where it is.
    const page = /^Live page: (.+)$/m.exec(stdout)?.slice(1) ?? [];
    if (page.length === 0 && !command.includes('>')) expect(stdout.length).toBeGreaterThan(100);
    for (const file of [...page, ...(command.match(/\bmine\.\w+/g) ?? [])]) {
      expect(existsSync(join(folder, file)), file).toBe(true);
    }
  });

  it('show a scenario that runs', async () => {
    const scenario = /```yaml\n([\s\S]*?)```/.exec(readme)![1];
    writeFileSync(join(folder, 'own.yaml'), scenario);
    await run(process.execPath, [join(root, 'dist', 'cli.js'), 'run', 'own.yaml'], { cwd: folder });
  });
});
