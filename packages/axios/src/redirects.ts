import { type AuthorizedRequest, isSameOrigin, type Redirect, redirectOf } from '@tokenline/core/adapter';
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { plainProxy } from './proxy.ts';
import { release } from './refusal.ts';

type Config = InternalAxiosRequestConfig;
type Headers = Config['headers'];
type BeforeRedirect = NonNullable<Config['beforeRedirect']>;

/** Where Node's redirects led a request, and whether it carried the token there. */
export interface Landing {
  url?: string;
  carried: boolean;
}

/** What Node is about to send: what decides where, and the headers. */
interface Hop {
  readonly protocol: string;
  readonly hostname?: string;
  readonly host: string;
  readonly port?: string | number;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** Judges every redirect that Node follows, and again where the user's own hook leads it elsewhere. */
export function judging(
  authorized: AuthorizedRequest,
  own: BeforeRedirect | null | undefined,
  landing: Landing,
): BeforeRedirect {
  const judge = (hop: Hop, carried: boolean): void => {
    landing.url = targetOf(hop);
    // follow-redirects may have dropped the token, or taken it along to a subdomain.
    const ours = Object.values(authorized.headers);
    for (const name in hop.headers) if (ours.includes(hop.headers[name]!)) delete hop.headers[name];
    const headers = authorized.headersAt(landing.url);
    const theirs = hop.headers[spellingIn(hop.headers, 'authorization')];
    landing.carried = carried && 'authorization' in headers && !theirs;
    if (!landing.carried) return;
    // A proxy gets the URL as the path where it does not tunnel.
    if (/^https:/i.test(hop.path)) throw plainProxy();
    Object.assign(hop.headers, headers);
  };
  return (options, ...rest) => {
    const hop = options as Hop;
    // Once it was elsewhere, it gets the token no more.
    const { carried } = landing;
    judge(hop, carried);
    own?.(options, ...rest);
    if (targetOf(hop) !== landing.url) judge(hop, carried);
  };
}

/** Notes where a browser has been led, which drops the token on the way to another origin. */
export function noteLanding(landing: Landing, { request }: AxiosResponse, sent: string): void {
  const responseURL = String((request as Partial<XMLHttpRequest> | undefined)?.responseURL);
  // A mock may name a URL as relative as the request's own.
  if (!URL.canParse(responseURL) || !URL.canParse(sent) || isSameOrigin(responseURL, sent)) return;
  landing.url = responseURL;
  landing.carried = false;
}

/** Where Node sends a request, whatever its `href` says. A proxy gets the whole URL as the path. */
function targetOf({ protocol, hostname, host, port, path }: Hop): string {
  if (/^https?:/i.test(path)) return path;
  const name = hostname || host;
  return `${protocol}//${name.includes(':') ? `[${name}]` : name}${port ? `:${port}` : ''}${path}`;
}

/**
 * Where a redirect leads that `fetch` has not followed; `undefined` if the answer is final.
 *
 * @throws AxiosError (`ERR_NETWORK`) where `fetch` would have failed.
 */
export function redirectFor(response: AxiosResponse, sent: Parameters<typeof redirectOf>[1]): Redirect | undefined {
  try {
    const redirect = redirectOf(response, sent);
    if (redirect) release(response);
    return redirect;
  } catch (error) {
    release(response);
    const { cause } = error as Error;
    throw Object.assign(new AxiosError('Network Error', AxiosError.ERR_NETWORK, response.config), { cause });
  }
}

/** The config of the request that a redirect leads to. */
export function redirected(config: Config, { url, method, keepsBody, left }: Redirect): Config {
  const headers = copyOf(config.headers);
  headers.delete([...left]);
  const data: unknown = keepsBody ? config.data : undefined;
  return { ...config, url, baseURL: '', params: undefined, method: method.toLowerCase(), headers, data };
}

/** A copy of headers, since the user may have given the same ones to many requests. */
export function copyOf(headers: Headers): Headers {
  return Object.assign(Object.create(Object.getPrototypeOf(headers)), headers) as Headers;
}

/** How headers spell a name, even where they only say that it is not to be sent. */
export function spellingIn(headers: object, name: string): string {
  for (const key in headers) if (key.toLowerCase() === name) return key;
  return name;
}
