// What the tests of an adapter need: the suite, and what a driver is made of. Jest must be around it.
export type { AdapterUnderTest, BodyPromise, Hooks, Outcome, RequestUnderTest } from './adapter.ts';
export { bodyPromises, unsupported } from './body-promises.ts';
export { describeAdapter } from './contract.ts';
export { installedVersion } from './installed-version.ts';
export { outcomeOf } from './outcome.ts';
export { describeRedirects, type FetchLike } from './redirect-contract.ts';
export { requestInit } from './request-init.ts';
export { sourceOf, until, useWorld, type World } from './world.ts';
