/**
 * The worker of the live page, out of the page's own text: the first message says whether it
 * directs, or is the machine of one policy.
 */
import { compileKernel, type CompiledKernel } from '../../src/kernel/compiled-kernel.js';
import type { PlayKernel } from '../../src/play/play-content.js';
import { Director } from './director.js';
import { Machine, type MachineNews } from './machine.js';
import { inParts } from './message-parts.js';
import type { FromDirector, Setup, ToDirector, ToMachine } from './messages.js';

onmessage = ({ data }: MessageEvent<Setup>) => {
  const kernel = compiled(data.kernels.release);
  const debugKernel = (): CompiledKernel => compiled(data.kernels.debug);
  const tell = (message: FromDirector | MachineNews): void => {
    for (const part of inParts(message)) postMessage(part);
  };
  if (data.role === 'machine') {
    const { hasSpareProcessor, ports } = data;
    const [orders, beside] = ports;
    const machine = new Machine({ kernel, debugKernel, orders, beside, tell, hasSpareProcessor });
    onmessage = ({ data: message }: MessageEvent<ToMachine>) => {
      if (message.kind === 'pace') return machine.setPace(message.pace);
      if (message.kind === 'why') return void machine.why(message.run);
      if (message.kind === 'around') return machine.around(message.run, message.processor);
      machine.slow(message.run, message);
    };
    return;
  }
  const director = new Director({
    kernel,
    debugKernel,
    version: data.version,
    machines: data.ports,
    tell,
  });
  onmessage = (event: MessageEvent<ToDirector>) => director.hear(event.data);
};

function compiled({ base64, hash }: PlayKernel): CompiledKernel {
  const binary = atob(base64);
  return compileKernel(
    Uint8Array.from(binary, (character) => character.charCodeAt(0)),
    hash,
  );
}
