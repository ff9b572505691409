import { type AxiosAdapter, getAdapter, type InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;
/** An adapter, or a wrapper of ours around one. */
export type Adapter = AxiosAdapter & { below?: Config['adapter'] };

/** The adapter that the user chose. */
export function belowOf(adapter: Config['adapter'] | Adapter): NonNullable<Config['adapter']> {
  return (typeof adapter === 'function' && (adapter as Adapter).below) || adapter!;
}

/** What was found out about adapters, which takes axios longer than all the rest. */
const fetches = new WeakMap<AxiosAdapter, boolean>();
/** What stands for an adapter that there is not. */
const none = (): never => undefined as never;

/** Whether an adapter is axios' own for `fetch`: the names of others may be the same. */
export function isFetch(adapter: AxiosAdapter, given: Config): boolean {
  let known = fetches.get(adapter);
  if (known === undefined) fetches.set(adapter, (known = adapter === getAdapter(['fetch', none], given)));
  return known;
}

/** Whether an adapter is axios' own for Node, or one of the user's, which may hand the request on to that. */
export function mayBeHttp(adapter: AxiosAdapter, given: Config): boolean {
  return typeof given.adapter === 'function' || adapter === getAdapter(['http', none], given);
}
