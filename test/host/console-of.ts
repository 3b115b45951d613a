import { Console } from '../../src/cli/console.js';

export interface Screen {
  width: number;
  isInteractive: boolean;
}

/** A console that keeps what it is told in `lines`. */
export function consoleOf({ width, isInteractive }: Screen, lines: string[]): Console {
  return new Console({
    out: () => true,
    err: (text) => lines.push(text) > 0,
    lost: null,
    colours: false,
    width,
    isInteractive,
    listening: (work) => work(new AbortController().signal),
  });
}
