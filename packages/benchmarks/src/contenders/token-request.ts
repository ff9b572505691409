import type { Target } from '../contender.ts';

export interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
}

/** The token request as one writes it by hand, for contenders that leave it to their users. */
export async function requestToken({ tokenEndpoint, clientId, clientSecret, scope }: Target): Promise<TokenResponse> {
  const response = await fetch(tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope,
    }),
  });
  if (!response.ok) throw new Error(`the token endpoint answered with status ${response.status}`);
  return (await response.json()) as TokenResponse;
}
