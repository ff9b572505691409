import { accessSync, constants, globSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { serve } from './server.ts';

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

const widths = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };
const missing = 'no-such-page.html';

/** One page of each kind, and what is done before it is looked at. */
const kinds: Readonly<Record<string, { readonly path: string; prepare?(page: Page): Promise<void> }>> = {
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
    async prepare(page) {
      await page.keyboard.press('Control+k');
      await page.locator('#localsearch-input').fill('redirect');
      await page.locator('.results .result').first().waitFor();
    },
  },
  menu: {
    path: 'errors.html',
    async prepare(page) {
      const menu = page.getByRole('button', { name: 'Menu' });
      if (await menu.isVisible()) await menu.click();
    },
  },
};

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
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox'] });
  try {
    await rm(pictures, { recursive: true, force: true });
    await mkdir(pictures, { recursive: true });
    const paths = globSync('**/*.html', { cwd: site }).toSorted();
    const isApi = (path: string): boolean => path.startsWith('api/');
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

/** Someone who goes from page to page, and notes what is wrong with them. */
class Visitor {
  readonly page: Page;
  readonly #url: string;
  readonly #hasScripts: boolean;
  readonly #faults: string[] = [];
  #path = '';

  private constructor(page: Page, url: string, hasScripts: boolean) {
    this.page = page;
    this.#url = url;
    this.#hasScripts = hasScripts;
    page.on('console', (message) => {
      const isMissing = message.location().url === `${url}${missing}`;
      if (message.type() === 'error' && !isMissing) this.#note(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#note(`error: ${error.message}`));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // The page was left in the meantime, or may have no scripts.
      if (reason !== 'net::ERR_ABORTED' && reason !== 'csp') this.#note(`${reason}: ${request.url()}`);
    });
    page.on('response', (response) => {
      const isMissing = response.url() === `${url}${missing}`;
      if (response.status() >= 400 && !isMissing) this.#note(`${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
        this.#note(`elsewhere: ${request.url()}`);
    });
  }

  static async enter(browser: Browser, url: string, options: BrowserContextOptions): Promise<Visitor> {
    const context = await browser.newContext({ viewport: widths.narrow, reducedMotion: 'reduce', ...options });
    return new Visitor(await context.newPage(), url, options.javaScriptEnabled ?? true);
  }

  async open(path: string): Promise<void> {
    this.#path = path;
    await this.page.goto(`${this.#url}${path}`);
    if (this.#hasScripts) await this.page.waitForFunction('"__vue_app__" in document.querySelector("#app")');
  }

  /** Notes what makes readers of a narrow screen scroll sideways. */
  async measure(): Promise<void> {
    const excess = await this.page.evaluate('document.documentElement.scrollWidth - innerWidth');
    if (Number(excess) > 0) this.#note(`${excess} pixels too wide`);
  }

  async leave(): Promise<string[]> {
    await this.page.context().close();
    return this.#faults;
  }

  #note(fault: string): void {
    this.#faults.push(`${this.#path}: ${fault}`);
  }
}
