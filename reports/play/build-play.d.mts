/** What `renderPlay` takes as its assets, but for the hash. */
export function bundlePlay(): Promise<{
  script: string;
  worker: string;
  editor: string;
  style: string;
}>;
export function buildPlay(folder: string): Promise<void>;
