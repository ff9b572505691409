import { SpanStatusCode } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { IdentityServer } from '@tokenline/adapter-tests';
import { type ClientTokenSource, createTokenSource, type TokenSourceOptions } from '@tokenline/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Telemetry } from './telemetry.ts';

let identity: IdentityServer;
let telemetry: Telemetry;
beforeAll(async () => (identity = await IdentityServer.start()));
afterAll(() => identity.close());
beforeEach(() => void (telemetry = new Telemetry()));
afterEach(() => telemetry.end());

const source = (options: Partial<TokenSourceOptions> = {}): ClientTokenSource =>
  createTokenSource({ ...identity.client, patience: 0, ...options });

describe('an acquisition is a span', () => {
  test('below that of the caller that caused it', async () => {
    await telemetry.inside('a request', () => source().getToken());
    const [caller, acquisition] = [telemetry.span('a request'), telemetry.span('tokenline.acquire')];
    expect(acquisition.parentSpanContext?.spanId).toBe(caller.spanContext().spanId);
    expect(acquisition.attributes).toEqual({
      'server.address': '127.0.0.1',
      'tokenline.background': false,
      'tokenline.client.id': 'orders',
      'tokenline.outcome': 'acquired',
      'tokenline.scope': 'orders.read orders.write',
      'tokenline.token.lifetime': 3_600,
    });
    expect(acquisition.ended).toBe(true);
  });

  test('to which the others that wait for it have a link', async () => {
    const tokens = source();
    const ask = (name: string) => telemetry.inside(name, () => tokens.getToken());
    await Promise.all([ask('the first'), ask('the second'), ask('the third')]);
    const acquisitions = telemetry.spans.filter(({ name }) => name === 'tokenline.acquire');
    expect(acquisitions).toHaveLength(1);
    const { spanId } = acquisitions[0]!.spanContext();
    const links = ['the first', 'the second', 'the third'].map((name) =>
      telemetry.span(name).links.map(({ context }) => context.spanId),
    );
    expect(links).toEqual([[], [spanId], [spanId]]);
  });

  test('with the error of one that fails, and no secret', async () => {
    const clientSecret = 'not-to-be-seen';
    await telemetry.inside('a request', () =>
      source({ clientSecret })
        .getToken()
        .catch(() => {}),
    );
    const { status, attributes, events } = telemetry.span('tokenline.acquire');
    expect(status.code).toBe(SpanStatusCode.ERROR);
    expect(status.message).toContain('invalid_client');
    expect(attributes).toMatchObject({ 'error.type': 'ERR_OAUTH_RESPONSE', 'tokenline.outcome': 'failed' });
    expect(JSON.stringify([status, attributes, events])).not.toContain(clientSecret);
    expect(status.message).toContain(new URL(identity.issuer).host);
    expect(status.message).not.toMatch(/:\/\/|\/connect/);
  });

  test('with the request to the token endpoint below it', async () => {
    const instrumentation = new UndiciInstrumentation();
    instrumentation.setTracerProvider(telemetry.tracerProvider);
    await telemetry.inside('a request', () => source().getToken());
    instrumentation.disable();
    const { spanId } = telemetry.span('tokenline.acquire').spanContext();
    const below = telemetry.spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === spanId);
    expect(below.map(({ attributes }) => attributes['url.path'])).toEqual([
      '/.well-known/openid-configuration',
      '/connect/token',
    ]);
  });
});

test('what is under way at its end is recorded as it is', async () => {
  let [arrive, release] = [(): void => {}, (): void => {}];
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  const hanging: typeof fetch = async (...request) => {
    arrive();
    await released;
    return fetch(...request);
  };
  const asked = source({ fetch: hanging }).getToken();
  await arrived;
  telemetry.stop();
  expect(telemetry.span('tokenline.acquire').attributes).not.toHaveProperty('tokenline.outcome');
  release();
  await asked;
});

test('nothing is recorded after its end', async () => {
  await telemetry.end();
  await source().getToken();
  expect(telemetry.spans).toEqual([]);
});
