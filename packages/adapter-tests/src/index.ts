// The servers alone, which run anywhere. The suite, which needs jest around it, is `@tokenline/adapter-tests/suite`.
export { type Answer, endless, redirect, unauthorized, unending } from './answer.ts';
export { ApiServer, type ApiServerOptions, type ReceivedRequest } from './api-server.ts';
export { IdentityServer, type IdentityServerOptions, type Outage } from './identity-server.ts';
export { answeredPreflight } from './cors.ts';
export { demand, DPoPGuard } from './dpop-guard.ts';
export { close, listen } from './listen.ts';
export type { Registrations } from './provider.ts';
export { freePort, RedisServer, type RedisServerOptions } from './redis-server.ts';
