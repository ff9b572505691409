import { durationInWords } from './time-in-words.ts';
import type { Claims } from './decode.ts';

/** Something that is unusual. */
export interface Remark {
  readonly id: string;
  readonly text: string;
}

const day = 86_400;
/** Many servers accept no header that is longer than 8 kB, all names and values together. */
const longest = 7_000;

/** What is unusual about a JWT as an access token. Nothing here is a verdict: each API has rules of its own. */
export function remarksOn(token: string, header: Claims, claims: Claims, now: number): Remark[] {
  const remarks = [...onHeader(header), ...onTimes(claims, now / 1_000), ...onParties(claims, header)];
  if (token.length > longest)
    remarks.push({ id: 'long', text: `it has ${token.length} characters: many servers refuse headers of that length` });
  return remarks;
}

function onHeader({ alg, kid, typ, crit }: Claims): Remark[] {
  const remarks: Remark[] = [];
  const name = typeof alg === 'string' ? alg : undefined;
  if (name === undefined) remarks.push({ id: 'no-alg', text: 'its header names no algorithm' });
  else if (name.toLowerCase() === 'none')
    remarks.push({ id: 'unsigned', text: 'alg is none: it has no signature, and anybody can have made it' });
  else if (name.startsWith('HS'))
    remarks.push({ id: 'shared-key', text: `${name} is a shared key: whoever can verify it can also make it` });
  else if (kid === undefined)
    remarks.push({ id: 'no-kid', text: 'no kid: an API cannot tell which key of the server signed it' });
  if (crit !== undefined)
    remarks.push({ id: 'crit', text: 'crit: an API that does not know these fields of the header must refuse it' });
  if (typeof typ === 'string' && !/^(application\/)?(at\+jwt|jwt)$/i.test(typ))
    remarks.push({ id: 'typ', text: 'typ is neither at+jwt nor JWT: it may not be an access token' });
  return remarks;
}

function onTimes({ exp, iat, nbf }: Claims, now: number): Remark[] {
  const remarks: Remark[] = [];
  const add = (id: string, text: string): void => void remarks.push({ id, text });
  for (const [name, value] of Object.entries({ exp, iat, nbf })) {
    if (value !== undefined && typeof value !== 'number') add('not-a-number', `${name} is not a number`);
    else if (value !== undefined && value > 1e11)
      add('milliseconds', `${name} looks like milliseconds: it counts seconds`);
  }
  if (exp === undefined) add('no-exp', 'no exp: it does not say when it expires');
  if (typeof exp === 'number') {
    if (exp <= now) add('expired', 'it has expired');
    const start = typeof iat === 'number' ? iat : typeof nbf === 'number' ? nbf : undefined;
    const lifetime = start === undefined ? undefined : exp - start;
    if (lifetime !== undefined && lifetime <= 0) add('no-lifetime', 'it expires before it was issued');
    else if (lifetime !== undefined && lifetime < 60)
      add('short', `it lives for ${durationInWords(lifetime * 1_000)} only`);
    else if (lifetime !== undefined && lifetime > day && exp < 1e11)
      add('long-lived', `it lives for ${durationInWords(lifetime * 1_000)}: whoever steals it can use it that long`);
  }
  if (typeof nbf === 'number' && nbf > now + 1)
    add('not-yet', 'nbf is in the future: it is not valid yet, or a clock is wrong');
  if (typeof iat === 'number' && iat > now + 1 && iat < 1e11)
    add('issued-later', 'iat is in the future: a clock is wrong');
  return remarks;
}

function onParties(claims: Claims, header: Claims): Remark[] {
  const { iss, aud, scope, scp, nonce, at_hash: hash, cnf, typ } = claims;
  const remarks: Remark[] = [];
  const add = (id: string, text: string): void => void remarks.push({ id, text });
  if (iss === undefined) add('no-iss', 'no iss: it does not say who issued it');
  else if (typeof iss !== 'string' || !iss.startsWith('https://')) add('iss', 'iss is no https URL');
  if (aud === undefined) add('no-aud', 'no aud: it does not say which API it is for');
  else if (Array.isArray(aud) && aud.length > 1)
    add('several-audiences', `aud is a list: ${aud.length} APIs accept it, and each could use it at the others`);
  else if (aud === iss) add('own-audience', 'aud is the issuer: it is for the server itself, not for an API');
  if (Array.isArray(scope)) add('scope-list', 'scope is a list: RFC 9068 has a text, and some APIs read nothing else');
  if (scope === undefined && scp === undefined && claims['roles'] === undefined)
    add('no-scope', 'neither scope, scp nor roles: it grants nothing that it says');
  const isAccessToken = /at\+jwt/i.test(String(header['typ']));
  if (!isAccessToken && (nonce !== undefined || hash !== undefined || typ === 'ID'))
    add('id-token', 'it looks like an ID token: that is for the client, and no API should accept it');
  if (typ === 'Refresh') add('refresh-token', 'it looks like a refresh token: that is for the token endpoint alone');
  const bound = Object(cnf) as Claims;
  if (bound['jkt'] !== undefined) add('bound', 'it is bound to a key (DPoP): it is of no use without a proof');
  if (bound['x5t#S256'] !== undefined)
    add('bound', 'it is bound to a client certificate (mTLS), and of no use without it');
  return remarks;
}
