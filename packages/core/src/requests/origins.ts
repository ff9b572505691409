import { invalidOption } from '../common/errors.ts';
import { isSecure } from '../common/secure-url.ts';

/** Where a token may go: to these origins, over https or on loopback, and nowhere else. */
export class Origins {
  readonly #origins: readonly string[];

  /**
   * @param base - the client's base URL, whose origin is allowed.
   * @param more - further origins.
   * @throws TypeError (`ERR_INVALID_OPTION`) when there is none, or one that is not an origin or not secure.
   */
  constructor(
    base: string | URL | undefined,
    more: readonly (string | URL)[] | undefined,
    allowInsecureRequests: boolean,
  ) {
    if (more !== undefined && !Array.isArray(more))
      throw invalidOption(`origins must be a list, such as ['https://api.example.com']`);
    const urls = (more ?? []).map((origin) => readOrigin(origin));
    const baseUrl = base === undefined || base === '' ? undefined : readBase(base);
    if (baseUrl !== undefined) urls.unshift(baseUrl);
    if (urls.length === 0) {
      throw invalidOption(
        `it is not known where the token may go: give the client a base URL, or pass bearerAuth(client, source, { origins: ['https://api.example.com'] })`,
      );
    }
    for (const url of urls) {
      if (isSecure(url, allowInsecureRequests)) continue;
      throw invalidOption(
        `a token must not go to ${url.origin} without https: http is for loopback, or needs allowInsecureRequests: true`,
      );
    }
    this.#origins = urls.map(({ origin }) => origin);
  }

  /** How many there are. */
  get size(): number {
    return new Set(this.#origins).size;
  }

  allows(url: string): boolean {
    // Only these can follow the authority, so equal beginnings mean equal origins: no need to parse every URL.
    for (const origin of this.#origins) {
      if (url.startsWith(origin) && (url.length === origin.length || '/?#'.includes(url.charAt(origin.length))))
        return true;
    }
    if (!URL.canParse(url)) return false;
    // Not its `origin`: a blob has that of the page that made it.
    const { protocol, host } = new URL(url);
    return this.#origins.includes(`${protocol}//${host}`);
  }
}

/** Whether a URL is that of an allowed origin but for its https. */
export function isDowngrade(url: string, origins: { allows(url: string): boolean }): boolean {
  return /^http:/i.test(url) && origins.allows(url.replace(/^http:/i, 'https:'));
}

/** Whether two URLs have the same origin. Never throws. */
export function isSameOrigin(one: string, other: string): boolean {
  const origin = originOf(one);
  return origin !== undefined && origin === originOf(other);
}

/** The origin of an absolute URL; `undefined` for any other text. Never throws. */
export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function readOrigin(value: unknown): URL {
  if (String(value).includes('*'))
    throw invalidOption('origins must be whole: a token goes to no wildcard, so name each host');
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : value;
  if (!(url instanceof URL) || ![url.origin, `${url.origin}/`].includes(url.href)) {
    const advice = url instanceof URL && url.origin !== 'null' ? `: pass '${url.origin}'` : '';
    throw invalidOption(
      `origins must hold origins such as 'https://api.example.com', without credentials, path or query${advice}`,
    );
  }
  return url;
}

/** Resolves a relative URL against the page, as the page's `fetch` does. Never throws. */
export function absoluteUrl(url: string): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return page !== undefined && URL.canParse(url, page) ? new URL(url, page).href : url;
}

/** In a browser, a base URL may be relative. */
function readBase(base: string | URL): URL | undefined {
  const url = absoluteUrl(String(base));
  return URL.canParse(url) ? new URL(url) : undefined;
}
