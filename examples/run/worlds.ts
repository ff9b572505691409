import { ordersWorld } from './orders-world.ts';
import { redisWorld } from './redis-world.ts';
import { ordinaryWorld, type World } from './world.ts';

/** The examples that need more than the ordinary. */
const special: Readonly<Record<string, () => Promise<World>>> = {
  'got-microservice': redisWorld,
  sdk: ordersWorld,
};

/** What stands around the example of this name. */
export function worldOf(name: string): Promise<World> {
  return (special[name] ?? ordinaryWorld)();
}
