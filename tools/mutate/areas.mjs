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
    tests: [
      'packages/core/test/lifecycle/!(processes).test.ts',
      // What ends it, what it may ask again, and what it does for a source of the user's own.
      'packages/core/test/{authorizer,custom-source,private-key-jwt,revocation}.test.ts',
    ],
  },
  fleet: { mutate: ['packages/core/src/fleet/*.ts'], tests: ['packages/core/test/store/*.test.ts'] },
  redis: adapter('redis', 'fleet'),
  axios: { ...adapter('axios', 'contract-oldest|proxy'), mutate: ['packages/axios/src/!(proxy).ts'] },
  // Its tests load axios anew each time, which takes too long for changes elsewhere.
  'axios-proxy': {
    ...adapter('axios'),
    mutate: ['packages/axios/src/proxy.ts'],
    tests: ['packages/axios/test/proxy.test.ts'],
  },
  got: adapter('got'),
  ky: adapter('ky'),
  fetch: adapter('fetch'),
  undici: adapter('undici'),
};

function adapter(name, without = 'none') {
  return {
    package: name,
    mutate: [`packages/${name}/src/*.ts`],
    tests: [`packages/${name}/test/!(${without}).test.ts`],
  };
}
