import { createTokenSource } from '@tokenline/core';
import type { ClientArguments } from '../arguments/client-arguments.ts';
import { readSettings } from '../arguments/read-settings.ts';
import { SecretTexts } from '../arguments/secret-texts.ts';
import { exitStatus } from '../exit-status.ts';
import { UsageError } from '../usage-error.ts';
import { checkApi } from './api.ts';
import { checkConnection } from './connection.ts';
import { checkEnvironment } from './environment.ts';
import { findTokenEndpoint } from './metadata.ts';
import { Recorder } from './recorder.ts';
import { checkRenewal } from './renewal.ts';
import { Report } from './report.ts';
import { checkToken } from './token.ts';
import { type Acquired, requestToken } from './token-request.ts';
import type { Visit } from './visit.ts';

export interface DoctorArguments extends ClientArguments {
  readonly api?: string;
  readonly json?: boolean;
}

/** Goes the whole way to a token and to an API, and tells what it finds. */
export async function doctor(args: DoctorArguments, signal: AbortSignal): Promise<number> {
  if (args.api !== undefined && !URL.canParse(args.api)) throw new UsageError('--api takes an absolute URL');
  const texts = new SecretTexts(signal);
  const settings = await readSettings(args, texts);
  const { fetch: own, timeout = 10_000, issuer, tokenEndpoint } = settings.toOptions();
  // Says at once which option is wrong.
  createTokenSource(settings.toOptions());
  const ca = args.ca === undefined ? undefined : await texts.from('--ca', args.ca).read();
  const connection = { timeout, ca, signal };
  const report = new Report(texts.read, args.json ?? false);
  const recorder = new Recorder(own ?? ((url, init) => fetch(url, init)), texts.read);
  const visit: Visit = { args, texts, settings, report, recorder, signal };

  checkEnvironment(report);
  const server = new URL(String(issuer ?? tokenEndpoint));
  await checkConnection(report, server, connection);
  const endpoint = await findTokenEndpoint(visit);
  signal.throwIfAborted();
  let acquired: Acquired | undefined;
  if (endpoint !== undefined) {
    if (endpoint.host !== server.host) await checkConnection(report, endpoint, connection);
    acquired = await requestToken(visit);
    if (acquired !== undefined) {
      checkToken(visit, acquired);
      const renewed = await checkRenewal(visit, acquired);
      if (args.api !== undefined) await checkApi(visit, acquired, renewed, connection);
    }
  }
  report.end(visit.settings.toCode(), acquired !== undefined);
  return report.hasProblem ? exitStatus.problem : exitStatus.success;
}
