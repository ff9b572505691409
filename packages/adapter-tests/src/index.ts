// The servers alone: they run anywhere, while the suite, which only this package's own tests import, needs jest around it.
export { type Answer, endless, redirect, unauthorized } from './answer.ts';
export { ApiServer, type ApiServerOptions, type ReceivedRequest } from './api-server.ts';
export { IdentityServer, type IdentityServerOptions, type Outage } from './identity-server.ts';
export { RedisServer } from './redis-server.ts';
