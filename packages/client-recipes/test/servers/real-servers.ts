import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocketServer } from 'ws';
import type { Accepts } from './login-server.ts';

/** Echoes what it is sent. A client without a good token is answered 401. */
export function webSockets(check: Accepts): Server {
  const server = createHttpServer();
  const sockets = new WebSocketServer({
    server,
    verifyClient: ({ req }, done) => done(check((req.headers.authorization ?? '').replace('Bearer ', '')), 401),
  });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  return server;
}

/** Takes the token of the handshake's `auth`. */
export function socketIo(check: Accepts): Server {
  const server = createHttpServer();
  const io = new SocketIoServer(server);
  io.use(({ handshake }, next) => next(check(String(handshake.auth['token'])) ? undefined : new Error('unauthorized')));
  return server;
}

/** A mail server for XOAUTH2, which drops its mails. */
export function smtp(check: Accepts): Server {
  const mails = new SMTPServer({
    authMethods: ['XOAUTH2'],
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, accessToken = '' }, _session, done) =>
      done(null, check(accessToken) ? { user: username } : { data: { status: '401', schemes: 'bearer' } }),
    onData: (stream, _session, done) => stream.resume().once('end', () => done()),
  });
  return mails.server;
}
