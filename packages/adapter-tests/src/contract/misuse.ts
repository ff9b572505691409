import { describe, expect, test } from '@jest/globals';
import type { TokenSource } from '@tokenline/core';
import type { World } from '../world.ts';

const invalid = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_OPTION' });

/** What is wrong from the start is said at the start. */
export function misuse(world: World): void {
  const attach = (client: unknown, source: unknown, options?: { origins: string[] }): unknown => {
    try {
      return world.adapter.bearerAuth(client as never, source as TokenSource, options);
    } catch (error) {
      return error;
    }
  };

  describe('bearerAuth throws a TypeError', () => {
    test.each([undefined, null, {}, 'token', () => 'token', { getToken: 'token' }])('for the source %p', (source) => {
      expect(attach(world.adapter.bareClient(), source, { origins: [world.api.origin] })).toEqual(invalid);
    });

    test.each([undefined, null, {}, 'https://api.example.com', 7])('for the client %p', (client) => {
      const error = attach(client, world.source(), { origins: [world.api.origin] });
      expect(error).toEqual(invalid);
      expect(error).toMatchObject({ message: expect.stringMatching(/ needs an? \w+ \w+/) });
    });

    test('for a client without a base URL, unless it is told the origins', () => {
      expect(attach(world.adapter.bareClient(), world.source())).toEqual(invalid);
      expect(attach(world.adapter.bareClient(), world.source(), { origins: [] })).toEqual(invalid);
      expect(attach(world.adapter.bareClient(), world.source(), { origins: [world.api.origin] })).not.toEqual(invalid);
    });

    test.each(['http://api.example.com', 'https://api.example.com/v1', 'api.example.com', 'ftp://api.example.com'])(
      'for the origin %s',
      (origin) => {
        expect(attach(world.adapter.bareClient(), world.source(), { origins: [origin] })).toEqual(invalid);
      },
    );
  });
}
