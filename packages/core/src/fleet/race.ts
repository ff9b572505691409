import type { IssuedToken } from '../common/issued-token.ts';
import type { SharedToken } from '../lifecycle/acquirer.ts';

/** How many milliseconds after the first look at the store the second one follows; each next wait is a quarter longer. */
export const shortest = 25;
export const longest = 500;

export function longer(wait: number): number {
  return Math.min(1.25 * wait, longest);
}

/** The two ways to a token. */
interface Contenders {
  readonly request: (signal: AbortSignal) => Promise<IssuedToken>;
  /** Looks for a token in the store. */
  readonly find: (signal: AbortSignal) => Promise<IssuedToken | undefined>;
  readonly rest: (wait: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Makes a request, or takes what another process, which may have begun long before, stores meanwhile. Looks once more before it
 * fails.
 */
export async function requestOrAdopt({ request, find, rest }: Contenders, signal: AbortSignal): Promise<SharedToken> {
  const controller = new AbortController();
  const end = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', end);
  const own = request(controller.signal).then(
    (issued): SharedToken => ({ issued }),
    async (error: unknown) => {
      const found = await find(controller.signal).catch(() => {});
      if (found === undefined) throw error;
      return { issued: found, adopted: true };
    },
  );
  const watch = async (): Promise<SharedToken> => {
    for (let wait = shortest; ; wait = longer(wait)) {
      await rest(wait, controller.signal);
      const found = await find(controller.signal);
      if (found !== undefined) return { issued: found, adopted: true };
    }
  };
  try {
    // Where the store fails, the request is all that is left.
    return await Promise.race([own, watch().catch(() => own)]);
  } finally {
    signal.removeEventListener('abort', end);
    controller.abort();
  }
}
