import type { JWTPayload } from 'jose';
import { authenticate, presentedClient } from './client-authentication.ts';
import type { RegisteredClient } from './client-registration.ts';
import { grantedTarget, type Offer } from './granted-target.ts';
import { type IssuedToken, IssuedTokens } from './issued-tokens.ts';
import { checkProof } from './proof.ts';
import { invalidRequest, json, Refusal } from './refusal.ts';
import { Replays } from './replays.ts';
import { SigningKey } from './signing-key.ts';

/** What the service is told for each request: the owner may change it between two. */
export interface Terms {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly lifetime: number;
  readonly accessTokenFormat: 'opaque' | 'jwt';
  /** What the nonce of each DPoP proof must be. */
  readonly nonce: string;
  /** Whether each DPoP proof must have it. */
  readonly requireNonce: boolean;
}

/** Issues and revokes tokens. It refuses what a real server would refuse. */
export class TokenService {
  readonly clients: Map<string, RegisteredClient> = new Map();
  readonly issued: IssuedTokens = new IssuedTokens();
  readonly key: SigningKey = new SigningKey();
  readonly #offer: Offer;
  readonly #assertions: Replays = new Replays();
  readonly #proofs: Replays = new Replays();

  constructor(offer: Offer) {
    this.#offer = offer;
  }

  /** @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 | RFC 6749 §4.4} */
  async issue({ method, headers }: Request, form: URLSearchParams, terms: Terms): Promise<Response> {
    const client = await this.#client(headers, form, terms);
    const type = form.get('grant_type');
    if (type === null) throw invalidRequest('grant_type is missing');
    if (type !== 'client_credentials') throw new Refusal('unsupported_grant_type', 'there is no such grant');
    if (!client.grantTypes.includes(type))
      throw new Refusal('unauthorized_client', 'the client must not use this grant');
    const target = grantedTarget(form, client, this.#offer);
    const { tokenEndpoint: url, nonce, requireNonce, now, lifetime } = terms;
    const proof = headers.get('dpop');
    if (proof === null && client.needsProof)
      throw new Refusal('invalid_dpop_proof', 'the client must send a DPoP proof with each token request');
    const rules = { method, url, nonce, requireNonce, now, used: this.#proofs };
    const thumbprint = proof === null ? undefined : await checkProof(proof, rules);
    const token = { clientId: client.id, ...target, expiresAt: now + lifetime, thumbprint };
    const value = await this.#valueOf(token, terms);
    this.issued.add({ value, ...token });
    return json({
      access_token: value,
      token_type: thumbprint === undefined ? 'Bearer' : 'DPoP',
      expires_in: Math.floor(lifetime / 1_000),
      ...(target.scope && { scope: target.scope }),
    });
  }

  /** @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2.1 | RFC 7009 §2.1} */
  async revoke({ headers }: Request, form: URLSearchParams, terms: Terms): Promise<Response> {
    const client = await this.#client(headers, form, terms);
    const token = form.get('token');
    if (token === null) throw invalidRequest('token is missing');
    const owner = this.issued.find(token, terms.now)?.clientId ?? client.id;
    if (owner !== client.id) throw invalidRequest('the token is of another client');
    this.issued.revoke(token);
    return new Response(null, { status: 200 });
  }

  /**
   * What is known of a token. A client without a secret or a key learns of its own tokens alone.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2 | RFC 7662 §2}
   */
  async introspect({ headers }: Request, form: URLSearchParams, terms: Terms): Promise<Response> {
    const client = await this.#client(headers, form, terms);
    const token = form.get('token');
    if (token === null) throw invalidRequest('token is missing');
    const found = this.issued.find(token, terms.now);
    if (found === undefined || (client.method === 'none' && found.clientId !== client.id))
      return json({ active: false });
    const { clientId, scope, audience, expiresAt, thumbprint } = found;
    return json({
      active: true,
      client_id: clientId,
      token_type: thumbprint === undefined ? 'Bearer' : 'DPoP',
      exp: Math.floor(expiresAt / 1_000),
      ...(scope && { scope }),
      ...(audience.length > 0 && { aud: audience }),
      ...(thumbprint && { cnf: { jkt: thumbprint } }),
    });
  }

  #client(headers: Headers, form: URLSearchParams, terms: Terms): Promise<RegisteredClient> {
    const { issuer, tokenEndpoint, now } = terms;
    const presented = presentedClient(headers, form);
    const rules = { audience: [issuer, tokenEndpoint], now, used: this.#assertions };
    return authenticate(presented, this.clients.get(presented.id), rules);
  }

  #valueOf(token: Omit<IssuedToken, 'value'>, { issuer, now, accessTokenFormat }: Terms): string | Promise<string> {
    const id = `token-${this.issued.next()}`;
    if (accessTokenFormat === 'opaque') return id;
    const { clientId, scope, audience, expiresAt, thumbprint } = token;
    const claims: JWTPayload = {
      iss: issuer,
      sub: clientId,
      client_id: clientId,
      aud: audience[0] ?? issuer,
      iat: Math.floor(now / 1_000),
      exp: Math.floor(expiresAt / 1_000),
      jti: id,
      ...(scope && { scope }),
      ...(thumbprint && { cnf: { jkt: thumbprint } }),
    };
    return this.key.sign(claims);
  }
}
