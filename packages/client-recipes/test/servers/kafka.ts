import { createServer, type Server, type Socket } from 'node:net';
import type { Accepts } from './login-server.ts';

const saslHandshake = 17;
const apiVersions = 18;
const saslAuthenticate = 36;

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const string = (value: string): Buffer => Buffer.concat([int16(value.length), Buffer.from(value)]);
const version0 = (key: number): Buffer => Buffer.concat([int16(key), int16(0), int16(0)]);

const ok = int16(0);
const unsupportedVersion = int16(35);
const authenticationFailed = int16(58);
const versions = Buffer.concat([int32(3), ...[saslHandshake, apiVersions, saslAuthenticate].map(version0)]);
const mechanisms = Buffer.concat([int32(1), string('OAUTHBEARER')]);

function reply(key: number, version: number, body: string, check: Accepts): Buffer {
  if (key === apiVersions) return Buffer.concat([version === 0 ? ok : unsupportedVersion, versions]);
  if (key === saslHandshake) return Buffer.concat([ok, mechanisms]);
  if (key !== saslAuthenticate) throw new Error(`no such request: ${key}`);
  const [, token = ''] = /auth=Bearer ([\x20-\x7e]+)/.exec(body) ?? [];
  return check(token)
    ? Buffer.concat([ok, string(''), int32(0)])
    : Buffer.concat([authenticationFailed, string('invalid_token'), int32(0)]);
}

/** As much of a Kafka broker as a login with SASL/OAUTHBEARER needs. */
export function kafka(check: Accepts): Server {
  return createServer((socket: Socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0);
        const body = received.toString('latin1', 12, end);
        const answer = reply(received.readInt16BE(4), received.readInt16BE(6), body, check);
        socket.write(Buffer.concat([int32(4 + answer.length), received.subarray(8, 12), answer]));
        received = received.subarray(end);
      }
    });
  });
}
