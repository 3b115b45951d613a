import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';

/** The program that opens a file as the desktop does, without a shell in between. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
};
const OTHERS = ['xdg-open'];

/** Opens a file in the program that it belongs to, and says so. Fails at nothing where none is. */
export async function openPage(path: string, console: Console): Promise<void> {
  const [program, ...args] = OPENERS[process.platform] ?? OTHERS;
  const hasStarted = await new Promise<boolean>((settle) => {
    const child = spawn(program, [...args, resolve(path)], { detached: true, stdio: 'ignore' });
    child.once('error', () => settle(false));
    child.once('spawn', () => {
      child.unref();
      settle(true);
    });
  });
  const shown = visibleLine(path);
  console.err(
    hasStarted
      ? `Opening ${shown} with ${program}.\n`
      : `There is no ${program} here to open it: open ${shown} in a browser.\n`,
  );
}
