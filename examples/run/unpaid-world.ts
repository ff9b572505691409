import { type OrdinaryWorld, ordinaryWorld } from './world.ts';

/** The ordinary, with three orders that nobody has paid. */
export function unpaidWorld(): Promise<OrdinaryWorld> {
  return ordinaryWorld(() => Response.json([1, 2, 3].map((id) => ({ id }))));
}
