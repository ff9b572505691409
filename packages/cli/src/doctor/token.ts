import type { TokenEvent } from '@tokenline/core';
import { renewalAges } from '@tokenline/core/adapter';
import { decode, type Claims } from '../inspect/decode.ts';
import { remarksOn } from '../inspect/remarks.ts';
import { durationInWords } from '../inspect/time-in-words.ts';
import { parseObject } from '../metadata-documents.ts';
import type { Acquired } from './token-request.ts';
import type { Visit } from './visit.ts';

/** What is unusual enough to be told here: `inspect` tells the rest. */
const telling = [
  'expired',
  'not-yet',
  'issued-later',
  'id-token',
  'refresh-token',
  'own-audience',
  'long',
  'unsigned',
  'milliseconds',
];

/** What the token is, what it is good for, and how long. */
export function checkToken(visit: Visit, acquired: Acquired): void {
  const { report, settings } = visit;
  const { token, events } = acquired;
  report.step('Token');
  const decoded = decode(token.value);
  const claims = decoded.kind === 'jwt' ? decoded.claims : undefined;
  report.add(
    'ok',
    'type',
    `${token.type}, ${claims ? 'a JWT' : decoded.kind === 'jwe' ? 'an encrypted JWT' : 'opaque'}`,
  );
  if (events.some(({ type }) => type === 'unbound'))
    report.add(
      'problem',
      'unbound',
      'the server did not bind the token to the key of dpop',
      'enable DPoP for this client at the server',
    );
  const { audience, resource } = settings.toOptions();
  const wanted = [audience ?? [], resource ?? []].flat();
  if (decoded.kind === 'jwt') {
    for (const { id, text } of remarksOn(token.value, decoded.header, decoded.claims, Date.now()))
      if (telling.includes(id)) report.add('note', id, text);
    checkAudience(visit, decoded.claims, wanted);
  } else if (wanted.length === 0)
    report.add(
      'note',
      'opaque',
      'only the server knows which API this token is for',
      'if the API refuses it, name the API: --audience or --resource; some servers then issue a JWT',
    );
  checkScope(visit, acquired, claims);
  checkLifetime(visit, acquired);
}

function checkAudience({ report }: Visit, { aud }: Claims, wanted: readonly string[]): void {
  const found = [aud ?? []].flat().map(String);
  const missing = wanted.filter((each) => !found.includes(each));
  if (missing.length > 0)
    report.add(
      'problem',
      'audience-ignored',
      `the token is for ${found.join(', ') || 'no named API'}, not for ${missing.join(', ')}`,
      'the server does not read this parameter, or the client may not use it: set the audience at the server, or with --scope',
    );
  else if (found.length === 0) report.add('note', 'no-aud', 'the token does not say which API it is for');
  else report.add('ok', 'audience', `the token is for ${found.join(', ')}`);
}

/** As tokens have it. What is anything else fails no worse than a scope that nobody knows. */
type Scope = string | readonly string[] | undefined;

function checkScope({ report, settings }: Visit, { token }: Acquired, claims: Claims | undefined): void {
  const { scope } = settings.toOptions();
  const requested = [scope ?? []]
    .flat()
    .flatMap((each) => each.split(' '))
    .filter(Boolean);
  const said = token.scope ?? (claims?.['scope'] as Scope) ?? (claims?.['scp'] as Scope);
  const granted = [said ?? requested]
    .flat()
    .flatMap((each) => each.split(' '))
    .filter(Boolean);
  // A scope that ends in `.default` stands for others.
  const missing = requested.filter((each) => !granted.includes(each) && !each.endsWith('.default'));
  if (missing.length > 0)
    report.add(
      'problem',
      'scope-narrowed',
      `the server did not grant ${missing.join(' ')}`,
      'allow the client this scope at the server',
    );
  else if (granted.length === 0)
    report.add(
      'note',
      'no-scope',
      'the token has no scope that the server names',
      'some servers grant nothing that was not asked for: --scope',
    );
  else
    report.add(
      'ok',
      'granted',
      `scope: ${granted.join(' ')}${said === undefined ? ' (as requested: the server does not say)' : ''}`,
    );
}

function checkLifetime({ report, settings }: Visit, { events, body, token }: Acquired): void {
  const { expires_in: seconds, refresh_in: refresh } = parseObject(body) ?? {};
  const { assumedLifetime } = settings.toOptions();
  const acquired = events.find((event): event is TokenEvent & { type: 'acquired' } => event.type === 'acquired');
  const lifetime = acquired?.lifetime ?? 0;
  if (lifetime === 0)
    return report.add(
      'problem',
      'used-once',
      `expires_in is ${JSON.stringify(seconds)}: the token is used once, and every request makes a token request`,
      'if it lasts longer in truth, set assumedLifetime to that many milliseconds',
    );
  if (token.expiresAt === undefined && assumedLifetime === undefined)
    report.add(
      'problem',
      'no-lifetime',
      'neither the answer nor the token says how long it lasts: 5 minutes are assumed',
      'set assumedLifetime to a little less than what the server is configured to',
    );
  const refreshIn = Number(refresh) > 0 ? Number(refresh) * 1_000 : undefined;
  const options = { random: () => 0.5, refreshWindow: undefined, expiryMargin: undefined };
  const { ageing, late } = renewalAges({ lifetime, refreshIn }, options);
  return report.add(
    lifetime < 60_000 ? 'note' : 'ok',
    'lifetime',
    `it lasts ${durationInWords(lifetime)}: renewed in the background after about ${durationInWords(ageing)}${refreshIn === undefined ? '' : ' (refresh_in)'}, and callers wait for that from ${durationInWords(late)} on`,
  );
}
