import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** A static server, as the site needs no more than one. */
export interface StaticServer {
  /** Where the site is. */
  readonly url: string;
  close(): Promise<void>;
}

export async function serve(site: string, base: string): Promise<StaticServer> {
  const missing = await readFile(join(site, '404.html'));
  const server = createServer(({ url = '/' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname);
    const index = path.endsWith('/') ? 'index.html' : '';
    const file = path.startsWith(base) ? join(site, path.slice(base.length), index) : site;
    readFile(file).then(
      (content) =>
        response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(content),
      () => response.writeHead(404, { 'content-type': 'text/html' }).end(missing),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
