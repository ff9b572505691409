// A process of its own: it makes the servers of each case, and tells and changes what goes on in them over HTTP.
import { createServer, type IncomingMessage } from 'node:http';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { answeredPreflight, listen } from '@tokenline/adapter-tests';
import type { Report, Result } from './protocol.ts';
import { makeClients, World } from './world.ts';

const clients = await makeClients();
const worlds = new Map<string, World>();
const reports = new Map<string, { results: Result[]; done: boolean }>();
/** The pages that browsers open: what is served at a path, and from which file. */
const pages = new Map<string, { file: string; type: string }>();
let count = 0;

const server = createServer(async (request, response) => {
  if (answeredPreflight(request, response)) return;
  const { status = 200, type = 'application/json', body } = await answer(request).catch(failed);
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
});
const origin = await listen(server);
console.log(origin);
// Whoever started this process ends it by closing its input.
process.stdin.resume().once('end', () => process.exit());

interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Buffer;
}

async function answer(request: IncomingMessage): Promise<Reply> {
  const { method, url = '' } = request;
  const { pathname } = new URL(url, origin);
  const [, folder = '', id = ''] = pathname.split('/');
  const told = async <T>(): Promise<T> => JSON.parse(await text(request)) as T;
  const page = pages.get(pathname);
  if (page !== undefined) return { type: page.type, body: await readFile(page.file) };
  switch (`${method} /${folder}`) {
    case 'POST /pages':
      for (const [path, served] of Object.entries(await told<Record<string, { file: string; type: string }>>()))
        pages.set(path, served);
      return json({});
    case 'POST /worlds':
      return id === '' ? openWorld() : changeWorld(id, await told());
    case 'GET /worlds':
      return json(worldOf(id).look());
    case 'DELETE /worlds':
      await worldOf(id).close();
      worlds.delete(id);
      return json({});
    case 'POST /reports':
      return json(add(id, await told()));
    case 'GET /reports':
      return json(reportOf(id));
    default:
      return { status: 404, type: 'text/plain', body: `there is no ${method} ${pathname}` };
  }
}

async function openWorld(): Promise<Reply> {
  const id = String(++count);
  const world = await World.open(clients);
  worlds.set(id, world);
  return json(world.describe(`${origin}/worlds/${id}`));
}

function changeWorld(id: string, change: Parameters<World['change']>[0]): Reply {
  worldOf(id).change(change);
  return json({});
}

function worldOf(id: string): World {
  const world = worlds.get(id);
  if (world === undefined) throw new Error(`there is no world ${id}`);
  return world;
}

function add(runtime: string, { results, done }: Report): object {
  const report = reportOf(runtime);
  report.results.push(...results);
  report.done ||= done;
  reports.set(runtime, report);
  return {};
}

function reportOf(runtime: string): { results: Result[]; done: boolean } {
  return reports.get(runtime) ?? { results: [], done: false };
}

function failed(error: unknown): Reply {
  return { status: 500, type: 'text/plain', body: String(error) };
}

function json(value: object): Reply {
  return { body: JSON.stringify(value) };
}
