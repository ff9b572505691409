import type { TokenSource } from '@tokenline/core';
import { streams } from './body.ts';
import type { Case } from './case.ts';
import { type Answered, type Client, hasOwnToken } from './client.ts';
import { type Seen, Servers } from './servers.ts';
import { type Described, describe, normalised } from './shown.ts';

/** What came of a case. */
export interface Run {
  /** What arrived, in the order of arrival. */
  readonly seen: readonly Seen[];
  /** Where tokens arrived, in the same order. */
  readonly tokens: readonly { readonly at: 'own' | 'foreign'; readonly token: string | undefined }[];
  /** What the caller saw. */
  readonly outcome: { readonly failed?: Described };
}

/** How long a request may take that is meant to end, however busy the machine is. */
const patience = 15_000;
/** What the API accepts. */
export const good = 'Bearer good';

/** Runs a case with the plain client or the attached one. */
export async function run(client: Client, given: Case, isAttached: boolean): Promise<Run> {
  const controller = new AbortController();
  const servers = await Servers.start({
    answers: given.answers,
    refuses: (authorization) => authorization === 'Bearer stale',
    arrives() {
      if (given.abort === 'on arrival') controller.abort();
      return given.abort === 'never' && !given.timesOut;
    },
  });
  if (given.abort === 'before') controller.abort();
  const { own, foreign } = servers;
  const origins = given.several ? [own, 'https://other.example.com'] : [own];
  let timer: NodeJS.Timeout | undefined;
  const hanging = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), patience);
  });
  try {
    const attached = isAttached ? { source: sourceOf(mayBeStale(client, given)), options: { origins } } : undefined;
    const signal = given.abort === 'never' ? undefined : controller.signal;
    const sending = client.send({
      ...given,
      own,
      foreign,
      attached,
      signal,
      token: isAttached || hasOwnToken(given) ? undefined : good,
    });
    const outcome = await Promise.race([sending, hanging]).then(
      ({ headers, ...answered }: Answered) => ({ ...answered, headers: [...headers] }),
      (error: unknown) => ({ failed: describe(error) }),
    );
    const { seen } = servers;
    const sent = given.timesOut ? [] : seen;
    const tokens = sent.map(({ at, headers }) => ({ at, token: headers.find(([name]) => isToken(name))?.[1] }));
    const bare = sent.map(({ headers, ...request }) => ({
      ...request,
      headers: headers.filter(([name]) => !isToken(name)),
    }));
    return normalised(servers)({ seen: bare, tokens, outcome }) as Run;
  } finally {
    clearTimeout(timer);
    await servers.close();
  }
}

/** A request that is sent once more must be one that can be. */
function mayBeStale(client: Client, given: Case): boolean {
  return given.stale && !(given.body && streams.includes(given.body.kind)) && client.isOnce?.(given) !== true;
}

/** A source that hands out a stale token until that is refused. */
function sourceOf(isStale: boolean): TokenSource {
  let value = isStale ? 'stale' : 'good';
  return {
    async getToken({ rejected } = {}) {
      if (rejected !== undefined) value = 'good';
      return { value, type: 'Bearer', expiresAt: undefined, scope: undefined };
    },
  };
}

function isToken(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}
