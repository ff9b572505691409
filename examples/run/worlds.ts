import { mtlsWorld } from './mtls-world.ts';
import { nextjsWorld } from './nextjs-world.ts';
import { ordersWorld } from './orders-world.ts';
import { privateKeyJwtWorld } from './private-key-jwt-world.ts';
import { redisWorld } from './redis-world.ts';
import { twoApisWorld } from './two-apis-world.ts';
import { unpaidWorld } from './unpaid-world.ts';
import { ordinaryWorld, type World } from './world.ts';

/** The examples that need more than the ordinary. */
const special: Readonly<Record<string, () => Promise<World>>> = {
  'got-microservice': redisWorld,
  mtls: mtlsWorld,
  nextjs: nextjsWorld,
  'private-key-jwt': privateKeyJwtWorld,
  'scheduled-job': unpaidWorld,
  sdk: ordersWorld,
  'two-apis': twoApisWorld,
};

/** What stands around the example of this name. */
export function worldOf(name: string): Promise<World> {
  return (special[name] ?? ordinaryWorld)();
}
