import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** Nothing is kept on disk. */
const FORGETFUL = ['--save', ''];
/** Every change is on disk before it is answered. */
export const PERSISTENT = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];

/** A server of Redis or Valkey of our own, which may be killed. */
export class RedisServer {
  private child: ChildProcess | null = null;
  readonly folder = mkdtempSync(join(tmpdir(), 'dpcbench-redis-'));

  private constructor(
    readonly port: number,
    private readonly args: readonly string[],
  ) {}

  /** Listens to TCP without TLS, unless `args` say otherwise. */
  static async start(args: readonly string[] = FORGETFUL): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    await server.resume();
    return server;
  }

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async resume(): Promise<void> {
    const program = ['redis-server', 'valkey-server'].find(
      (name) => spawnSync(name, ['--version']).status === 0,
    );
    if (program === undefined) throw new Error('neither redis-server nor valkey-server is here');
    const port = this.args.includes('--tls-port') ? [] : ['--port', String(this.port)];
    const args = [...port, '--bind', '127.0.0.1', ...this.args];
    this.child = spawn(
      program,
      args.map((word) => word.replace('PORT', String(this.port))),
      {
        cwd: this.folder,
      },
    );
    let text = '';
    for await (const piece of this.child.stdout!) {
      text += String(piece);
      if (/ready to accept connections/i.test(text)) return;
    }
    throw new Error(`the server does not start:\n${text}`);
  }

  /** It answers nothing, and its connections stay. */
  pause(): void {
    this.child!.kill('SIGSTOP');
  }

  unpause(): void {
    this.child!.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const ended = once(this.child!, 'exit');
    this.child!.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }
}
