/** What `getToken()` of a credential resolves with. */
export interface AccessToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  readonly refreshAfterTimestamp?: number;
}

/**
 * Stands in for the class of this name in `@azure/identity`, which takes no authority on plain http: the same interface,
 * the same wire and the same cache.
 */
export class ClientSecretCredential {
  readonly #url: string;
  readonly #client: Record<string, string>;
  readonly #cache: Map<string, AccessToken> = new Map();

  constructor(tenant: string, clientId: string, clientSecret: string) {
    this.#url = `${process.env.AZURE_AUTHORITY_HOST}/${tenant}/oauth2/v2.0/token`;
    this.#client = { client_id: clientId, client_secret: clientSecret };
  }

  async getToken(scope: string, { abortSignal }: { abortSignal: AbortSignal }): Promise<AccessToken> {
    const cached = this.#cache.get(scope);
    if (cached !== undefined && cached.expiresOnTimestamp - Date.now() > 300_000) return cached;
    const form = new URLSearchParams({ ...this.#client, scope, grant_type: 'client_credentials' });
    const response = await fetch(this.#url, { method: 'POST', body: form, signal: abortSignal });
    if (!response.ok) throw new Error(`${response.status}`);
    const answer = (await response.json()) as { access_token: string; expires_in: number; refresh_in: number };
    const token = {
      token: answer.access_token,
      expiresOnTimestamp: Date.now() + answer.expires_in * 1_000,
      refreshAfterTimestamp: Date.now() + answer.refresh_in * 1_000,
    };
    this.#cache.set(scope, token);
    return token;
  }
}
