import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { start, type Started } from '../host/run-process.js';
import { RedisServer } from '../../bench/redis-server.js';

const RUN = ['run', 'how-a-dpc-helps', '--shards', '2'];
const USER = 'someone-of-ours';
const PASSWORD = 'a-word-that-nobody-prints';
let folder: string;
let server: RedisServer;
let worker: Started;
const at = (name: string): string => join(folder, name);

function openssl(line: string): void {
  execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'ignore' });
}

/** An authority of our own, and a certificate by it for 127.0.0.1 alone. */
function makeCertificates(): void {
  const key = 'ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  openssl(`req -x509 -newkey ${key} -keyout ca.key -out ca.crt -subj /CN=ours`);
  openssl(`req -newkey ${key} -keyout server.key -out server.csr -subj /CN=queue`);
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1');
  const signed = '-CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names';
  openssl(`x509 -req -in server.csr -out server.crt ${signed}`);
}

/** How a program that may in is started, but for what is given. */
function begin(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  return start(args, {
    env: {
      NODE_EXTRA_CA_CERTS: at('ca.crt'),
      DPCBENCH_REDIS_USERNAME: USER,
      DPCBENCH_REDIS_PASSWORD: PASSWORD,
      ...env,
    },
  });
}

const engine = (host = '127.0.0.1'): string[] => ['--engine', `rediss://${host}:${server.port}`];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-secure-'));
  makeCertificates();
  const tls = ['--tls-port', 'PORT', '--port', '0', '--tls-auth-clients', 'no'];
  const files = ['--tls-cert-file', at('server.crt'), '--tls-key-file', at('server.key')];
  writeFileSync(
    at('users'),
    `user default off\nuser ${USER} on >${PASSWORD} ~dpcbench:* &* +@all -@admin +client|list\n`,
  );
  server = await RedisServer.start([...tls, ...files, '--save', '', '--aclfile', at('users')]);
  worker = begin(['worker', engine()[1], '-w', '1']);
});
afterAll(async () => {
  worker.child.kill('SIGKILL');
  await worker.ended;
  await server.end();
  rmSync(folder, { recursive: true });
});

it('a queue behind TLS and a password is used, and the password printed nowhere', async () => {
  const files = ['--json', at('queue.json'), '--journal', at('journal'), '--report', at('it.html')];
  const run = begin([...RUN, ...engine(), ...files]);
  const seen = readFileSync(`/proc/${worker.child.pid}/cmdline`, 'utf8');
  expect(await run.ended).toBe(0);
  // As the report, which keeps figures over time.
  await begin([...RUN, '--quiet', '--over-time', '--json', at('whole.json')]).ended;
  const [queue, whole] = ['queue.json', 'whole.json'].map((name) => {
    const document = JSON.parse(readFileSync(at(name), 'utf8')) as { meta: { host?: object } };
    delete document.meta.host;
    return document;
  });
  expect(queue).toEqual(whole);
  const written = ['queue.json', 'journal', 'it.html'].map((name) =>
    readFileSync(at(name), 'latin1'),
  );
  const said = [run, worker].flatMap(({ texts }) => [texts.out, texts.err]);
  expect(worker.texts.err).toContain('shards done');
  for (const text of [...written, ...said, seen]) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(USER);
  }
});

it.concurrent.each<[string, NodeJS.ProcessEnv, string, RegExp]>([
  [
    'another password',
    { DPCBENCH_REDIS_PASSWORD: 'no-word' },
    '127.0.0.1',
    /WRONGPASS .*PASSWORD hold/,
  ],
  [
    'no password',
    { DPCBENCH_REDIS_USERNAME: undefined, DPCBENCH_REDIS_PASSWORD: undefined },
    '127.0.0.1',
    /NOAUTH .*belongs into/,
  ],
  [
    'no authority',
    { NODE_EXTRA_CA_CERTS: undefined },
    '127.0.0.1',
    /certificate.*NODE_EXTRA_CA_CERTS/,
  ],
  ['another name', {}, 'localhost', /does not match certificate's altnames/],
])('with %s it is refused, and nothing of them said', async (_, env, host, said) => {
  const run = begin([...RUN, '--quiet', ...engine(host)], env);
  expect(await run.ended).toBe(3);
  expect(run.texts.err).toMatch(said);
  expect(run.texts.err).toMatch(/^rediss:\/\/[\w.]+:\d+: the queue cannot be used: .*\n$/);
  for (const word of [PASSWORD, USER, 'no-word']) expect(run.texts.err).not.toContain(word);
});
