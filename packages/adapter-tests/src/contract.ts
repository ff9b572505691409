import { describe } from '@jest/globals';
import type { AdapterUnderTest } from './adapter.ts';
import { aborts } from './contract/aborts.ts';
import { answers } from './contract/answers.ts';
import { bodies } from './contract/bodies.ts';
import { connections } from './contract/connections.ts';
import { dpop } from './contract/dpop.ts';
import { herds } from './contract/herds.ts';
import { misuse } from './contract/misuse.ts';
import { origins } from './contract/origins.ts';
import { ownSources } from './contract/own-sources.ts';
import { replay } from './contract/replay.ts';
import { rules } from './contract/rules.ts';
import { secrets } from './contract/secrets.ts';
import { useWorld } from './world.ts';

/** Runs every behaviour that an adapter must have. */
export function describeAdapter(adapter: AdapterUnderTest): void {
  describe(`bearerAuth with ${adapter.name}`, () => {
    const world = useWorld(adapter);
    for (const behaviours of [
      answers,
      rules,
      bodies,
      replay,
      connections,
      origins,
      herds,
      aborts,
      dpop,
      secrets,
      misuse,
      ownSources,
    ])
      behaviours(world);
  });
}
