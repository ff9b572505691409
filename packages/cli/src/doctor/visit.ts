import type { TokenError, TokenSourceOptions } from '@tokenline/core';
import type { ClientArguments } from '../arguments/client-arguments.ts';
import type { SecretTexts } from '../arguments/secret-texts.ts';
import type { Settings } from '../arguments/settings.ts';
import type { Recorder } from './recorder.ts';
import type { Report } from './report.ts';

/** What every step needs. */
export interface Visit {
  readonly args: ClientArguments & { readonly api?: string };
  readonly texts: SecretTexts;
  readonly report: Report;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  /** The options of the source. A step that finds better ones puts them here. */
  settings: Settings;
}

/** The options of a source that is watched, and that says at once what is wrong. */
export function watched({ recorder }: Visit, settings: Settings): TokenSourceOptions {
  return { ...settings.toOptions(), fetch: recorder.fetch, patience: 0 };
}

export function describeFailure({ message, code }: TokenError): string {
  return `${message} (${code})`;
}
