import { type Credential, readCredential } from './credential.ts';
import { withDeadline } from '../common/deadline.ts';
import { invalidOption, TokenError } from '../common/errors.ts';
import { type GrantParameters, grantOf, type ReadableGrant, type Rotation, type TokenGrant } from './grant.ts';
import { untilAborted } from '../common/until-aborted.ts';

/** The options of {@link refreshToken}: where the user keeps the refresh token. */
export interface RefreshTokenOptions {
  /** Gives the refresh token as it is now. */
  readonly load: () => string | Promise<string>;
  /** Keeps the refresh token that replaces it. No access token of that answer is used before this is done. */
  readonly save: (refreshToken: string) => unknown;
}

/**
 * Asks for tokens with a refresh token that somebody's consent brought, and that the server may replace at each use.
 *
 * One request at a time uses it, and the next one uses what came of that: give the same value to every source of this
 * process that shares the refresh token. A request goes on to its end though nobody waits for it any more, since its
 * answer may hold the only refresh token that is still good.
 *
 * @example
 * ```ts
 * const grant = refreshToken({ load: () => readFile(file, 'utf8'), save: (token) => writeFile(file, token) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when `load` or `save` is no function.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 | RFC 6749 §6}
 */
export function refreshToken(options: RefreshTokenOptions): TokenGrant {
  const { load, save } = options ?? {};
  if (typeof load !== 'function' || typeof save !== 'function')
    throw invalidOption('refreshToken takes an object of two functions: { load, save }');
  const rotation = new RefreshTokenRotation(load, save);
  const grant: ReadableGrant = {
    ...grantOf('refresh_token', { refresh_token: load }),
    read: (signal) => rotation.read(signal),
    rotation,
  };
  return grant;
}

class RefreshTokenRotation implements Rotation {
  readonly #load: Credential;
  readonly #save: RefreshTokenOptions['save'];
  /** What the server sent and the user's store has not taken yet. */
  #unsaved: string | undefined;
  /** What was read last, unless a request has begun since. */
  #latest: GrantParameters | undefined;
  #turns = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(load: Credential, save: RefreshTokenOptions['save']) {
    this.#load = load;
    this.#save = save;
  }

  async read(signal: AbortSignal): Promise<GrantParameters> {
    const turns = this.#turns;
    const token = this.#unsaved ?? (await readCredential('load', this.#load, signal));
    const parameters = { refresh_token: token };
    if (turns === this.#turns) this.#latest = parameters;
    return parameters;
  }

  inTurn<T>(
    read: GrantParameters,
    request: (current: GrantParameters, signal: AbortSignal) => Promise<T>,
    timeout: number,
    signal: AbortSignal,
  ): Promise<T> {
    const late = (): TokenError =>
      new TokenError('ERR_TOKEN_TIMEOUT', `no answer to a refresh token within ${timeout} ms`, { transient: true });
    const turn = this.#queue.then(async () => {
      signal.throwIfAborted();
      await this.#saveWhatIsLeft();
      const current = read === this.#latest ? read : await this.read(signal);
      try {
        // Its answer may hold the only refresh token that is still good: it is read, whoever waits for it.
        return await withDeadline(timeout, late, (end) => request(current, end));
      } finally {
        this.#turns++;
        this.#latest = undefined;
      }
    });
    // Whoever asked for it reports the failure; the next one has its turn in any case.
    this.#queue = turn.catch(() => {});
    return untilAborted(turn, signal);
  }

  ended(): Promise<unknown> {
    return this.#queue;
  }

  async replaced(token: unknown): Promise<void> {
    if (typeof token !== 'string' || token === '' || token === this.#latest?.['refresh_token']) return;
    this.#unsaved = token;
    await this.#saveWhatIsLeft();
  }

  async #saveWhatIsLeft(): Promise<void> {
    if (this.#unsaved === undefined) return;
    try {
      await this.#save(this.#unsaved);
    } catch (cause) {
      throw new TokenError('ERR_TOKEN_REQUEST', 'the save function of refreshToken failed', {
        transient: true,
        cause,
        secrets: [this.#unsaved],
      });
    }
    this.#unsaved = undefined;
  }
}
