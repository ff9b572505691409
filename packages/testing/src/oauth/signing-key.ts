import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

const algorithm = 'ES256';
const kid = 'key-1';

/** The key that the server signs tokens with, made when it is first needed. */
export class SigningKey {
  #pair: ReturnType<typeof generateKeyPair> | undefined;

  /** The public part, as the server publishes it. */
  async jwk(): Promise<JWK> {
    const { publicKey } = await this.#keys();
    return { ...(await exportJWK(publicKey)), alg: algorithm, use: 'sig', kid };
  }

  /** A JWT access token. @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-2 | RFC 9068 §2} */
  async sign(claims: JWTPayload): Promise<string> {
    const { privateKey } = await this.#keys();
    return new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid }).sign(privateKey);
  }

  #keys(): ReturnType<typeof generateKeyPair> {
    return (this.#pair ??= generateKeyPair(algorithm));
  }
}
