import { createServer, type Server, type Socket } from 'node:net';
import type { Accepts } from './login-server.ts';

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

const passwordWanted = message('R', int32(3));
const welcome = Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]);
const refused = message('E', text('SFATAL'), text('C28P01'), text('Mpassword authentication failed'), text(''));
const noRows = Buffer.concat([message('C', text('SELECT 0')), message('Z', Buffer.from('I'))]);

/** As much of a PostgreSQL server as a login by password needs; every query finds no rows. */
export function postgres(check: Accepts): Server {
  return createServer((socket: Socket) => {
    let received = Buffer.alloc(0);
    let started = false;
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      // A message is a type, but for the first one, and a length that counts itself.
      for (;;) {
        const start = started ? 1 : 0;
        if (received.length < start + 4) return;
        const end = start + received.readInt32BE(start);
        if (received.length < end) return;
        const [type, body] = [
          started ? received.toString('latin1', 0, 1) : '',
          received.toString('utf8', start + 4, end),
        ];
        received = received.subarray(end);
        started = true;
        if (type === '') socket.write(passwordWanted);
        else if (type === 'p') void (check(body.slice(0, -1)) ? socket.write(welcome) : socket.end(refused));
        else if (type === 'Q') socket.write(noRows);
        else if (type === 'X') socket.end();
      }
    });
  });
}
