import { invalidOption, TokenError } from '../common/errors.ts';
import { readOptions } from '../common/options.ts';
import { type TimeLimit, untilAborted, withDeadline } from '../common/waiting.ts';
import { type Credential, readCredential } from './credential.ts';
import { type GrantParameters, type Rotation, type TokenGrant, tokenGrant } from './grant.ts';

/** The options of {@link refreshToken}: where you keep the refresh token. */
export interface RefreshTokenOptions {
  /**
   * Returns the current refresh token, or a promise of it. When it throws or returns no text, the token request fails with
   * a `TokenError` (`ERR_TOKEN_REQUEST`), and is tried again after a while.
   */
  readonly load: () => string | Promise<string>;
  /**
   * Keeps the refresh token that replaces the current one. The access token of the same answer is not used before this has
   * ended. When it throws, the token request fails with a `TokenError` (`ERR_TOKEN_REQUEST`), or with `ERR_TOKEN_TIMEOUT` when
   * it takes too long; the next one first calls it again with the same refresh token.
   */
  readonly save: (refreshToken: string) => unknown;
}

/**
 * Requests tokens with the refresh token of a user who consented. The server may replace it at each use.
 *
 * One request at a time uses the refresh token, and the next one uses the token that replaced it: give the same value to
 * all sources of this process that share the refresh token. A request goes on to its end even if nobody waits for it any
 * more, since its answer may hold the only refresh token that is still valid.
 *
 * @example
 * ```ts
 * const grant = refreshToken({ load: () => readFile(file, 'utf8'), save: (token) => writeFile(file, token) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when `load` or `save` is not a function, or an option does not exist.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-6 | RFC 6749 §6}
 */
export function refreshToken(options: RefreshTokenOptions): TokenGrant {
  const { load, save } = readOptions('refreshToken', options, ['load', 'save']);
  if (typeof load !== 'function' || typeof save !== 'function')
    throw invalidOption('refreshToken takes an object of two functions: { load, save }');
  const rotation = new RefreshTokenRotation(load, save);
  return tokenGrant('refresh_token', { refresh_token: load }, { read: () => rotation.read(), rotation });
}

class RefreshTokenRotation implements Rotation {
  readonly #load: Credential;
  readonly #save: RefreshTokenOptions['save'];
  /** The refresh token that the server sent and `save` has not taken yet. */
  #unsaved: string | undefined;
  /** What was read since the last turn, and is still good. */
  #fresh: WeakSet<GrantParameters> = new WeakSet();
  /** The refresh token of the turn that is under way. */
  #presented: string | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(load: Credential, save: RefreshTokenOptions['save']) {
    this.#load = load;
    this.#save = save;
  }

  async read(): Promise<GrantParameters> {
    const fresh = this.#fresh;
    const parameters = { refresh_token: this.#unsaved ?? (await readCredential('load', this.#load)) };
    fresh.add(parameters);
    return parameters;
  }

  inTurn<T>(
    read: GrantParameters,
    request: (current: GrantParameters, signal: AbortSignal) => Promise<T>,
    limit: TimeLimit,
    signal: AbortSignal,
  ): Promise<T> {
    const late = (): TokenError =>
      new TokenError('ERR_TOKEN_TIMEOUT', `no answer to a refresh token within ${limit.timeout} ms`, {
        transient: true,
      });
    const run = async (end: AbortSignal): Promise<T> => {
      await this.#saveWhatIsLeft();
      const current = this.#fresh.has(read) ? read : await this.read();
      signal.throwIfAborted();
      end.throwIfAborted();
      this.#presented = current['refresh_token'];
      return request(current, end);
    };
    // On some runtimes a turn ends with the request that took it: then its promise fails, or is waited for until the deadline.
    const turn = this.#queue
      .catch(() => {})
      .then(async () => {
        signal.throwIfAborted();
        try {
          // The answer may hold the only refresh token that is still valid: it is read even if nobody waits for it.
          return await withDeadline(limit, late, run);
        } finally {
          this.#fresh = new WeakSet();
          this.#presented = undefined;
        }
      });
    // Whoever asked for it reports the failure; the next request has its turn either way.
    this.#queue = turn.catch(() => {});
    return untilAborted(turn, signal);
  }

  ended(): Promise<unknown> {
    return this.#queue;
  }

  async replaced(token: unknown): Promise<void> {
    if (typeof token !== 'string' || token === '' || token === this.#presented) return;
    this.#unsaved = token;
    await this.#saveWhatIsLeft();
  }

  async #saveWhatIsLeft(): Promise<void> {
    const token = this.#unsaved;
    if (token === undefined) return;
    try {
      await this.#save(token);
    } catch (cause) {
      const message = 'the save function of refreshToken failed';
      throw new TokenError('ERR_TOKEN_REQUEST', message, { transient: true, cause, secrets: [token] });
    }
    // It may have taken longer than its turn, and there be another one by now.
    if (this.#unsaved === token) this.#unsaved = undefined;
  }
}
