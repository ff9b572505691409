import { type AccessToken, tokenErrorOf } from '@tokenline/core';
import { type Challenge, parseChallenges } from '@tokenline/core/adapter';
import { bearerAuth } from '@tokenline/fetch';
import { decode } from '../inspect/decode.ts';
import { checkConnection, type ConnectionOptions } from './connection.ts';
import { shownBody } from './exchange.ts';
import type { Acquired } from './token-request.ts';
import { describeFailure, type Visit } from './visit.ts';

/** Sends a request with the token to the API, and explains the answer. */
export async function checkApi(
  visit: Visit,
  acquired: Acquired,
  renewed: AccessToken | undefined,
  connection: ConnectionOptions,
): Promise<void> {
  const { args, report, recorder, signal } = visit;
  const url = new URL(String(args.api));
  await checkConnection(report, url, connection);
  report.step(`API at ${url.origin}`);
  recorder.take();
  const end = AbortSignal.any([signal, AbortSignal.timeout(connection.timeout)]);
  try {
    // Throws at once for an API that must not get a token.
    const send = bearerAuth(recorder.fetch, acquired.source, { origins: [url.origin] });
    const response = await send(url.href, { signal: end });
    await response.text();
    const exchanges = recorder.take().filter(({ url: sent }) => new URL(sent).origin === url.origin);
    for (const exchange of exchanges) {
      // What the API delivers is nobody's business here.
      if (exchange.answer && exchange.answer.status < 400) exchange.answer.text = '';
      report.show(exchange);
    }
    const last = exchanges.at(-1)?.answer;
    explain(visit, response, acquired, last ? shownBody(last) : '');
    if (response.ok && exchanges.some(({ answer }) => answer?.status === 401))
      report.add('note', 'api-replayed', 'the API refused the first token, and accepted the one after it');
    if (response.ok && renewed?.type === 'Bearer') await checkOlder(visit, acquired.token, url, end);
  } catch (error) {
    signal.throwIfAborted();
    for (const exchange of recorder.take()) report.show(exchange);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_INVALID_OPTION') return report.add('problem', 'api-insecure', message);
    const failure = tokenErrorOf(error);
    const text = failure ? describeFailure(failure) : `no answer of ${url.origin}`;
    report.add('problem', 'api-unreachable', text, 'see DNS and TLS above; a proxy may be needed: docs/proxies.md');
  }
  return undefined;
}

function explain({ report, args }: Visit, response: Response, { token }: Acquired, body: string): void {
  const { status, redirected, url } = response;
  const challenges = parseChallenges(response.headers.get('www-authenticate') ?? '');
  const error = challenges.map(({ parameters }) => parameters.get('error')).find(Boolean);
  if (redirected && new URL(url).origin !== new URL(String(args.api)).origin)
    return report.add(
      'problem',
      'api-redirect',
      `the API led to ${new URL(url).origin}, where the token does not go`,
      'use that address, or name its origin in origins',
    );
  if (status < 300) return report.add('ok', 'api', `the API accepts the token (status ${status})`);
  if (error === 'insufficient_scope' || (status === 403 && error === undefined))
    return report.add(
      'problem',
      'api-scope',
      `the API knows the token, and wants more of it (status ${status}${said(challenges, 'scope')})`,
      'request that scope, or give the client the role that it needs',
    );
  if (status === 401) return report.add('problem', ...refusal(challenges, token));
  if (/invalid api key or secret/i.test(body))
    return report.add(
      'problem',
      'api-grant',
      `status ${status}: ${body}`,
      'the token is of another kind than the API wants: check --grant',
    );
  return report.add(
    status >= 500 ? 'problem' : 'note',
    'api-status',
    `the API answered with status ${status}`,
    status === 404 ? 'check the path' : 'see the answer above',
  );
}

function refusal(challenges: readonly Challenge[], { value }: AccessToken): [string, string, string] {
  const schemes = challenges.map(({ scheme }) => scheme);
  const decoded = decode(value);
  const aud = decoded.kind === 'jwt' ? decoded.claims['aud'] : undefined;
  if (schemes.includes('dpop'))
    return [
      'api-refused',
      `the API refuses the token${said(challenges, 'error')}`,
      'it wants a token that is bound to a key: --dpop',
    ];
  if (schemes.length > 0 && schemes.every((scheme) => ['basic', 'digest', 'negotiate', 'ntlm'].includes(scheme)))
    return [
      'api-scheme',
      `the API wants ${schemes.join(', ')}, not a token`,
      'check the address: another path may take tokens',
    ];
  const purpose = aud === undefined ? 'the token names no API' : `the token is for ${JSON.stringify(aud)}`;
  return [
    'api-refused',
    `the API refuses every token (status 401${said(challenges, 'error')}${said(challenges, 'error_description')})`,
    `${purpose}: compare that, its issuer and its scope with what the API expects; --audience, --resource or --scope name an API`,
  ];
}

function said(challenges: readonly Challenge[], name: string): string {
  const value = challenges.map(({ parameters }) => parameters.get(name)).find(Boolean);
  return value === undefined ? '' : `, ${name}="${value}"`;
}

/** Whether a new token ended the one before: then processes take each other's token away. */
async function checkOlder(
  { report, recorder }: Visit,
  { value }: AccessToken,
  url: URL,
  signal: AbortSignal,
): Promise<void> {
  const response = await recorder.fetch(url.href, {
    headers: { authorization: `Bearer ${value}` },
    redirect: 'manual',
    signal,
  });
  await response.text();
  recorder.take();
  if (response.status === 401)
    report.add(
      'problem',
      'one-token',
      'a new token ends the one before it: several processes take each other’s token away',
      'share one token: store: redisStore({ … }) of @tokenline/redis',
    );
}
