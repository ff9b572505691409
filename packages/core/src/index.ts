export { absoluteUrl } from './requests/absolute-url.ts';
export type { AccessToken } from './common/access-token.ts';
export type { AssertionAudience } from './credentials/assertion-claims.ts';
// For those who write an adapter for another client.
export type { Attempt, BearerAuthRequest, IncomingResponse, OutgoingRequest } from './requests/authorized-request.ts';
export { Authorizer, type BearerAuthOptions } from './requests/authorizer.ts';
export { clientAssertion } from './credentials/client-assertion.ts';
export type { ClientAuthentication, ClientAuthenticationMethod } from './credentials/client-authentication.ts';
export { selfSignedTlsClientAuth, tlsClientAuth } from './credentials/mutual-tls.ts';
export { clientSecretBasic, clientSecretJwt } from './credentials/client-secret.ts';
export { createTokenSource } from './source/client-token-source.ts';
export type { Clock } from './common/clock.ts';
export type { Credential } from './credentials/credential.ts';
export { discard } from './requests/discard.ts';
export {
  invalidOption,
  isTokenError,
  OAuthError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorDetails,
  tokenErrorOf,
  wrongClient,
} from './common/errors.ts';
export type { TokenEvent, TokenEventListener } from './common/events.ts';
export type { GetTokenOptions, TokenParameters, TokenSourceOptions } from './source/options.ts';
export type { PrivateKey, SigningAlgorithm } from './credentials/private-key.ts';
export { privateKeyJwt, type PrivateKeyJwtOptions } from './credentials/private-key-jwt.ts';
export { jwtBearer } from './credentials/jwt-bearer.ts';
export { proofKey, type ProofKey, type ProofKeyOptions } from './credentials/proof-key.ts';
export { refreshToken, type RefreshTokenOptions } from './credentials/refresh-token.ts';
export { flatHeaders, joinHeaders } from './requests/headers.ts';
export { nextHop } from './requests/redirect.ts';
export { canSendAgain } from './requests/body.ts';
export { sharedStore } from './fleet/shared-store.ts';
export { tokenExchange, type TokenExchangeOptions } from './credentials/token-exchange.ts';
export { extensionGrant, type TokenGrant } from './credentials/grant.ts';
export type { ClientTokenSource, TokenSource } from './source/token-source.ts';
export type { SharedStore, StoredValue, TokenStore } from './fleet/token-store.ts';
