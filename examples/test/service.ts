import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Exit, Program } from '../run/program.ts';
import { type OrdinaryWorld, ordinaryWorld } from '../run/world.ts';
import { credentialsIn, start } from './example.ts';

export interface ServiceOptions {
  /** Below which it has the orders of the API. @defaultValue `'/orders'` */
  readonly path?: string;
  /** How it ends when it gets a SIGTERM. @defaultValue with the status 0 */
  readonly end?: Exit;
}

/** What every example does that is a service in front of the API. */
export function testService(
  name: string,
  { path = '/orders', end = { status: 0, signal: null } }: ServiceOptions = {},
): void {
  describe(`${name}, ${path}`, () => {
    let world: OrdinaryWorld;
    let service: Program;
    let url: string;

    beforeAll(async () => {
      world = await ordinaryWorld();
      service = start(name, world);
      url = `${await service.wrote(/http:\S+/)}${path}`;
    });

    afterAll(async () => {
      await service.stop();
      await world[Symbol.asyncDispose]();
    });

    test('requests that arrive together cost one token request', async () => {
      const responses = await Promise.all(Array.from({ length: 50 }, (_, id) => fetch(`${url}/${id}`)));
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await responses[7]?.json()).toMatchObject({ path: '/orders/7' });
      expect(world.api.requests).toHaveLength(50);
      expect(world.api.requests.every(({ headers }) => headers.authorization?.startsWith('Bearer'))).toBe(true);
      expect(world.identity.tokenRequests).toHaveLength(1);
    });

    test('nobody notices that a token was revoked', async () => {
      world.identity.revokeAll();
      expect((await fetch(`${url}/1`)).status).toBe(200);
      expect(world.identity.tokenRequests).toHaveLength(2);
    });

    test('an API that fails is a 502, and the log has no credential', async () => {
      world.api.failNext();
      expect((await fetch(`${url}/1`)).status).toBe(502);
      await service.wrote(/503/);
      expect(credentialsIn(service.output, world)).toEqual([]);
    });

    test('it ends when it is told to', async () => {
      expect(await service.stop()).toEqual(end);
    });
  });
}
