import { test } from '@jest/globals';
import type { Gap } from '../adapter.ts';
import type { World } from '../world.ts';

/** A behaviour that an adapter may lack, if it says why: the report then shows it as skipped, with that reason. */
export function testUnless(world: World, gap: Gap, title: string, body: () => Promise<void>): void {
  const reason = world.adapter.gaps[gap];
  if (reason === undefined) test(title, body);
  // oxlint-disable-next-line jest/no-disabled-tests -- a gap that is said is better than a test that is not there
  else test.skip(`${title} (${reason})`, body);
}
