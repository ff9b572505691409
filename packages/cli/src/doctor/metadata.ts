import { createTokenSource, type TokenError, tokenErrorOf } from '@tokenline/core';
import { quoted } from '../arguments/secret-texts.ts';
import { isOf, type MetadataDocument, readMetadataDocuments } from '../metadata-documents.ts';
import { checkOffers } from './offers.ts';
import { describeFailure, type Visit, watched } from './visit.ts';

/** Where the token endpoint is; `undefined` where nobody knows. */
export async function findTokenEndpoint(visit: Visit): Promise<URL | undefined> {
  const { report, settings, recorder } = visit;
  const { issuer, tokenEndpoint } = settings.toOptions();
  if (tokenEndpoint !== undefined) return new URL(tokenEndpoint);
  const given = String(issuer);
  report.step(`Metadata of ${given}`);
  const documents = await read(visit, given);
  for (const document of documents) report.add(...describe(given, document));
  recorder.take();
  const failure = await verdictOn(visit);
  recorder.take();
  if (failure === undefined) {
    report.add('ok', 'issuer', 'the metadata is that of the issuer');
    return endpointOf(visit, documents.find((document) => isOf(given, document)) ?? documents[0]);
  }
  report.add('problem', idOf(failure), describeFailure(failure));
  const other = await findOtherIssuer(visit, given, documents);
  if (other === undefined) return undefined;
  const found = String(other.fields?.['issuer']);
  report.add(
    'note',
    'other-issuer',
    `there is metadata of ${found}`,
    `pass issuer: ${quoted(found)}; it is used from here on`,
  );
  visit.settings = settings.with('issuer', { value: found, code: quoted(found) });
  return endpointOf(visit, other);
}

function idOf({ code }: TokenError): string {
  return code === 'ERR_ISSUER_MISMATCH'
    ? 'issuer-mismatch'
    : code === 'ERR_DISCOVERY_REQUEST'
      ? 'no-metadata'
      : 'metadata';
}

function endpointOf(visit: Visit, document: MetadataDocument | undefined): URL | undefined {
  const fields = document?.fields ?? {};
  checkOffers(visit, fields);
  const endpoint = fields['token_endpoint'];
  return typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
}

async function read({ recorder, signal, settings }: Visit, issuer: string): Promise<MetadataDocument[]> {
  const { timeout = 10_000 } = settings.toOptions();
  const end = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  return readMetadataDocuments(issuer, recorder.fetch, end);
}

function describe(issuer: string, document: MetadataDocument): ['ok' | 'note', string, string] {
  const { url, status, fields } = document;
  const found = fields?.['issuer'];
  if (status === undefined) return ['note', 'place', `GET ${url}: no answer`];
  if (fields === undefined) return ['note', 'place', `GET ${url}: status ${status}, no metadata`];
  const level = isOf(issuer, document) ? 'ok' : 'note';
  return [level, 'place', `GET ${url}: status ${status}, issuer ${quoted(String(found))}`];
}

/** What the source itself says of the metadata. It gets to no token request. */
async function verdictOn(visit: Visit): Promise<TokenError | undefined> {
  const { fetch, ...options } = watched(visit, visit.settings);
  const source = createTokenSource({
    ...options,
    fetch: async (url, init) => {
      if (init.method === 'POST') throw new Error('metadata is enough');
      return fetch!(url, init);
    },
  });
  const failure = tokenErrorOf(await source.getToken({ signal: visit.signal }).catch((error: unknown) => error));
  return failure && /DISCOVERY|ISSUER|TIMEOUT/.test(failure.code) ? failure : undefined;
}

/** Looks on the same origin where the issuer may be instead: credentials go to no other host because a document says so. */
async function findOtherIssuer(
  visit: Visit,
  given: string,
  documents: readonly MetadataDocument[],
): Promise<MetadataDocument | undefined> {
  const { origin, pathname } = new URL(given);
  const path = pathname.replace(/\/$/, '');
  const named = documents.map(({ fields }) => String(fields?.['issuer']));
  const parents = path.split('/').map((_, index, parts) => parts.slice(0, index).join('/'));
  // Keycloak before version 17, PingOne, and whoever took an endpoint for the issuer.
  const paths = [`/auth${path}`, `${path}/as`, ...parents.toReversed()].map((each) => `${origin}${each}`);
  const candidates = [...new Set([...named, ...paths])].filter(
    (each) => URL.canParse(each) && new URL(each).origin === origin && new URL(each).href !== new URL(given).href,
  );
  for (const candidate of candidates.slice(0, 6)) {
    const found = (await read(visit, candidate)).find((document) => isOf(candidate, document));
    visit.recorder.take();
    if (found) return found;
  }
  return undefined;
}
