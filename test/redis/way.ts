import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { RedisServer } from '../../bench/redis-server.js';

/** A way to a server that may be lost, with or without a word. */
export class Way {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly listener: Server,
    readonly address: string,
  ) {}

  static async to({ port }: RedisServer): Promise<Way> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const way = new Way(listener, `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    listener.on('connection', (near) => way.join(near, connect(port, '127.0.0.1')));
    return way;
  }

  /** Nothing comes through connections that are made by now, and nobody is told. */
  isMute = false;

  private join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      this.sockets.add(from);
      if (this.isMute) from.resume();
      else from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }

  /** Every connection breaks. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Nothing more comes through the connections that there are, and nobody is told. */
  silence(): void {
    for (const socket of this.sockets) {
      socket.unpipe();
      socket.resume();
    }
  }

  close(): void {
    this.cut();
    this.listener.close();
  }
}
