import { type Clock, elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import { TokenError, type TokenErrorDetails, tokenErrorOf } from '../common/errors.ts';
import { lost, SingleFlight } from '../common/single-flight.ts';
import { withDeadline } from '../common/waiting.ts';
import { type Http, isTransient, mayComeBack, readResponse, retryAfter, type ServerResponse } from './http.ts';
import { wordsOf } from './server-words.ts';
import { isEndpoint, type MetadataRules, readMetadata, type ServerMetadata } from './server-metadata.ts';

const oidc = '/.well-known/openid-configuration';
const oauth2 = '/.well-known/oauth-authorization-server';
const mostHops = 5;
const day = 24 * 60 * 60 * 1_000;

/** The two well-known places of an issuer's metadata, in the order in which they are asked. */
export function metadataPlaces(issuer: URL): [string, string] {
  const path = issuer.pathname.replace(/\/$/, '');
  return [path + oidc, oauth2 + path].map((at) => {
    const url = new URL(issuer);
    url.pathname = at;
    return url.href;
  }) as [string, string];
}

/** What discovery needs beside the rules for the document. */
export interface DiscoveryContext {
  readonly http: Http;
  readonly clock: Clock;
  /** How many milliseconds it may take. */
  readonly timeout: number;
}

/**
 * Finds the authorization server's metadata, at either of its two well-known places. It is kept for a day, then renewed in
 * the background, and used for another week while renewals fail. A failure is never kept.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3 | RFC 8414 §3} and OpenID Connect Discovery 1.0 §4
 */
export class Discovery {
  readonly #rules: MetadataRules;
  readonly #context: DiscoveryContext;
  readonly #flights: SingleFlight<'metadata', ServerMetadata>;
  #known: { readonly metadata: ServerMetadata; readonly since: Moment } | undefined;

  constructor(rules: MetadataRules, context: DiscoveryContext) {
    this.#rules = rules;
    this.#context = context;
    this.#flights = new SingleFlight(context);
  }

  /** @throws TokenError, or the reason of the signal. */
  async find(signal: AbortSignal): Promise<ServerMetadata> {
    const known = this.#known;
    const age = known === undefined ? Infinity : elapsedSince(known.since, this.#context.clock);
    if (known !== undefined && age < day) return known.metadata;
    const fetch = (abandoned: AbortSignal): Promise<ServerMetadata> => this.#fetch(abandoned);
    if (known === undefined || age > 8 * day)
      return this.#flights.join('metadata', fetch, signal).catch((error: unknown) => {
        if (error === lost) return this.find(signal);
        throw error;
      });
    // If it fails, the next token request tries again.
    this.#flights.start('metadata', fetch);
    return known.metadata;
  }

  async #fetch(abandoned: AbortSignal): Promise<ServerMetadata> {
    const { clock, timeout } = this.#context;
    const { href } = this.#rules.issuer;
    const late = (): TokenError =>
      new TokenError('ERR_DISCOVERY_REQUEST', `${href} did not answer within ${timeout} ms`, { transient: true });
    const since = momentOf(clock);
    const metadata = await withDeadline(this.#context, late, (signal) => this.#discover(signal), abandoned);
    this.#known = { metadata, since };
    return metadata;
  }

  async #discover(signal: AbortSignal): Promise<ServerMetadata> {
    const { issuer } = this.#rules;
    const { href, pathname } = issuer;
    // The full URL of a metadata document, which many consoles show, names both the issuer and the place.
    const place = [oidc, oauth2].find((suffix) => pathname.includes(suffix));
    if (place !== undefined) {
      const identifier = new URL(href.replace(place, ''));
      return this.#read(href, identifier, signal).catch((error: unknown) => {
        if (tokenErrorOf(error)?.code !== 'ERR_ISSUER_MISMATCH' || identifier.pathname.endsWith('/')) throw error;
        // The URL does not say whether the issuer ends in a slash.
        identifier.pathname += '/';
        return this.#read(href, identifier, signal);
      });
    }
    const [first, second] = metadataPlaces(issuer);
    try {
      return await this.#read(first, issuer, signal);
    } catch (error) {
      // An answer that is no metadata may mean that this server has it at the other place.
      if (!(error instanceof TokenError) || error.transient || error.code === 'ERR_ISSUER_MISMATCH') throw error;
      return this.#read(second, issuer, signal).catch((other: unknown) => {
        const { status } = tokenErrorOf(other) ?? {};
        if (status !== 404) throw other;
        if (error.status !== 404) throw error;
        const advice = /token\/?$/i.test(pathname)
          ? 'it looks like a token endpoint: give it as tokenEndpoint'
          : 'check the issuer, or give tokenEndpoint instead';
        const message = `there is no metadata of ${href}: ${first} and ${second} answered with status 404; ${advice}`;
        throw new TokenError('ERR_DISCOVERY_REQUEST', message, { status });
      });
    }
  }

  /** Reads the document of an issuer at this URL, or at the one of the same origin that it redirects to. */
  async #read(url: string, issuer: URL, signal: AbortSignal, hops = 0): Promise<ServerMetadata> {
    const { http, clock } = this.#context;
    const failure = (reason: string, details: TokenErrorDetails): TokenError =>
      new TokenError('ERR_DISCOVERY_REQUEST', `the metadata at ${url} could not be fetched${reason}`, details);
    let response: ServerResponse;
    try {
      response = await readResponse(await http.send(url, { headers: { accept: 'application/json' } }, signal));
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw failure('', { transient: mayComeBack(cause), cause });
    }
    const { status, headers } = response;
    if (status === 200) return readMetadata(response, url, { ...this.#rules, issuer });
    const location = status >= 300 && status < 400 ? (headers.get('location') ?? '') : '';
    const target = location && URL.canParse(location, url) ? new URL(location, url) : undefined;
    if (target?.origin === issuer.origin && isEndpoint(target.href) && hops < mostHops)
      return this.#read(target.href, issuer, signal, hops + 1);
    const words = wordsOf(response, []);
    const led = target && ` that leads to ${`${target.origin}${target.pathname}`.slice(0, 500)}`;
    const said = led ?? (words ? ` (${words})` : '');
    const details = { status, transient: isTransient(response), retryAfter: retryAfter(response, clock) };
    throw failure(`: the answer was status ${status}${said}`, details);
  }
}
