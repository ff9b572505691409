import { describeRedirects } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/ky';
import { newest, oldest } from './versions.ts';

for (const { ky, adapter } of [newest, oldest]) {
  describeRedirects({
    name: adapter.name,
    adapter,
    attach(source, origins) {
      const client = bearerAuth(ky.create({ throwHttpErrors: false, retry: 0 }), source, { origins });
      return (url, init) => client(url, init as object);
    },
  });

  describeRedirects({
    name: `${adapter.name}, by way of a Request`,
    adapter,
    attach(source, origins) {
      const client = bearerAuth(ky.create({ throwHttpErrors: false, retry: 0 }), source, { origins });
      return (url, init) => client(new Request(url, { ...init, duplex: 'half' } as RequestInit));
    },
    // A Request does not say whether it was made from a stream.
    keepsStreams: true,
  });
}
