import { describe, expect, test } from '@jest/globals';
import { isDowngrade, Origins } from '../src/requests/origins.ts';
import { expectLinearTime } from './linear-time.ts';
import { misuse, source } from './support.ts';

const api = 'https://api.example.com';
const origins = (base?: string | URL, more?: unknown, insecure = false): Origins =>
  new Origins(base, more as string[] | undefined, insecure);

describe('a token may go', () => {
  test.each([
    ['to the origin itself', api],
    ['to its root', `${api}/`],
    ['to any path', `${api}/orders/7?x=1#y`],
    ['to a query without a path', `${api}?x=1`],
    ['to a fragment without a path', `${api}#x`],
    ['to its default port', `${api}:443/orders`],
    ['to the host in any case', 'https://API.Example.COM/orders'],
    ['to the scheme in any case', 'HTTPS://api.example.com/orders'],
    ['with credentials before the host', 'https://user:pass@api.example.com/orders'],
    ['to a path that holds an at sign', `${api}/@evil.com`],
    ['to a query that holds an at sign', `${api}?@evil.com`],
    ['past a backslash, which stands for a slash', `${api}\\@evil.com`],
    ['past blanks, which mean nothing', ` \n${api}/\torders`],
    ['past a tab in the host, which means nothing', 'https://api.exam\tple.com/'],
    ['to the host in other letters that mean the same', 'https://ａpi.example.com/'],
  ])('%s', (_, url) => {
    expect(origins(`${api}/v1`).allows(url)).toBe(true);
    expect(origins(undefined, [api]).allows(url)).toBe(true);
  });

  test('to the origin of the base URL and to all others that were named', () => {
    const several = origins(`${api}/v1/`, ['https://b.example.com', new URL('https://c.example.com:8443/')]);
    for (const url of [`${api}/`, 'https://b.example.com/x', 'https://c.example.com:8443/x']) {
      expect(several.allows(url)).toBe(true);
    }
    expect(several.allows('https://c.example.com/')).toBe(false);
  });
});

describe('a token never goes', () => {
  test.each([
    ['to another host', 'https://evil.com/'],
    ['to a host that begins the same', 'https://api.example.com.evil.com/'],
    ['to a host that begins the same, without a dot', 'https://api.example.community/'],
    ['to a subdomain', 'https://evil.api.example.com/'],
    ['to the parent domain', 'https://example.com/'],
    ['to the host as a user name', 'https://api.example.com@evil.com/'],
    ['to the host as a user name with a password', 'https://api.example.com:443@evil.com/'],
    ['to the host as a path', 'https://evil.com/https://api.example.com/'],
    ['past a backslash to another host', 'https://evil.com\\@api.example.com/'],
    ['past a tab to another host', 'https://api.example.com\t.evil.com/'],
    ['past a line feed to another host', 'https://api.example.com\n@evil.com/'],
    ['past an encoded slash to another host', 'https://api.example.com%2F@evil.com/'],
    ['to another port', `${api}:8443/`],
    ['to a port that begins the same', `${api}:4430/`],
    ['to http', 'http://api.example.com/'],
    ['to http on the port of https', 'http://api.example.com:443/'],
    ['to another scheme', 'ftp://api.example.com/'],
    ['to a web socket', 'wss://api.example.com/'],
    ['to the host with a trailing dot', 'https://api.example.com./'],
    ['to a blob of the origin', `blob:${api}/x`],
    ['to data', 'data:text/plain,x'],
    ['to a relative URL', '/orders'],
    ['to another host without a scheme', '//evil.com/'],
    ['to nothing', ''],
    ['to what is no URL', 'https://'],
    ['to a host that no URL can have', 'https://api.example.com :443/'],
  ])('%s', (_, url) => {
    expect(origins(`${api}/v1`).allows(url)).toBe(false);
  });
});

describe('loopback needs no https', () => {
  test.each([
    'http://localhost:3000',
    'http://LOCALHOST',
    'http://api.localhost',
    'http://a.b.localhost:80',
    'http://127.0.0.1:3000',
    'http://127.255.255.254',
    'http://127.1',
    'http://0x7f.0.0.1',
    'http://2130706433',
    'http://[::1]:3000',
    'http://[0:0:0:0:0:0:0:1]',
  ])('at %s', (base) => {
    expect(origins(base).allows(`${base}/orders`)).toBe(true);
    expect(origins(undefined, [base]).allows(`${base}/orders`)).toBe(true);
  });

  test.each([
    'http://localhost.evil.com',
    'http://evil-localhost',
    'http://localhost.',
    'http://127.0.0.1.evil.com',
    'http://128.0.0.1',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[::2]',
    'http://127.0.0.1@evil.com',
    'http://10.0.0.1',
    'http://api.example.com',
  ])('but %s is not loopback', (base) => {
    expect(misuse(() => origins(base))).toContain('https');
    expect(() => origins(base, undefined, true)).not.toThrow();
  });

  test('and only on the port that was named', () => {
    expect(origins('http://localhost:3000').allows('http://localhost:3001/')).toBe(false);
    expect(origins('http://localhost:3000').allows('http://127.0.0.1:3000/')).toBe(false);
  });
});

describe('at construction', () => {
  test.each<[string, Parameters<typeof origins>, message: string]>([
    ['no base URL and no origins', [], 'origins'],
    ['an empty base URL', [''], 'origins'],
    ['a relative base URL', ['/api'], 'origins'],
    ['no base URL and an empty list', [undefined, []], 'origins'],
    ['origins that are text', [undefined, api], 'origins must be a list'],
    ['origins that are null', [api, null], 'origins must be a list'],
    ['an origin that is no URL', [api, ['api.example.com']], 'origins must hold'],
    ['an origin that is a number', [api, [7]], 'origins must hold'],
    ['a wildcard', [api, ['https://*.example.com']], 'no wildcard'],
    ['an origin with a path', [api, ['https://b.example.com/v1']], "pass 'https://b.example.com'"],
    ['an origin with a path', [api, [`${api}/v1`]], 'without'],
    ['an origin with a query', [api, [`${api}?x`]], 'without'],
    ['an origin with a fragment', [api, [`${api}/#x`]], 'without'],
    ['an origin with credentials', [api, ['https://user:pass@api.example.com']], 'without'],
    ['an origin that is only a user name', [api, ['https://api.example.com@evil.com']], 'without'],
    ['an origin on http', [api, ['http://api.example.com']], 'http://api.example.com without https'],
    ['a base URL on http', ['http://api.example.com/v1'], 'http://api.example.com without https'],
    ['a base URL that is a file', ['file:///orders'], 'https'],
    ['a base URL of another scheme, whatever is allowed', ['ftp://api.example.com', undefined, true], 'https'],
    ['an origin that is data', [api, ['data:'], true], 'must'],
  ])('%s is refused', (_, parameters, message) => {
    expect(misuse(() => origins(...parameters))).toContain(message);
  });

  test('a relative base URL is that of the page, where there is one', () => {
    const page = { configurable: true, value: { href: 'https://app.example.com/start' } };
    Object.defineProperty(globalThis, 'location', page);
    try {
      expect(origins('/api').allows('https://app.example.com/api/orders')).toBe(true);
      expect(misuse(() => origins(''))).toContain('origins');
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
    }
  });

  test('what to pass is said where nothing was passed', () => {
    expect(misuse(() => origins())).toContain(`{ origins: ['https://api.example.com'] }`);
  });

  test('a base URL may be a URL object, and what happens to it later has no effect', () => {
    const base = new URL(`${api}/v1`);
    const list = ['https://b.example.com'];
    const early = origins(base, list);
    base.host = 'evil.com';
    list.push('https://evil.com');
    expect(early.allows(`${api}/`)).toBe(true);
    expect(early.allows('https://evil.com/')).toBe(false);
  });

  test('a default port and a trailing slash make no other origin', () => {
    expect(origins(undefined, [`${api}:443/`]).allows(`${api}/x`)).toBe(true);
  });
});

test.each<[string, (count: number) => string]>([
  ['slashes', (count) => `https://api.example.com${'/'.repeat(count)}x`],
  ['steps up', (count) => `https://api.example.com/${'a/../'.repeat(count / 4)}x`],
  ['labels', (count) => `https://${'a.'.repeat(count / 2)}example.com`],
  ['white space', (count) => `https://api.example.com/${' '.repeat(count)}x`],
])('a URL of many %s takes linear time, wherever it stands', (_, urlOf) => {
  expectLinearTime((count) => {
    const url = urlOf(count);
    const allowed = origins(url);
    allowed.allows(url.replace('api', 'other'));
    isDowngrade(url.replace('https:', 'http:'), allowed);
    source({ issuer: url });
    source({ tokenEndpoint: url, revocationEndpoint: url, resource: url });
  }, 128_000);
});
