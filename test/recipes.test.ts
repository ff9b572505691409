import { afterEach, describe, expect, test } from '@jest/globals';
import { bearerAuth, TokenError } from '@tokenline/fetch';
import { azureIdentity, azureMachine } from './recipes/azure.ts';
import { githubApp } from './recipes/github.ts';
import { googleCompute, googleFederation, googleMachine, googleServiceAccount } from './recipes/google.ts';
import { loginApi } from './recipes/login.ts';
import type { Recipe, StandIn } from './recipes/recipe.ts';
import { page, RunningRecipe } from './recipes/running-recipe.ts';
import { tokenFile } from './recipes/token-file.ts';

const libraries: Recipe[] = [azureIdentity, googleServiceAccount, googleFederation, googleCompute, githubApp];
const machines: Recipe[] = [azureMachine, googleMachine];
const recipes: Recipe[] = [...libraries, loginApi, tokenFile, ...machines];

let running: RunningRecipe | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function run<T extends StandIn>(recipe: Recipe<T>, changes?: Record<string, string>): Promise<RunningRecipe<T>> {
  const started = await RunningRecipe.start(recipe, changes);
  running = started;
  return started;
}

const minute = 60_000;
const acquisition = ['requested', 'acquired'];

test('every recipe of the page is run', () => {
  expect([...new Set(recipes.map(({ heading }) => heading))]).toEqual([...page.keys()]);
});

describe.each(recipes)('the recipe $heading, with $service', (recipe) => {
  test('brings one token for a herd, which the API takes', async () => {
    const started = await run(recipe);
    expect(await started.herd()).toEqual([200]);
    expect(started.events).toEqual(acquisition);
    expect(started.shown).toEqual(started.standIn.issuer.tokens);
    expect(started.shown).toHaveLength(1);
  });

  test('says when the token expires, to the second', async () => {
    const { source, standIn } = await run(recipe);
    const { expiresAt = 0 } = await source.getToken();
    expect(Math.abs(expiresAt - Date.now() - standIn.issuer.lifetime)).toBeLessThanOrEqual(1_000);
  });

  test('renews the token ahead of time, while it is in use', async () => {
    const started = await run(recipe);
    await started.get();
    await started.elapse(started.standIn.issuer.lifetime - 2.5 * minute);
    await started.get();
    expect(started.shown).toHaveLength(1);
    await started.renewed();
    expect(await started.herd()).toEqual([200]);
    expect(started.events).toEqual([...acquisition, ...acquisition]);
    expect(started.shown).toEqual(started.standIn.issuer.tokens);
  });

  test('replaces a token that the API refuses, once for all', async () => {
    const started = await run(recipe);
    await started.get();
    await started.standIn.revoke();
    expect(await started.herd()).toEqual([200]);
    expect(started.events).toEqual([...acquisition, 'rejected', ...acquisition]);
    expect(started.shown).toEqual(started.standIn.issuer.tokens);
    expect(started.shown).toHaveLength(2);
  });
});

describe('without what gets past the cache of the library, a refused token comes back', () => {
  test.each([
    { recipe: googleServiceAccount, past: /^.*client\.setCredentials.*\n/m },
    { recipe: googleFederation, past: /^.*client\.setCredentials.*\n/m },
    { recipe: githubApp, past: /, refresh: true/ },
  ])('$recipe.heading, with $recipe.service', async ({ recipe, past }) => {
    const [line = ''] = past.exec(page.get(recipe.heading) ?? '') ?? [];
    const started = await run(recipe, { [line]: '' });
    await started.get();
    await started.standIn.revoke();
    expect(await started.get()).toBe(401);
    expect(started.events).toEqual([...acquisition, 'rejected', 'requested', 'discarded', 'failed']);
  });
});

describe.each([googleCompute, ...machines])('the metadata service of $service, by $heading,', (recipe) => {
  test('is not asked while it has no other token', async () => {
    const started = await run(recipe);
    await started.get();
    await started.elapse(started.standIn.issuer.lifetime - 4.5 * minute);
    await started.get();
    await started.get();
    expect(started.events).toEqual(acquisition);
  });

  test('may give a token that others have had for long', async () => {
    const started = await run(recipe);
    const { source, standIn } = started;
    await source.with({ audience: 'other' }).getToken();
    await started.elapse(standIn.issuer.lifetime / 2);
    const { value, expiresAt = 0 } = await source.getToken();
    expect(standIn.issuer.tokens).toEqual([value]);
    expect(Math.abs(expiresAt - Date.now() - standIn.issuer.lifetime / 2)).toBeLessThanOrEqual(1_000);
  });
});

describe.each([googleCompute, ...machines, tokenFile])('with $service, by $heading,', (recipe) => {
  test('a refused token is replaced as soon as there is another one', async () => {
    const started = await run(recipe);
    await started.get();
    started.standIn.issuer.revokeAll();
    expect(await started.herd()).toEqual([401]);
    expect(started.api.requests).toHaveLength(101);
    expect(started.events).toEqual([...acquisition, 'rejected', 'requested', 'discarded', 'failed']);
    await started.elapse(minute);
    await started.standIn.revoke();
    expect(await started.herd()).toEqual([200]);
    expect(started.standIn.issuer.tokens).toHaveLength(2);
  });
});

test('a GitHub App has a token for each installation', async () => {
  const started = await run(githubApp);
  const { source, api, standIn } = started;
  const other = bearerAuth(fetch, source.with({ parameters: { installation: '8' } }), { origins: [api.origin] });
  await Promise.all([started.get(), started.get(other), started.get(), started.get(other)]);
  expect(started.shown.toSorted()).toEqual([expect.stringMatching(/^ghs_7_/), expect.stringMatching(/^ghs_8_/)]);
  expect(standIn.issuer.tokens).toHaveLength(2);
});

describe('a login API', () => {
  test.each([
    { that: 'refuses the password is a matter for people', answer: { status: 401 }, transient: false },
    { that: 'is down may be up again', answer: { status: 503 }, transient: true },
    {
      that: 'is busy says for how long',
      answer: { status: 429, headers: { 'retry-after': '7' } },
      transient: true,
      retryAfter: 7_000,
    },
  ])('that $that', async ({ answer, transient, retryAfter }) => {
    const impatient = { 'createCustomTokenSource({': 'createCustomTokenSource({ patience: 0,' };
    const { standIn, source } = await run(loginApi, impatient);
    standIn.next = answer;
    const error = await source.getToken().catch((reason: unknown) => reason as TokenError);
    expect(error).toBeInstanceOf(TokenError);
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient });
    expect((error as TokenError).retryAfter).toBe(retryAfter);
  });
});
