/**
 * For those who attach another HTTP client, or another store. Users need nothing of this.
 *
 * @module
 */
export { abandon, discard, keep, kindOf } from './common/body.ts';
export { causesOf } from './common/causes.ts';
export { invalidOption, wrongClient } from './common/errors.ts';
export { readDuration, readOptions } from './common/options.ts';
export { ownValue } from './common/own.ts';
export type { AuthorizedRequest } from './requests/authorized-request.ts';
export { Authorizer } from './requests/authorizer.ts';
export { conceal, concealHeaders } from './requests/conceal.ts';
export { type AnyHeaders, joinFlatHeaders, joinHeaders } from './requests/headers.ts';
export { asRedirected, followsByHand, type Hop, nextHop } from './requests/next-hop.ts';
export { absoluteUrl, isSameOrigin } from './requests/origins.ts';
export type { IncomingResponse, OutgoingRequest } from './requests/messages.ts';
export { type Redirect, redirectOf } from './requests/redirect.ts';
export { renewAfter } from './requests/refused-upload.ts';
export { SpareBody } from './requests/spare-body.ts';

// For the test kit, which waits as core does.
export { untilAborted } from './common/waiting.ts';

// For the command line, which shows what core knows.
export { redact } from './common/redaction.ts';
export { renewalAges } from './lifecycle/held-token.ts';
export { type Challenge, parseChallenges } from './requests/challenge.ts';
export { metadataPlaces } from './server/discovery.ts';
export { type IntrospectingServer, introspect } from './source/introspection.ts';
