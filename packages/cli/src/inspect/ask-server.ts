import { type Fetch, TokenError, type TokenSourceOptions } from '@tokenline/core';
import { introspect } from '@tokenline/core/adapter';
import { readSettings } from '../arguments/read-settings.ts';
import type { SecretTexts } from '../arguments/secret-texts.ts';
import { isOf, readMetadataDocuments } from '../metadata-documents.ts';
import { UsageError } from '../usage-error.ts';
import type { Claims } from './decode.ts';
import type { InspectArguments } from './inspect.ts';

/** Asks the server what it knows of a token, as this client. */
export async function askServer(
  args: InspectArguments,
  texts: SecretTexts,
  token: string,
  signal: AbortSignal,
): Promise<Claims> {
  const { issuer, introspectionEndpoint: given } = args;
  if (issuer === undefined && given === undefined)
    throw new UsageError('--introspect needs --issuer, or --introspection-endpoint');
  const server = issuer === undefined ? { tokenEndpoint: args.tokenEndpoint ?? given ?? '' } : {};
  const settings = await readSettings({ ...args, ...server }, texts);
  const options = settings.toOptions();
  const { timeout = 10_000 } = options;
  const late = AbortSignal.timeout(timeout);
  const end = AbortSignal.any([signal, late]);
  try {
    return await ask(args, options, token, end);
  } catch (error) {
    if (!late.aborted) throw error;
    throw new TokenError('ERR_TOKEN_TIMEOUT', `the server said nothing of the token within ${timeout} ms`, {
      transient: true,
    });
  }
}

async function ask(
  { issuer, introspectionEndpoint: given }: InspectArguments,
  options: TokenSourceOptions,
  token: string,
  end: AbortSignal,
): Promise<Claims> {
  const metadata = issuer === undefined ? {} : await metadataOf(issuer, options.fetch ?? fetch, end);
  const endpoint = given ?? metadata['introspection_endpoint'];
  if (typeof endpoint !== 'string')
    throw new UsageError(`the metadata of ${issuer} names no introspection_endpoint: pass --introspection-endpoint`);
  const methods =
    metadata['introspection_endpoint_auth_methods_supported'] ?? metadata['token_endpoint_auth_methods_supported'];
  const known = {
    issuer: textOr(endpoint, metadata['issuer']),
    token_endpoint: textOr(endpoint, metadata['token_endpoint']),
    introspection_endpoint: endpoint,
    ...(Array.isArray(methods) && { token_endpoint_auth_methods_supported: methods as string[] }),
  };
  return introspect(options, known, token, end);
}

async function metadataOf(issuer: string, send: Fetch, signal: AbortSignal): Promise<Claims> {
  const documents = await readMetadataDocuments(issuer, send, signal);
  const own = documents.find((document) => isOf(issuer, document));
  if (own?.fields === undefined)
    throw new TokenError('ERR_DISCOVERY_REQUEST', `there is no metadata of ${issuer}: \`tokenline doctor\` says why`, {
      transient: documents.some(({ status }) => status === undefined || status >= 500),
    });
  return own.fields;
}

function textOr(other: string, value: unknown): string {
  return typeof value === 'string' ? value : other;
}
