import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** The built program, as it ships: `npm run build` makes it. */
const CLI = resolve('dist/cli.js');

export interface Started {
  child: ChildProcessWithoutNullStreams;
  texts: { out: string; err: string };
  /** The exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>;
}

/** Starts a command line as a process of its own. */
export function start(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Started {
  return watch(
    spawn(process.execPath, [CLI, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
    }),
  );
}

/** Runs a line of shell, in which `$D` is the program. */
export function startShell(
  line: string,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Started {
  const D = `'${process.execPath}' '${CLI}'`;
  return watch(
    spawn('bash', ['-c', line.replaceAll('$D', D)], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
    }),
  );
}

function watch(child: ChildProcessWithoutNullStreams): Started {
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, texts, ended };
}
