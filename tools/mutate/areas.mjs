/**
 * What can be mutated, and by which tests: those that say how it behaves, as few as know all of it. A test that starts processes
 * sees nothing of a mutant.
 */
export const areas = {
  lifecycle: {
    mutate: [
      ...['token-lifecycle', 'held-token', 'gate', 'health', 'refusals', 'acquisition'].map(
        (file) => `packages/core/src/lifecycle/${file}.ts`,
      ),
      ...['backoff', 'single-flight', 'lru-cache'].map((file) => `packages/core/src/common/${file}.ts`),
    ],
    tests: ['packages/core/test/lifecycle/!(processes).test.ts'],
  },
  fleet: { mutate: ['packages/core/src/fleet/*.ts'], tests: ['packages/core/test/store/*.test.ts'] },
  redis: { mutate: ['packages/redis/src/*.ts'], tests: ['packages/redis/test/!(fleet).test.ts'] },
  axios: adapter('axios', 'contract-oldest'),
  got: adapter('got', 'none'),
  ky: adapter('ky', 'none'),
  fetch: adapter('fetch', 'none'),
  undici: adapter('undici', 'none'),
};

function adapter(name, without) {
  return { mutate: [`packages/${name}/src/*.ts`], tests: [`packages/${name}/test/!(${without}).test.ts`] };
}
