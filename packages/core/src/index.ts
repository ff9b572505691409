export { absoluteUrl } from './absolute-url.ts';
export type { AccessToken } from './access-token.ts';
export type { AssertionAudience } from './assertion-claims.ts';
// For those who write an adapter for another client.
export type { Attempt, BearerAuthRequest, IncomingResponse, OutgoingRequest } from './attempt.ts';
export { Authorizer, type BearerAuthOptions } from './authorizer.ts';
export { clientAssertion } from './client-assertion.ts';
export type { ClientAuthentication, ClientAuthenticationMethod } from './client-authentication.ts';
export { selfSignedTlsClientAuth, tlsClientAuth } from './client-identifier.ts';
export { clientSecretBasic, clientSecretJwt } from './client-secret.ts';
export { createTokenSource } from './client-token-source.ts';
export type { Clock } from './clock.ts';
export type { Credential } from './credential.ts';
export { discard } from './discard.ts';
export {
  invalidOption,
  isTokenError,
  OAuthError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorDetails,
  tokenErrorOf,
  wrongClient,
} from './errors.ts';
export type { TokenEvent, TokenEventListener } from './events.ts';
export type { GetTokenOptions, TokenParameters, TokenSourceOptions } from './options.ts';
export type { PrivateKey, SigningAlgorithm } from './private-key.ts';
export { privateKeyJwt, type PrivateKeyJwtOptions } from './private-key-jwt.ts';
export { jwtBearer } from './jwt-bearer.ts';
export { proofKey, type ProofKey, type ProofKeyOptions } from './proof-key.ts';
export { refreshToken, type RefreshTokenOptions } from './refresh-token.ts';
export { flatHeaders, joinHeaders } from './headers.ts';
export { nextHop } from './next-hop.ts';
export { canSendAgain } from './replayable-body.ts';
export { sharedStore } from './shared-store.ts';
export { tokenExchange, type TokenExchangeOptions } from './token-exchange.ts';
export { extensionGrant, type TokenGrant } from './token-grant.ts';
export type { ClientTokenSource, TokenSource } from './token-source.ts';
export type { SharedStore, StoredValue, TokenStore } from './token-store.ts';
