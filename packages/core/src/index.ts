export type { AccessToken, AnyToken } from './common/access-token.ts';
export type { Clock } from './common/clock.ts';
export {
  isTokenError,
  OAuthError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorDetails,
  tokenErrorOf,
} from './common/errors.ts';
export type {
  EventOrigin,
  StoreFailureReason,
  StoreOperation,
  TokenEvent,
  TokenEventDetails,
  TokenEventListener,
} from './common/events.ts';
export type { AcquisitionTrace } from './common/tracing.ts';
export type { AssertionAudience } from './credentials/assertion-claims.ts';
export { clientAssertion } from './credentials/client-assertion.ts';
export type { ClientAuthentication, ClientAuthenticationMethod } from './credentials/client-authentication.ts';
export { clientSecretBasic, clientSecretJwt } from './credentials/client-secret.ts';
export type { Credential } from './credentials/credential.ts';
export { extensionGrant, type TokenGrant } from './credentials/grant.ts';
export { jwtBearer } from './credentials/jwt-bearer.ts';
export { selfSignedTlsClientAuth, tlsClientAuth } from './credentials/mutual-tls.ts';
export type { PrivateJwk, PrivateKey, SigningAlgorithm, WebCryptoKey } from './credentials/private-key.ts';
export { privateKeyJwt, type PrivateKeyJwtOptions } from './credentials/private-key-jwt.ts';
export { proofKey, type ProofKeyOptions } from './credentials/proof-key.ts';
export type { ProofKey } from './credentials/prover.ts';
export { refreshToken, type RefreshTokenOptions } from './credentials/refresh-token.ts';
export { tokenExchange, type TokenExchangeOptions } from './credentials/token-exchange.ts';
export { sharedStore } from './fleet/shared-store.ts';
export type { StoreReport } from './fleet/store-report.ts';
export type { SharedStore, StoredValue, TokenStore } from './fleet/token-store.ts';
export type { GetTokenOptions, TokenParameters } from './lifecycle/token-parameters.ts';
export type { BearerAuthOptions } from './requests/authorizer.ts';
export type { BearerAuthRequest, Refused } from './requests/messages.ts';
export type { Fetch, FetchedResponse, FetchOptions } from './server/http.ts';
export { createTokenSource } from './source/client-token-source.ts';
export { createCustomTokenSource } from './source/custom-token-source.ts';
export type { AcquireRequest, CustomToken, CustomTokenSourceOptions, TokenSourceOptions } from './source/options.ts';
export type { ClientTokenSource, TokenSource } from './source/token-source.ts';
