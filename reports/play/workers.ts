import type { Problem } from '../../src/errors.js';
import type { PlayContent } from '../../src/play/play-content.js';
import type { MachineNews } from './machine.js';
import { type MessagePart, PartKeeper } from './message-parts.js';
import type { FromDirector, Pace, Setup, ToDirector, ToMachine } from './messages.js';

type Question = ToDirector & { id: number };
type Reply = FromDirector & { id: number };
export type Answered<Kind extends Reply['kind']> = (Reply & { kind: Kind }) | Problems;
type Problems = { kind: 'problems'; problems: readonly Problem[] };
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** What workers say without being asked. */
export type News = FromDirector | MachineNews;

/** So many policies run side by side. */
const MACHINES = 2;
export const PROCESSORS = navigator.hardwareConcurrency;

/** The workers, out of the page's own text, and the lines to them. */
export class Workers {
  private readonly director: Worker;
  private readonly machines: Worker[];
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private questions = 0;

  constructor(script: string, { kernels, version }: PlayContent, onNews: (message: News) => void) {
    const hasSpareProcessor = PROCESSORS > MACHINES;
    const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const start = (role: Setup['role'], ports: MessagePort[]): Worker => {
      const worker = new Worker(address, { name: role });
      const setup: Setup = { role, kernels, version, ports, hasSpareProcessor };
      worker.postMessage(setup, ports);
      const parts = new PartKeeper();
      worker.onmessage = ({ data: message }: MessageEvent<News | MessagePart>) => {
        const data = parts.take<News>(message);
        if (data === null) return;
        const reply = 'id' in data ? this.waiting.get(data.id) : undefined;
        if ('id' in data) this.waiting.delete(data.id);
        if (reply === undefined) onNews(data);
        else reply(data as Reply);
      };
      worker.onerror = ({ message }) => onNews({ kind: 'failure', message });
      return worker;
    };
    const lines = Array.from({ length: MACHINES }, () => new MessageChannel());
    const beside = new MessageChannel();
    const ends = [beside.port1, beside.port2];
    this.machines = lines.map(({ port1 }, i) => start('machine', [port1, ends[i]]));
    this.director = start(
      'director',
      lines.map(({ port2 }) => port2),
    );
  }

  ask<Kind extends Reply['kind']>(question: WithoutId<Question>): Promise<Answered<Kind>> {
    const id = ++this.questions;
    return new Promise((resolve) => {
      this.waiting.set(id, (reply) => resolve(reply as Answered<Kind>));
      this.director.postMessage({ ...question, id });
    });
  }

  order(message: ToDirector): void {
    this.director.postMessage(message);
  }

  setPace(pace: Pace): void {
    this.tellMachines({ kind: 'pace', pace });
  }

  tellMachine(policyIndex: number, message: ToMachine): void {
    this.machines[policyIndex].postMessage(message);
  }

  tellMachines(message: ToMachine): void {
    for (const machine of this.machines) machine.postMessage(message);
  }
}
