import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
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
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://127.0.0.1');
    const path = decodeURIComponent(pathname);
    const file = path.startsWith(base)
      ? join(site, path.slice(base.length), path.endsWith('/') ? 'index.html' : '')
      : site;
    const found = await readFile(file).catch(() => undefined);
    response.statusCode = found === undefined ? 404 : 200;
    response.setHeader(
      'content-type',
      types[found === undefined ? '.html' : extname(file)] ?? 'application/octet-stream',
    );
    response.end(found ?? (await readFile(join(site, '404.html'))));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}${base}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
