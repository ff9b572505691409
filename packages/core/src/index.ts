export type { AccessToken } from './access-token.ts';
// For those who write an adapter for another client.
export type { Attempt, BearerAuthRequest, IncomingResponse, OutgoingRequest } from './attempt.ts';
export { Authorizer, type BearerAuthOptions } from './authorizer.ts';
export type { Clock } from './clock.ts';
export { discard } from './discard.ts';
export {
  invalidOption,
  isTokenError,
  OAuthError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorDetails,
  tokenErrorOf,
} from './errors.ts';
export type { TokenEvent, TokenEventListener } from './events.ts';
export type {
  ClientAuthenticationMethod,
  ClientSecret,
  DPoPOptions,
  GetTokenOptions,
  TokenParameters,
  TokenSourceOptions,
} from './options.ts';
export { canSendAgain } from './replayable-body.ts';
export { type ClientTokenSource, createTokenSource, type TokenSource } from './token-source.ts';
