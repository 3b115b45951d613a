import { run } from '../../src/cli.js';

/** What a command line ended with and printed. */
export interface Answer {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process, without colours and on no terminal. */
export async function runCli(
  args: readonly string[],
  interrupted = new AbortController().signal,
): Promise<Answer> {
  const answer = { code: -1, out: '', err: '' };
  answer.code = await run([...args], {
    out: (text) => ((answer.out += text), true),
    err: (text) => ((answer.err += text), true),
    colours: false,
    width: 80,
    isInteractive: false,
    lost: null,
    listening: (work) => work(interrupted),
  });
  return answer;
}
