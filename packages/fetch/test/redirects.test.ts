import { describeRedirects } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/fetch';
import * as undici from 'undici';
import { nodeFetch } from './driver.ts';

describeRedirects({
  name: 'fetch',
  adapter: nodeFetch,
  attach: (source, origins) => bearerAuth(fetch, source, { origins }),
});

describeRedirects({
  name: 'the fetch of undici',
  adapter: nodeFetch,
  attach: (source, origins) => bearerAuth(undici.fetch as unknown as typeof fetch, source, { origins }),
});

describeRedirects({
  name: 'fetch, by way of a Request',
  adapter: nodeFetch,
  attach(source, origins) {
    const send = bearerAuth(fetch, source, { origins });
    return (url, init) => send(new Request(url, { ...init, duplex: 'half' } as RequestInit));
  },
  // A Request does not say whether it was made from a stream.
  keepsStreams: true,
});
