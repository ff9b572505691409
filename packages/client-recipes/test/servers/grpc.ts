import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js';
import type { Certificate } from '@tokenline/adapter-tests/certificates';
import type { Accepts } from './login-server.ts';

const asIs = (bytes: Buffer): Buffer => bytes;

interface Echo {
  readonly echo: handleUnaryCall<Buffer, Buffer>;
}

/** One method, which echoes. */
export const echoService: ServiceDefinition<Echo> = {
  echo: {
    path: '/Orders/Echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};

/** A gRPC server with TLS, that wants a token for every call. */
export async function startGrpc(
  { cert, key }: Certificate,
  accepts: Accepts,
): Promise<{ readonly port: number; readonly shown: string[]; close(): void }> {
  const shown: string[] = [];
  const server = new Server();
  const implementation: Echo = {
    echo: ({ metadata, request }, done) => {
      const token = String(metadata.get('authorization')).replace('Bearer ', '');
      shown.push(token);
      done(accepts(token) ? null : { code: status.UNAUTHENTICATED }, request);
    },
  };
  server.addService(echoService, { ...implementation });
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  const credentials = ServerCredentials.createSsl(null, [pair]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('localhost:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, shown, close: () => server.forceShutdown() };
}
