import type { Attempt } from '@tokenline/core';
import type { InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;

/**
 * A token on the config of a request, for as long as the request is under way. Responses and errors hold the config: they
 * are printed, and retried from it, and a retry must look for a token anew.
 */
export class CarriedToken {
  /** Where redirects have led. */
  landed: string | undefined;
  readonly #config: Config;
  readonly #beforeRedirect: Config['beforeRedirect'];
  readonly #fetchOptions: Config['fetchOptions'];

  constructor(config: Config) {
    this.#config = config;
    this.#beforeRedirect = config.beforeRedirect;
    this.#fetchOptions = config.fetchOptions;
  }

  putOn(attempt: Attempt): void {
    const { headers } = attempt;
    for (const name in headers) this.#config.headers[name] = headers[name];
    // The runtime's fetch would take the proof along to another URL.
    if (attempt.bound) this.#config.fetchOptions = { ...this.#fetchOptions, redirect: 'manual' };
    this.#config.beforeRedirect = (hop, ...rest) => {
      this.landed = hop['href'] as string;
      // follow-redirects may have dropped the token, or taken it along to a subdomain.
      const carried = hop['headers'] as Record<string, string>;
      for (const name in carried) if (/^(authorization|dpop)$/i.test(name)) delete carried[name];
      Object.assign(carried, attempt.headersAt(this.landed));
      this.#beforeRedirect?.(hop, ...rest);
    };
  }

  takeOff(attempt: Attempt): void {
    for (const name in attempt.headers) delete this.#config.headers[name];
    if (this.#beforeRedirect === undefined) delete this.#config.beforeRedirect;
    else this.#config.beforeRedirect = this.#beforeRedirect;
    if (!attempt.bound) return;
    if (this.#fetchOptions === undefined) delete this.#config.fetchOptions;
    else this.#config.fetchOptions = this.#fetchOptions;
  }
}
