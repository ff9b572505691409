import { accessSync, constants, globSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { serve } from './server.ts';
import { missing, timeout, Visitor, widths } from './visitor.ts';

/** The file of the Chromium of this machine, or `undefined`. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const files = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface Kind {
  /** One page of the kind. */
  readonly path: string;
  /** What is done before it is looked at. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const kinds: Readonly<Record<string, Kind>> = {
  start: { path: '' },
  drawing: { path: 'life-of-a-token.html' },
  recipes: { path: 'clients/other-clients.html' },
  tables: { path: 'vendors/index.html' },
  errors: { path: 'errors.html' },
  'api-package': { path: 'api/@tokenline/core/index.html' },
  'api-function': { path: 'api/@tokenline/core/functions/createTokenSource.html' },
  'api-interface': { path: 'api/@tokenline/core/interfaces/TokenSourceOptions.html' },
  'not-found': { path: missing },
  search: {
    path: '',
    prepare: async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator('#localsearch-input').fill('redirect');
      await page.locator('.results .result').first().waitFor();
    },
  },
  menu: {
    path: 'errors.html',
    prepare: async (page) => {
      const menu = page.getByRole('button', { name: 'Menu' });
      if (await menu.isVisible()) await menu.click();
    },
  },
};

const isApi = (path: string): boolean => path.startsWith('api/');

/**
 * Opens every page on a narrow screen, the documentation with its scripts, and takes a picture of each kind of page, wide and
 * narrow, light and dark. Gives what is wrong.
 */
export async function faultsInBrowser(
  executablePath: string,
  site: string,
  base: string,
  pictures: string,
): Promise<string[]> {
  const server = await serve(site, base);
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox'], timeout });
  try {
    await rm(pictures, { recursive: true, force: true });
    await mkdir(pictures, { recursive: true });
    const paths = globSync('**/*.html', { cwd: site }).toSorted();
    return [
      ...(await faultsOfPages(
        paths.filter(isApi),
        await Visitor.enter(browser, server.url, { javaScriptEnabled: false }),
      )),
      ...(await faultsOfPages(
        paths.filter((path) => !isApi(path)),
        await Visitor.enter(browser, server.url, {}),
      )),
      ...(await takePictures(browser, server.url, pictures)),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

async function faultsOfPages(paths: readonly string[], visitor: Visitor): Promise<string[]> {
  for (const path of paths) {
    await visitor.open(path);
    await visitor.measure();
  }
  return visitor.leave();
}

async function takePictures(browser: Browser, url: string, folder: string): Promise<string[]> {
  const faults: string[] = [];
  for (const width of ['wide', 'narrow'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const visitor = await Visitor.enter(browser, url, { viewport: widths[width], colorScheme });
      for (const [kind, { path, prepare }] of Object.entries(kinds)) {
        await visitor.open(path);
        await prepare?.(visitor.page);
        await visitor.measure();
        await visitor.page.screenshot({ path: join(folder, `${kind}-${width}-${colorScheme}.png`) });
      }
      faults.push(...(await visitor.leave()));
    }
  }
  return faults;
}
