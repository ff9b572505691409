import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

interface Size {
  readonly width: number;
  readonly height: number;
}

export const widths: Readonly<Record<'wide' | 'narrow', Size>> = {
  wide: { width: 1280, height: 900 },
  narrow: { width: 360, height: 740 },
};

/** A page that the site does not have. */
export const missing = 'no-such-page.html';

/** For what hangs: the machine may have other things to do. */
export const timeout = 300_000;

/** Someone who goes from page to page, and notes what is wrong with them. */
export class Visitor {
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
    context.setDefaultTimeout(timeout);
    return new Visitor(await context.newPage(), url, options.javaScriptEnabled ?? true);
  }

  async open(path: string): Promise<void> {
    this.#path = path;
    await this.page.goto(`${this.#url}${path}`);
    if (this.#hasScripts) await this.page.waitForFunction('"__vue_app__" in document.querySelector("#app")');
  }

  /** Notes what makes readers of a narrow screen scroll sideways. */
  async measure(): Promise<void> {
    const excess = Number(await this.page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    if (excess > 0) this.#note(`${excess} pixels too wide`);
  }

  async leave(): Promise<string[]> {
    await this.page.context().close();
    return this.#faults;
  }

  #note(fault: string): void {
    this.#faults.push(`${this.#path}: ${fault}`);
  }
}
