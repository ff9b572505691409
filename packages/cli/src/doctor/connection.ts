import { lookup } from 'node:dns/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';
import { durationInWords } from '../inspect/time-in-words.ts';
import { usesProxy } from './environment.ts';
import type { Report } from './report.ts';

/** How to connect. */
export interface ConnectionOptions {
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** A certificate authority beside those of Node, in PEM. */
  readonly ca: string | undefined;
}

const soon = 14 * 24 * 60 * 60 * 1_000;

const advices: readonly (readonly [RegExp, string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|DEPTH_ZERO/,
    'a certificate authority of your own is named by NODE_EXTRA_CA_CERTS, or by --ca',
  ],
  [/EXPIRED|NOT_YET_VALID/, 'renew the certificate of the server, or set the clock of this machine'],
  [/ALTNAME/, 'use the host name that the certificate is for'],
];

/** Whether a certificate can be trusted is decided by this: its code as Node has it. */
export function adviceOnCertificate(code: string): string {
  return advices.find(([pattern]) => pattern.test(code))?.[1] ?? 'see the code in the manual of Node';
}

/** Looks up the host of a URL, connects, and reads its certificate. Nothing is sent to it. */
export async function checkConnection(report: Report, url: URL, options: ConnectionOptions): Promise<void> {
  const { hostname, host, protocol } = url;
  report.step(`DNS and TLS of ${host}`);
  if (usesProxy()) return report.add('note', 'proxy', 'left out, because requests go through a proxy');
  const name = hostname.replaceAll(/[[\]]/g, '');
  try {
    const addresses = await lookup(name, { all: true });
    report.add('ok', 'dns', `${name} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return report.add(
      'problem',
      'dns',
      `${name} has no address (${codeOf(error)})`,
      'check the host name; some servers have one only where a domain is configured',
    );
  }
  const port = Number(url.port) || (protocol === 'https:' ? 443 : 80);
  const isTls = protocol === 'https:';
  try {
    const socket = isTls
      ? connectTls({
          host: name,
          port,
          servername: /^[\d.]+$|:/.test(name) ? '' : name,
          // What is wrong with the certificate is what we want to know.
          rejectUnauthorized: false,
          ...(options.ca !== undefined && { ca: [...rootCertificates, options.ca] }),
        })
      : connectPlain({ host: name, port });
    await connected(socket, isTls ? 'secureConnect' : 'connect', options);
    if (isTls) describe(report, socket as TLSSocket);
    else report.add('ok', 'connection', `port ${port} is open; plain http`);
    socket.destroy();
  } catch (error) {
    options.signal.throwIfAborted();
    report.add(
      'problem',
      'connection',
      `no ${isTls ? 'TLS ' : ''}connection to ${name}:${port} (${codeOf(error)})`,
      'check host and port, the firewall, and whether a proxy is needed: docs/proxies.md',
    );
  }
  return undefined;
}

function describe(report: Report, socket: TLSSocket): void {
  const { subject, issuer, valid_to: end } = socket.getPeerCertificate();
  const left = Date.parse(end) - Date.now();
  const names = `of ${String(subject?.CN ?? '?')}, signed by ${String(issuer?.CN ?? issuer?.O ?? '?')}`;
  const life = left > 0 ? `expires in ${durationInWords(left)}` : `expired ${durationInWords(left)} ago`;
  const text = `${socket.getProtocol()}, certificate ${names}, ${life}`;
  // An error, or its code: the types of Node know only the former.
  const flaw: unknown = socket.authorizationError;
  if (!flaw) return report.add(left < soon ? 'note' : 'ok', 'tls', text);
  const code = typeof flaw === 'string' ? flaw : codeOf(flaw);
  return report.add('problem', 'certificate', `${text}: ${code}`, adviceOnCertificate(code));
}

function connected(socket: Socket, event: string, { timeout, signal }: ConnectionOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    // It also reports what fails later, when nobody waits any more.
    socket.on('error', reject);
    signal.addEventListener('abort', () => socket.destroy(signal.reason as Error), { once: true });
    socket.setTimeout(timeout, () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
  });
}

function codeOf(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: { code?: string }[] };
  return code ?? errors?.[0]?.code ?? message ?? 'no reason';
}
