import { redact } from '@tokenline/core/adapter';
import type { ClientArguments } from '../arguments/client-arguments.ts';
import { SecretTexts } from '../arguments/secret-texts.ts';
import { exitStatus } from '../exit-status.ts';
import { asJson, withProgress } from '../terminal.ts';
import { decode } from './decode.ts';
import { askServer } from './ask-server.ts';
import { asText } from './as-text.ts';
import { remarksOn } from './remarks.ts';

export interface InspectArguments extends ClientArguments {
  readonly token?: string;
  readonly introspectionEndpoint?: string;
  readonly introspect?: boolean;
  readonly json?: boolean;
}

/** Prints what a token says. */
export async function inspect(args: InspectArguments, signal: AbortSignal): Promise<number> {
  const texts = new SecretTexts(signal);
  const token = await readToken(args, texts);
  const decoded = decode(token);
  const knowsServer = (args.issuer ?? args.introspectionEndpoint) !== undefined;
  const asks = args.introspect === true || (decoded.kind !== 'jwt' && knowsServer);
  const asked = asks ? withProgress('asking the server', askServer(args, texts, token, signal)) : undefined;
  const now = Date.now();
  const remarks = decoded.kind === 'jwt' ? remarksOn(token, decoded.header, decoded.claims, now) : [];
  const inspection = { ...decoded, remarks, introspection: await asked };
  const shown = args.json ? asJson({ verified: false, ...inspection }, 2) : asText(inspection, now);
  // The server may repeat what it was sent.
  process.stdout.write(`${redact(shown, [...texts.read])}\n`);
  return exitStatus.success;
}

async function readToken({ token }: InspectArguments, texts: SecretTexts): Promise<string> {
  const isAsked = token === undefined && process.stdin.isTTY;
  const secret = isAsked ? texts.prompted('--token', 'Token') : texts.from('--token', token ?? '@-');
  // Often it is copied together with its header.
  return (await secret.read()).trim().replace(/^(authorization:\s*)?(bearer|dpop)\s+/i, '');
}
