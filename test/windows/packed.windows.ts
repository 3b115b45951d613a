import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { start } from '../host/run-process.js';
import { type Ended, WindowsMachine } from './windows-machine.js';

let windows: WindowsMachine;
/** The folder of the same commands on this host. */
let here: string;

beforeAll(async () => {
  windows = await WindowsMachine.boot();
  here = mkdtempSync(join(tmpdir(), 'dpcbench-host-'));
});
afterAll(async () => {
  await windows?.end();
  if (here !== undefined) rmSync(here, { recursive: true });
});
beforeEach(() => {
  for (const folder of [here, windows.work]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
});

/** A file for the host and for Windows. */
function give(name: string, content: string | Uint8Array): void {
  for (const folder of [here, windows.work]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function giveExample(name: string): void {
  for (const folder of [here, windows.work]) cpSync(join('examples', name), join(folder, name));
}

/** A command line on host and Windows, which must end and say the same. */
async function both(...args: readonly string[]): Promise<Ended> {
  const [expected, seen] = await Promise.all([
    hostRun(args.map((arg) => arg.replaceAll('\\', '/'))),
    windows.dpcbench(...args),
  ]);
  const plain = ({ code, out, err }: Ended): Ended => ({
    code,
    out: out.replaceAll('\\', '/'),
    err: err.replaceAll('\\', '/'),
  });
  expect(plain(seen)).toEqual(plain(expected));
  return seen;
}

async function hostRun(args: readonly string[]): Promise<Ended> {
  const { ended, texts } = start(args, { cwd: here });
  return { code: await ended, ...texts };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

/** Every file of both folders is the same; of a result, all but what it says of its host. */
function expectSameFiles(): string[] {
  const names = filesUnder(here);
  expect(filesUnder(windows.work)).toEqual(names);
  for (const name of names) {
    const [a, b] = [here, windows.work].map((folder) => readFileSync(join(folder, name)));
    if (name.endsWith('.json')) expect(withoutHost(b), name).toBe(withoutHost(a));
    else expect(b.equals(a), name).toBe(true);
  }
  return names;
}

function withoutHost(bytes: Buffer): string {
  const document = JSON.parse(bytes.toString()) as { meta?: { host?: object } };
  delete document.meta?.host;
  return JSON.stringify(document);
}

const SMALL = ['-n', '40k', '--shards', '4', '-s', '7'];

it('is Windows', async () => {
  const { out } = await windows.dpcbench('run', 'w1', '-n', '1k', '-q', '--json', '-');
  const { platform } = (JSON.parse(out) as { meta: { host: { platform: string } } }).meta.host;
  expect(platform).toBe('win32-x64');
});

it('a run and all its exports have the bytes that they have here', async () => {
  const endings = ['csv', 'parquet', 'md', 'prom', 'hgrm', 'hlog'];
  const exports = endings.flatMap((ending) => ['--export', `out\\w8.${ending}`]);
  give('out/kept', '');
  const { code } = await both('run', 'w8', ...SMALL, '--json', 'w8.json', ...exports);
  expect(code).toBe(0);
  const names = expectSameFiles();
  expect(names.map((name) => name.split('.').at(-1))).toEqual(expect.arrayContaining(endings));
});

it('a report of one result has the same bytes, and is written over the one before', async () => {
  const { code, err, out } = await windows.dpcbench('run', 'w8', ...SMALL, '-q', '--json', '-');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  give('w8.json', out);
  give('w8.html', 'the one before');
  expect((await both('report', '.\\w8.json', '-o', 'w8.html')).code).toBe(0);
  expect(expectSameFiles()).toEqual(['w8.html', 'w8.json']);
});

const SCENARIO = `machine: { processors: 2 }
sources:
  - name: Gerät
    irql: 5
    isr: 2us
    arrivals: { poisson: 20k/s }
    dpc: { importance: medium, target: 1, service: { exponential: 10us } }
until: { interrupts: 20000 }
`;

it('reads what Windows writes: CRLF, UTF-16, backslashes, drive letters and blanks', async () => {
  const crlf = SCENARIO.replaceAll('\n', '\r\n');
  give('Meine Treiber/gerät.yaml', crlf);
  give('utf16.yaml', Buffer.from(`\ufeff${crlf}`, 'utf16le'));
  const plain = await both('run', 'Meine Treiber\\gerät.yaml', '-q');
  expect(plain.code).toBe(0);
  // Without what names the file: its first line, and the command that goes on from it.
  const body = (text: string): string =>
    text.replace(/^.*\n/, '').replace(/Why one DPC waited[^]*$/, '');
  for (const path of [
    '.\\utf16.yaml',
    'C:\\work\\Meine Treiber\\gerät.yaml',
    windows.drive(join(windows.work, 'utf16.yaml')),
  ]) {
    const { code, out, err } = await windows.dpcbench('run', path, '-q');
    expect({ code, err, body: body(out) }).toEqual({ code: 0, err: '', body: body(plain.out) });
  }
});

it('gates, baselines and JUnit end as they do here', async () => {
  const run = ['run', 'w8', ...SMALL];
  expect((await both(...run, '--save-baseline', 'main')).code).toBe(0);
  const gate = ['--baseline', 'main', '--fail-on-regression', '0%', '--junit', 'gates.xml'];
  expect((await both(...run, ...gate)).code).toBe(0);
  const failing = ['--fail-if', 'vista.dpcWait.p99 > 1ns'];
  expect((await both(...run, ...gate, ...failing)).code).toBe(4);
  expect(expectSameFiles()).toEqual(['.dpcbench/baselines/main.json', 'gates.xml']);
});

it('makes a scenario of what xperf reported', async () => {
  const report = 'idle-desktop-16cpu.dpcisr.txt';
  giveExample(`windows/${report}`);
  const args = ['import', `windows\\${report}`, '--idle', '99%', '-o', 'mine.yaml', '-q'];
  expect((await both(...args)).code).toBe(0);
  expect(expectSameFiles()).toContain('mine.yaml');
});

it('imports and replays what xperf dumped, in CRLF and UTF-16', async () => {
  const traced = ['trace', 'w8', '-p', 'vista', '-n', '4k', '--format', 'dumper'];
  const { code, err, out } = await windows.dpcbench(...traced);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  give('dumper.csv', Buffer.from(`\ufeff${out.replaceAll('\n', '\r\n')}`, 'utf16le'));
  expect((await both('import', 'dumper.csv', '-o', 'dumper.dpcrec', '-q')).code).toBe(0);
  expect((await both('replay', '.\\dumper.dpcrec', '--json', 'replay.json')).code).toBe(0);
  expect(expectSameFiles()).toHaveLength(3);
});

it('replays and fits a recording', async () => {
  giveExample('recordings/http-loopback-2cpu.dpcrec');
  const recording = 'recordings\\http-loopback-2cpu.dpcrec';
  expect((await both('replay', recording, '--json', 'replay.json')).code).toBe(0);
  expect((await both('fit', recording, '--json', 'fit.json', '-q')).code).toBe(4);
  expect(expectSameFiles()).toHaveLength(3);
});

it('a sweep keeps its points, and goes on from them', async () => {
  const sweep = ['sweep', 'w1', '--param', 'machine.tick=1ms,4ms', '-n', '20k', '-o', 'sw'];
  expect((await both(...sweep)).code).toBe(0);
  expect((await both(...sweep)).code).toBe(0);
  expect(expectSameFiles()).toContain('sw/points.csv');
});

it('a search for rules writes its policies, and goes on from its journal', async () => {
  const search = ['low-importance-light', '-n', '50k', '--budget', '5', '--rules-only'];
  const tune = ['tune', ...search, '--elsewhere', 'none', '-o', 'tuned', '-q'];
  expect((await both(...tune)).code).toBe(0);
  expect((await both(...tune)).code).toBe(0);
  expect(expectSameFiles()).toContain('tuned/front.yaml');
});

it('the parts of a run are merged, as one run has them', async () => {
  const run = ['run', 'w8', ...SMALL];
  for (const part of ['1', '2']) {
    const args = ['--shard', `${part}/2`, '--journal', `${part}.journal`, '-q'];
    expect((await both(...run, ...args)).code).toBe(0);
  }
  expect((await both('merge', '1.journal', '2.journal', '--json', 'merged.json')).code).toBe(0);
  expect((await both(...run, '--json', 'whole.json')).code).toBe(0);
  expectSameFiles();
  const [merged, whole] = ['merged.json', 'whole.json'].map((name) =>
    withoutHost(readFileSync(join(windows.work, name))),
  );
  expect(merged).toBe(whole);
});

it('a run that was killed goes on from its journal', async () => {
  const run = ['run', 'w8', '-n', '4M', '--shards', '40', '-w', '1', '-q'];
  const args = [...run, '--journal', 'killed.journal', '--json', 'killed.json'];
  const { child, ended } = windows.begin(args);
  const journal = join(windows.work, 'killed.journal');
  const sizeOf = (): number => (existsSync(journal) ? statSync(journal).size : 0);
  while (sizeOf() < 100_000) await setTimeout(10);
  child.kill('SIGKILL');
  expect((await ended).code).toBe('SIGKILL');
  expect(existsSync(join(windows.work, 'killed.json'))).toBe(false);
  expect(await windows.dpcbench(...args)).toMatchObject({ code: 0, err: '' });
  await hostRun([...run, '--json', join(here, 'killed.json')]);
  const [a, b] = [here, windows.work].map((folder) =>
    withoutHost(readFileSync(join(folder, 'killed.json'))),
  );
  expect(b).toBe(a);
});

it('pages, texts and refusals are those of here', async () => {
  expect((await both('new', 'mine.yaml')).code).toBe(0);
  expect((await both('check', '.\\mine.yaml')).code).toBe(0);
  expect((await both('play', 'w8', '-o', 'live.html')).code).toBe(0);
  expect((await both('worst', 'w8', ...SMALL)).code).toBe(0);
  expect((await both('explain', 'w8', '-n', '20k')).code).toBe(0);
  const span = ['--policy', 'vista', '--from', '1ms', '--to', '2ms'];
  expect((await both('timeline', 'w8', ...span, '-o', 'span.html')).code).toBe(0);
  expect((await both('run', 'w8', '--json', 'no\\such\\folder.json')).code).toBe(3);
  expectSameFiles();
});

it('a file that is marked read-only is refused with its name', async () => {
  give('kept.json', '{}');
  // What Windows calls read-only is, to Wine, a file that nobody may write.
  chmodSync(join(windows.work, 'kept.json'), 0o444);
  const { code, err } = await windows.dpcbench('run', 'w1', '-n', '1k', '--json', 'kept.json');
  expect({ code, err }).toEqual({ code: 3, err: expect.stringMatching(/^kept\.json: /) });
  expect(readFileSync(join(windows.work, 'kept.json'), 'utf8')).toBe('{}');
});

/** Holds a file open until somebody writes beside it, and so much longer. */
const HOLDER = `
  const { openSync, readdirSync, writeFileSync } = require('node:fs');
  openSync('kept.json', 'r+');
  writeFileSync('held', '');
  const isWriting = () => readdirSync('.').some((name) => name.endsWith('.tmp'));
  const timer = setInterval(() => {
    if (!isWriting()) return;
    clearInterval(timer);
    setTimeout(() => process.exit(), Number(process.argv[1]));
  }, 10);
`;

it('a file that another program has open is waited for, and not for ever', async () => {
  const run = ['run', 'w1', '-n', '1k', '-q', '--json', 'kept.json'];
  for (const heldMs of [300, 30_000]) {
    for (const name of ['kept.json', 'held']) rmSync(join(windows.work, name), { force: true });
    writeFileSync(join(windows.work, 'kept.json'), '{}');
    const holder = windows.node('-e', HOLDER, String(heldMs));
    while (!existsSync(join(windows.work, 'held'))) await setTimeout(10);
    const { code, err } = await windows.dpcbench(...run);
    const text = readFileSync(join(windows.work, 'kept.json'), 'utf8');
    if (heldMs < 2_000) {
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(text.length).toBeGreaterThan(2);
    } else {
      expect(code).toBe(3);
      expect(err).toContain('kept.json: cannot be written: it is read-only, or another program');
      expect(text).toBe('{}');
    }
    expect(readdirSync(windows.work).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    holder.child.kill();
    await holder.ended;
  }
});
