import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../bundle.ts';
import { runToEnd, start } from '../child.ts';
import { findProgram } from '../tools.ts';
import { faultsOfBrowsers } from './faults.ts';
import { untilDone } from './process.ts';
import { environmentOf, type Runtime } from './runtime.ts';

const page = join(import.meta.dirname, '../script/entries/page.html');
const clients = { got: 'got needs Node', undici: 'undici needs Node' };

/** A browser without a window, with a new profile, that opens one page. The page reports by itself. */
function browser(
  name: string,
  programs: readonly [string, ...string[]],
  parametersFor: (profile: string) => readonly string[],
  leftOut: Runtime['leftOut'],
): Runtime {
  const all = { ...clients, ...faultsOfBrowsers, ...leftOut };
  return {
    name,
    leftOut: all,
    async run(stage) {
      const program = await findProgram(...programs);
      const version = /\d+(?:\.\d+)+/.exec(await runToEnd(program, ['--version'], 60_000))?.[0] ?? '';
      const script = await bundle({ entry: 'page', hasModules: false });
      await stage.serve({
        '/page': { file: page, type: 'text/html' },
        '/page.mjs': { file: script, type: 'text/javascript' },
      });
      const environment = encodeURIComponent(JSON.stringify(environmentOf({ name, leftOut: all }, stage)));
      const profile = await mkdtemp(join(tmpdir(), 'conformance-'));
      const child = start(program, [...parametersFor(profile), `${stage.control}/page#${environment}`]);
      try {
        await Promise.race([untilDone(name, stage), child.ended]);
        if ((await stage.report(name)).done) return { version };
        throw new Error(`the page did not come to its end: ${child.output().trim().slice(-300)}`);
      } finally {
        await child.stop();
        await rm(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

export const chromium: Runtime = browser(
  'chromium',
  ['chromium', 'chromium-browser', 'google-chrome'],
  (profile) => [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-dev-shm-usage',
    '--no-first-run',
    `--user-data-dir=${profile}`,
  ],
  { 'no replay of stream': 'Chromium streams bodies over HTTP/2 alone' },
);

export const firefox: Runtime = browser(
  'firefox',
  ['firefox-esr', 'firefox'],
  (profile) => ['--headless', '--no-remote', '--profile', profile],
  { 'no replay of stream': 'Firefox cannot send streams' },
);
