import {
  type AccessToken,
  type ClientTokenSource,
  createTokenSource,
  OAuthError,
  type TokenEvent,
  tokenErrorOf,
} from '@tokenline/core';
import type { TokenError } from '@tokenline/core';
import type { Settings } from '../arguments/settings.ts';
import { adviceOn } from './advice.ts';
import { checkClock } from './clock.ts';
import type { Exchange } from './exchange.ts';
import { variantsAfter } from './variants.ts';
import { describeFailure, type Visit, watched } from './visit.ts';

/** A token, and how it came. */
export interface Acquired {
  readonly source: ClientTokenSource;
  readonly token: AccessToken;
  readonly events: readonly TokenEvent[];
  /** The successful answer of the token endpoint. */
  readonly body: string;
}

interface Attempt {
  readonly acquired?: Acquired;
  readonly failure?: TokenError;
  readonly exchanges: readonly Exchange[];
}

/** Requests a token; where the server refuses, in the other ways that it may want. */
export async function requestToken(visit: Visit): Promise<Acquired | undefined> {
  const { report, texts } = visit;
  report.step('Token request');
  const { acquired, failure, exchanges } = await attempt(visit, visit.settings);
  for (const exchange of exchanges) report.show(exchange);
  checkClock(report, exchanges);
  for (const option of texts.withLineBreak)
    if (/secret/.test(option))
      report.add(
        'note',
        'line-break',
        `the text of ${option} ends in a line break, which was cut off here`,
        'the options below do the same; or store it without: as it is, the server gets another secret',
      );
  if (acquired) {
    learnMethod(visit, exchanges);
    return acquired;
  }
  if (failure === undefined) return undefined;
  const { id, advice } = adviceOn(failure);
  report.add('problem', id, describeFailure(failure), advice);
  return tryVariants(visit, failure, exchanges.map(methodIn));
}

async function attempt(visit: Visit, settings: Settings): Promise<Attempt> {
  const { recorder, signal } = visit;
  recorder.take();
  const events: TokenEvent[] = [];
  const source = createTokenSource({ ...watched(visit, settings), onEvent: (event) => events.push(event) });
  const ended = await source.getToken({ signal }).then(
    (token) => ({ token }),
    (error: unknown) => ({ failure: tokenErrorOf(error), error }),
  );
  // Discovery was shown before.
  const exchanges = recorder.take().filter(({ method }) => method === 'POST');
  if ('token' in ended)
    return { acquired: { source, events, token: ended.token, body: exchanges.at(-1)?.answer?.text ?? '' }, exchanges };
  if (ended.failure === undefined) throw ended.error;
  return { failure: ended.failure, exchanges };
}

async function tryVariants(visit: Visit, failure: TokenError, tried: readonly string[]): Promise<Acquired | undefined> {
  const { report } = visit;
  for (const { what, settings } of await variantsAfter(failure, visit, tried)) {
    const { acquired, failure: other } = await attempt(visit, settings);
    if (acquired) {
      report.add('note', 'variant', `it works with ${what}`, 'the options below have it');
      visit.settings = settings;
      return acquired;
    }
    report.add('note', 'variant', `tried ${what}: ${other instanceof OAuthError ? other.error : String(other?.code)}`);
  }
  return undefined;
}

/** What the source found out by itself is worth an option, where it cost a refused request. */
function learnMethod(visit: Visit, exchanges: readonly Exchange[]): void {
  const { report, settings } = visit;
  const method = methodIn(exchanges.at(-1));
  report.add('ok', 'token', `the server issued a token; the client authenticated by ${method}`);
  const refused = exchanges.filter(({ answer }) => answer && answer.status >= 400 && !answer.headers.has('dpop-nonce'));
  if (settings.get('clientAuthentication') !== undefined || refused.length === 0) return;
  report.add(
    'note',
    'method-unset',
    `it refused ${methodIn(refused[0])} first: every process starts with a refused request`,
    `set clientAuthentication: '${method}'`,
  );
  visit.settings = settings.with('clientAuthentication', { value: method, code: `'${method}'` });
}

function methodIn(exchange: Exchange | undefined): string {
  const { headers = [], form = [] } = exchange ?? {};
  const has = (name: string): boolean => form.some(([each]) => each === name);
  if (headers.some(([name]) => name === 'authorization')) return 'client_secret_basic';
  if (has('client_secret')) return 'client_secret_post';
  return has('client_assertion') ? 'an assertion' : 'its identifier, its certificate or its grant alone';
}
