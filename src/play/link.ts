import { InputError, inputError } from '../errors.js';
import { quote } from '../units.js';
import { type PlayState, readPlayState } from './play-state.js';

/** Which program a link is from: another one would show other figures. */
export interface LinkOrigin {
  version: string;
  /** SHA-256 of the release kernel, hexadecimal. */
  kernelHash: string;
}

const FORMAT = '1';
/** Digits of the kernel's hash in a link: enough to tell builds apart. */
const HASH_DIGITS = 12;
/** What browsers and mail programs carry; longer ones are cut on the way. */
const MOST_LINK = 300_000;
/** What may come out of a link, in bytes. */
const MOST_TEXT = 2_000_000;

/**
 * The state as a fragment, without its `#`: format, version and kernel as they are, the rest as
 * JSON, deflated, in base64url.
 */
export async function encodeLink(state: PlayState, origin: LinkOrigin): Promise<string> {
  const packed = await through(
    new TextEncoder().encode(JSON.stringify(state)),
    new CompressionStream('deflate-raw'),
    Infinity,
  );
  const { version, kernelHash } = origin;
  return `${FORMAT}.${version}.${kernelHash.slice(0, HASH_DIGITS)}.${toBase64Url(packed)}`;
}

/**
 * The state out of a fragment that `encodeLink` made.
 *
 * @throws InputError that says why the link cannot be used.
 */
export async function decodeLink(fragment: string, origin: LinkOrigin): Promise<PlayState> {
  if (fragment.length > MOST_LINK) {
    throw refuse(`it has ${fragment.length} characters, ${MOST_LINK} are allowed`);
  }
  const parts = /^([0-9]{1,4})\.([0-9a-z.+-]{1,40})\.([0-9a-f]{12})\.([\w-]+)$/i.exec(fragment);
  if (parts === null) throw refuse('it is damaged, or was never one of this page');
  const [, format, version, hash, data] = parts;
  if (format !== FORMAT) {
    throw refuse(`its format is ${format}, this page reads ${FORMAT}`);
  }
  if (version !== origin.version || hash !== origin.kernelHash.slice(0, HASH_DIGITS)) {
    throw refuse(
      `it was made by dpcbench ${version} with kernel ${hash}, this page is ` +
        `${origin.version} with kernel ${origin.kernelHash.slice(0, HASH_DIGITS)}: ` +
        'the figures might differ',
    );
  }
  return readPlayState(parse(await inflate(data)));
}

async function inflate(data: string): Promise<string> {
  try {
    const bytes = Uint8Array.from(
      atob(data.replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.charCodeAt(0),
    );
    const text = await through(bytes, new DecompressionStream('deflate-raw'), MOST_TEXT);
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw refuse('its data are damaged');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(`its data are no JSON: ${quote(text, 40)}`);
  }
}

/** What comes out of the stream, refused as soon as it is more than `most` bytes. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length <= most) continue;
    await reader.cancel();
    throw refuse(`more than ${most} bytes come out of its data`);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function refuse(why: string): Error {
  return inputError(`the link cannot be used: ${why}`);
}
