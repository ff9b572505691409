import { invalidOption } from '@tokenline/core/adapter';
import axios, { getAdapter, type InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;

/** Versions that send a request for an https URL to a proxy as it is, where later ones have the proxy tunnel it. */
const affected = /^1\.(?:\d\.|1[0-5]|16\.0)/;

/** Why a request must not leave: a proxy would read its token. */
export function plainProxyFor(url: string, config: Config): TypeError | undefined {
  const plain = /^https:/i.test(url) && affected.test(axios.VERSION) && isProxied(url, config) && mayBeHttp(config);
  return plain ? plainProxy() : undefined;
}

/** The error for a request, or for the hop of a redirect, that would go to a proxy in plain text. */
export function plainProxy(): TypeError {
  return invalidOption(
    `axios ${axios.VERSION} sends requests for https through a proxy in plain text, token included: update axios to 1.16.1 or newer, or pass proxy: false with an httpsAgent for that proxy`,
  );
}

/** What stands for an adapter that there is not. */
const none = (): never => undefined as never;

/** Whether axios' own adapter for Node sends a request, or one of the user's, which may hand it on to that. */
function mayBeHttp(config: Config): boolean {
  const { adapter } = config;
  return typeof adapter === 'function' || getAdapter(adapter, config) === getAdapter(['http', none], config);
}

/** Whether axios' own `http` adapter takes a proxy: that of the config, or of the environment, as its oldest versions read it. */
function isProxied(url: string, { proxy, socketPath }: Config): boolean {
  if (proxy === false || socketPath) return false;
  if (proxy) return true;
  const { env = {} } = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process ?? {};
  const read = (name: string): string => env[name] || env[name.toUpperCase()] || '';
  if (!['https_proxy', 'all_proxy', 'npm_config_https_proxy', 'npm_config_proxy'].some(read)) return false;
  // Versions differ on it, and where it counts it replaces the other.
  if (read('npm_config_no_proxy')) return true;
  const { hostname, port } = new URL(url);
  return !read('no_proxy')
    .toLowerCase()
    .split(/[\s,]/)
    .some((entry) => {
      const [, name = entry, only] = /^(.+):(\d+)$/.exec(entry) ?? [];
      if (Number(only) && Number(only) !== Number(port || 443)) return false;
      return /^[.*]/.test(name) ? hostname.endsWith(name.replace('*', '')) : hostname === name;
    });
}
