/** What `renderPlay` takes as its assets, but for the hash; and the script of a timeline's page. */
export function bundlePlay(): Promise<{
  script: string;
  worker: string;
  editor: string;
  timeline: string;
  style: string;
}>;
export function buildPlay(folder: string): Promise<void>;
