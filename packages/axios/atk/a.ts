import { createRequire } from 'node:module'; const require_ = createRequire(import.meta.url);
import { server, token, t } from './lib.ts';
import { bearerAuth, createTokenSource } from '@tokenline/axios';
import axios from 'axios';
import nodeFetch from 'node-fetch';
import http from 'node:http';
import { Readable } from 'node:stream';
const B: any = await server((req, res) => { if (req.url === '/back') { res.statusCode = 302; res.setHeader('location', A.origin + '/end'); res.end(); } else res.end('b ' + req.headers.authorization); });
const A: any = await server((req, res, body) => {
  if (req.url === '/token') return token(res);
  const u = new URL(req.url!, 'http://x');
  if (u.pathname === '/to') { res.statusCode = Number(u.searchParams.get('s') ?? 302); res.setHeader('location', u.searchParams.get('l')!); return void res.end(); }
  if (!req.headers.authorization) { res.statusCode = 401; return void res.end('none'); }
  if (u.pathname === '/once' && A.requests.filter((r: any) => r.url === req.url).length % 2 === 1) { res.statusCode = 401; return void res.end('x'.repeat(Number(u.searchParams.get('n') ?? 3))); }
  res.end(`ok ${req.method} ${req.headers.authorization} ${body}`);
});
const events: any[] = [];
const src = () => createTokenSource({ tokenEndpoint: A.origin + '/token', clientId: 'a', clientSecret: 'b', onEvent: (e: any) => events.push(e.type + (e.reason ? ':' + e.reason : '')) });
const show = (r: any) => [r.status, r.data, r.request?.res?.responseUrl ?? r.request?.url];
console.log(axios.VERSION);
const cfgs: any = {
  http: { adapter: 'http' }, fetch: { adapter: 'fetch' }, fetchArr: { adapter: ['fetch'] }, fn: { adapter: axios.getAdapter(['http']) }, arr: { adapter: ['xhr', 'http'] },
  envfetch: { adapter: 'fetch', env: { fetch: nodeFetch } }, fnfetch: { adapter: (c: any) => (axios.getAdapter('fetch') as any)(c) },
  wrapFetchSpread: { adapter: async (c: any) => { const r = await (axios.getAdapter('fetch') as any)({ ...c }); return r; } },
  h2: { adapter: 'http', httpVersion: 1 }, nullish: { adapter: null, signal: null, cancelToken: null, params: null, data: null, auth: null, beforeRedirect: null, fetchOptions: null, proxy: null, env: null, transport: null, httpAgent: null, headers: null, timeout: null, maxRedirects: null, validateStatus: null },
  undef: { adapter: undefined, signal: undefined, cancelToken: undefined, params: undefined, auth: undefined, beforeRedirect: undefined, fetchOptions: undefined, env: undefined, headers: undefined, maxRedirects: undefined },
};
for (const k in cfgs) {
  const mkp = () => axios.create({ baseURL: A.origin, headers: { authorization: 'Bearer fixed' } });
  for (const origins of [[], [B.origin]]) {
  const mk = () => bearerAuth(axios.create({ baseURL: A.origin }), src(), { origins });
  const api: any = mk(), plain: any = mkp();
  const tag = k + ' ' + origins.length;
  for (const [l, loc] of [['same', '/end#f'], ['cross', B.origin + '/x'], ['userinfo', A.origin.replace('//', '//u:p@') + '/end'], ['back', B.origin + '/back'], ['token', '/token']] as const) {
    if (!origins.length) await t(`${tag} ${l} plain`, async () => show(await plain.get(`/to?l=${encodeURIComponent(loc)}`, cfgs[k])));
    await t(`${tag} ${l} ours `, async () => show(await api.get(`/to?l=${encodeURIComponent(loc)}`, cfgs[k])));
  }
  await t(`${tag} once`, async () => show(await api.get('/once', cfgs[k])));
  await t(`${tag} once stream`, async () => { const r = await api.get('/once?n=400000', { ...cfgs[k], responseType: 'stream' }); let s = ''; for await (const c of r.data) s += Buffer.from(c).toString(); return [r.status, s]; });
  await t(`${tag} post 303`, async () => show(await api.post('/to?s=303&l=/end', { a: 1 }, cfgs[k].data === null ? { ...cfgs[k], data: undefined } : cfgs[k])));
  await t(`${tag} post 307`, async () => show(await api.post('/to?s=307&l=/end', { a: 1 }, cfgs[k].data === null ? { ...cfgs[k], data: undefined } : cfgs[k])));
  await t(`${tag} post stream 401`, async () => show(await api.post('/once?st', Readable.from(['a', 'b']), { ...cfgs[k], validateStatus: () => true })));
  }
}
console.log(events.filter((e) => e.startsWith('passed')).join());
