import { allowInsecureRequests, customFetch, discoveryRequest } from 'oauth4webapi';
import pMemoize from 'p-memoize';
import { type Answer, readAnswer } from './answer.ts';
import { elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import { withDeadline } from '../common/deadline.ts';
import { TokenError, tokenErrorOf } from '../common/errors.ts';
import { exchange } from './http.ts';
import { retryAfter } from './retry-after.ts';
import { Renewal } from '../common/renewal.ts';
import { readMetadata, type ServerMetadata } from './server-metadata.ts';
import type { Settings } from '../source/settings.ts';

type Algorithm = 'oidc' | 'oauth2';
const suffixes = {
  oidc: '/.well-known/openid-configuration',
  oauth2: '/.well-known/oauth-authorization-server',
} as const;
const day = 24 * 60 * 60 * 1_000;

/**
 * Finds the authorization server's metadata, at either of the two places where it may be. It is kept for a day, renewed
 * in the background after that, and served for a week of failures; a failure is never kept.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3 | RFC 8414 §3} and OpenID Connect Discovery 1.0 §4
 */
export function createDiscovery(settings: Settings): (signal: AbortSignal) => Promise<ServerMetadata> {
  const { server, serverIs, clock, timeout } = settings;
  if (serverIs === 'tokenEndpoint') return async () => ({ issuer: server.href, token_endpoint: server.href });
  const late = (): TokenError =>
    new TokenError('ERR_DISCOVERY_REQUEST', `${server.href} did not answer within ${timeout} ms`, { transient: true });
  const run = pMemoize((renewal: Renewal<ServerMetadata>) => renewal.run(), { cache: false });
  let known: { readonly metadata: ServerMetadata; readonly since: Moment } | undefined;
  let underWay: Renewal<ServerMetadata> | undefined;
  const start = (): Renewal<ServerMetadata> => {
    const renewal = new Renewal<ServerMetadata>(
      async (abandoned) => {
        const since = momentOf(clock);
        const metadata = await withDeadline(timeout, late, (signal) => discover(server, settings, signal), abandoned);
        known = { metadata, since };
        return metadata;
      },
      run,
      () => {
        if (underWay === renewal) underWay = undefined;
      },
    );
    return renewal;
  };
  return async (signal) => {
    const age = known === undefined ? Infinity : elapsedSince(known.since, clock);
    if (known !== undefined && age < day) return known.metadata;
    underWay ??= start();
    if (known === undefined || age > 8 * day) return underWay.join(signal);
    // The next token request asks again; until then the document that is there serves.
    underWay.detach();
    return known.metadata;
  };
}

async function discover(issuer: URL, settings: Settings, signal: AbortSignal): Promise<ServerMetadata> {
  // The full URL of a metadata document, as consoles like to show it, says both the issuer and the place.
  for (const algorithm of ['oidc', 'oauth2'] as const) {
    if (issuer.pathname.includes(suffixes[algorithm])) {
      const identifier = new URL(issuer.href.replace(suffixes[algorithm], ''));
      return read(identifier, algorithm, settings, signal).catch((error: unknown) => {
        if (tokenErrorOf(error)?.code !== 'ERR_ISSUER_MISMATCH' || identifier.pathname.endsWith('/')) throw error;
        // It does not say whether the issuer ends in a slash: both have their metadata there.
        identifier.pathname += '/';
        return read(identifier, algorithm, settings, signal);
      });
    }
  }
  try {
    return await read(issuer, 'oidc', settings, signal);
  } catch (first) {
    // An answer that is no metadata may only mean that this server has it at the other place.
    if (!(first instanceof TokenError) || first.transient || first.code === 'ERR_ISSUER_MISMATCH') throw first;
    return read(issuer, 'oauth2', settings, signal).catch((second: unknown) => {
      throw tokenErrorOf(second)?.status === 404 ? first : second;
    });
  }
}

async function read(
  issuer: URL,
  algorithm: Algorithm,
  settings: Settings,
  signal: AbortSignal,
): Promise<ServerMetadata> {
  let url = issuer.href;
  let answer: Answer;
  try {
    const response = await discoveryRequest(issuer, {
      algorithm,
      signal,
      // Whether plain http is allowed was decided when the options were read.
      [allowInsecureRequests]: true,
      [customFetch]: (input, init) => exchange(settings, (url = input), { ...init, body: null }, signal),
    });
    answer = await readAnswer(response);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new TokenError('ERR_DISCOVERY_REQUEST', `the metadata at ${url} could not be fetched`, {
      transient: true,
      cause,
    });
  }
  const { status } = answer;
  if (status !== 200) {
    const message = `the metadata at ${url} could not be fetched: the answer was status ${status}`;
    const transient = status >= 500 || status === 429;
    const wait = retryAfter(answer, settings.clock);
    throw new TokenError('ERR_DISCOVERY_REQUEST', message, { status, transient, retryAfter: wait });
  }
  return readMetadata(answer, url, issuer, settings);
}
