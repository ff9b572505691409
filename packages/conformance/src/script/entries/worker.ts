// For workers: each request runs one case, in a context of its own.
import { allCases } from '../cases/all.ts';
import type { Environment } from '../case.ts';
import { axiosDriver } from '../clients/axios.ts';
import { fetchDriver } from '../clients/fetch.ts';
import { kyDriver } from '../clients/ky.ts';
import { resultOf } from '../run.ts';

/** `GET /` tells how many cases there are; `POST /3` runs the fourth, and is told the environment. */
export async function handle(request: Request): Promise<Response> {
  const cases = allCases([fetchDriver, axiosDriver, kyDriver]);
  if (request.method === 'GET') return Response.json({ cases: cases.map(({ about, name }) => ({ about, name })) });
  const each = cases[Number(new URL(request.url).pathname.slice(1))];
  if (each === undefined) return new Response('', { status: 404 });
  return Response.json(await resultOf((await request.json()) as Environment, each));
}
