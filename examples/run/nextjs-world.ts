import { type OrdinaryWorld, ordinaryWorld } from './world.ts';

/** The ordinary, with callers of both runtimes. */
export async function nextjsWorld(): Promise<OrdinaryWorld> {
  return {
    ...(await ordinaryWorld()),
    visit: async ({ call }) => {
      for (const runtime of ['node', 'edge']) await call(`/${runtime}/7`);
    },
  };
}
