import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { caseFor } from '../src/case.ts';
import { clients } from '../src/clients.ts';
import { withoutMeant } from '../src/meant.ts';
import { run } from '../src/run.ts';

const { FUZZ_SEED = '1', FUZZ_RUNS = '80', FUZZ_PATH } = process.env;

test.each(clients)('$name with a token behaves as it does with a fixed header', async (client) => {
  const property = fc.asyncProperty(caseFor(client), async (given) => {
    const plain = await run(client, given, false);
    const attached = await run(client, given, true);
    expect(withoutMeant(attached, given, true)).toEqual(withoutMeant(plain, given, false));
  });
  await fc.assert(property, {
    seed: Number(FUZZ_SEED),
    numRuns: Number(FUZZ_RUNS),
    ...(FUZZ_PATH !== undefined && { path: FUZZ_PATH }),
  });
});
