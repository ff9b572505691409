import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;
/** An adapter, or a wrapper of ours around one. */
export type Adapter = AxiosAdapter & { below?: Config['adapter'] };

/** The adapter that the user chose. */
export function belowOf(adapter: NonNullable<Config['adapter']>): NonNullable<Config['adapter']> {
  return (adapter as Adapter).below ?? adapter;
}
