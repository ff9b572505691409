import { server, token, t } from './lib.ts';
import { bearerAuth, createTokenSource } from '@tokenline/axios';
import axios from 'axios';
import nodeFetch from 'node-fetch';
import http2 from 'node:http2';
import { Readable } from 'node:stream';
const B: any = await server((req, res) => res.end('b ' + req.headers.authorization));
let hold = 0;
const A: any = await server((req, res, body) => {
  if (req.url!.startsWith('/token')) return void setTimeout(() => token(res), hold);
  const u = new URL(req.url!, 'http://x');
  if (u.pathname === '/to') { res.statusCode = 302; res.setHeader('location', u.searchParams.get('l')!); return void res.end(); }
  if (u.pathname === '/no') { res.statusCode = 401; return void res.end('no'); }
  if (u.searchParams.has('once') && A.requests.filter((r: any) => r.url === req.url).length === 1) { res.statusCode = 401; return void res.end('no'); }
  res.end(`ok ${req.method} ${req.url} ${req.headers.authorization} ${body}`);
});
const events: any[] = [];
const src = (more = {}) => createTokenSource({ tokenEndpoint: A.origin + '/token', clientId: 'a', clientSecret: 'b', onEvent: (e: any) => events.push(e.type + (e.reason ? ':' + e.reason : '')), ...more });
const own = { fetch: nodeFetch, Request: null, Response: null };
const viaFetch = (c: any) => (axios.getAdapter('fetch', c) as any)(c);
for (const [n, o] of [['fn over env.fetch', { adapter: viaFetch, env: own }], ['fn over env.fetch with Request', { adapter: viaFetch, env: { fetch: (r: any, i: any) => nodeFetch(r.url ?? r, { redirect: r.redirect, headers: [...(r.headers ?? i.headers)], ...i }) } }]] as any) {
  B.requests.length = 0;
  const api: any = bearerAuth(axios.create({ baseURL: A.origin, ...o } as any), src());
  await t(n, async () => (await api.get('/to?l=' + B.origin + '/x')).data);
  console.log('  leak?', B.requests.map((r: any) => r.authorization));
}
// abort stages
for (const adapter of ['http', 'fetch']) for (const stage of ['before', 'tick', 'wait', 'renewal', 'timeout', 'cancelToken', 'cancelBefore']) {
  hold = stage === 'wait' || stage === 'renewal' || stage === 'timeout' ? 100 : 0;
  const api: any = bearerAuth(axios.create({ baseURL: A.origin, adapter }), src());
  if (stage === 'renewal') { hold = 0; await api.get('/x'); hold = 150; }
  const before = A.requests.filter((r: any) => r.url.startsWith('/st')).length;
  const c = new AbortController(); const ct = axios.CancelToken.source();
  const body = stage === 'renewal' ? 'str' : Readable.from(['x']);
  const cfg: any = { signal: stage === 'timeout' ? AbortSignal.timeout(30) : c.signal };
  if (stage.startsWith('cancel')) { delete cfg.signal; cfg.cancelToken = ct.token; }
  if (stage === 'before') c.abort(); if (stage === 'cancelBefore') ct.cancel('x');
  const url = `/st-${adapter}-${stage}` + (stage === 'renewal' ? '?once=1' : '');
  const p = api.post(url, body, cfg);
  if (stage === 'tick') c.abort(); if (stage === 'cancelToken') ct.cancel('x');
  if (stage === 'wait') setTimeout(() => c.abort(), 30); if (stage === 'renewal') setTimeout(() => c.abort(), 60);
  await t(`${adapter} ${stage}`, async () => { const e = await p.catch((e: any) => e); await new Promise((r) => setTimeout(r, 200)); return [e.name, e.code, (body as any).destroyed, A.requests.filter((r: any) => r.url.startsWith('/st')).length - before]; });
}
hold = 0;
// interceptors
{ const api: any = bearerAuth(axios.create({ baseURL: A.origin }), src());
  api.interceptors.request.use((c: any) => { c.url = '/changed'; return c; });
  await t('int url', async () => (await api.get('/x')).data);
  api.interceptors.request.clear?.();
  await t('cleared', async () => (await api.get('/x')).data); }
{ const api: any = bearerAuth(axios.create({ baseURL: A.origin }), src()); api.interceptors.request.use((c: any) => { c.baseURL = B.origin; return c; }); await t('int base', async () => (await api.get('/x')).data); }
{ const api: any = bearerAuth(axios.create({ baseURL: A.origin }), src()); const child = api.create({ timeout: 1000 }); await t('child', async () => (await child.get('/x')).data); }
{ const api: any = bearerAuth(axios.create({ baseURL: A.origin }), src()); await t('callable', async () => (await api({ url: '/x', method: 'get' })).data); await t('callable2', async () => (await api('/x', { method: 'POST', data: { a: 1 } })).data); await t('URL obj', async () => (await api.get(new URL(A.origin + '/u'))).data); await t('undefined url', async () => (await api.request({})).data); await t('headers obj', async () => (await api.get('/x', { headers: new axios.AxiosHeaders({ a: 'b' }) })).data); await t('Headers', async () => (await api.get('/x', { headers: new Headers({ a: 'b' }) as any })).data); await t('formdata', async () => (await api.postForm('/x?once=2', { a: 1 })).data.length > 20);
  await t('auth', async () => (await api.get('/x', { auth: { username: 'a', password: 'b' } })).data); await t('auth null', async () => (await api.get('/x', { auth: null })).data); await t('bearerAuth null', async () => (await api.get('/x', { bearerAuth: null })).data); await t('bearerAuth undefined', async () => (await api.get('/x', { bearerAuth: undefined })).data);await t('bearerAuth true', async () => (await api.get('/x', { bearerAuth: true })).data);await t('authorization null', async () => (await api.get('/x', { headers: { Authorization: null } })).data); await t('authorization undefined', async () => (await api.get('/x', { headers: { authorization: undefined } })).data); await t('authorization empty', async () => (await api.get('/x', { headers: { authorization: '' } })).data); await t('maxRedirects 0', async () => (await api.get('/to?l=/x', { maxRedirects: 0, validateStatus: null })).status);
  await t('beforeRedirect', async () => (await api.get('/to?l=/x', { beforeRedirect: (o: any) => { o.headers['x-b'] = '1'; } })).data);
}
{ const s1 = src(), s2 = src(); const api: any = axios.create(); bearerAuth(api, s1, { origins: [A.origin] }); bearerAuth(api, s2, { origins: [B.origin] }); bearerAuth(api, s1, { origins: [A.origin] }); await t('two', async () => [(await api.get(A.origin + '/x')).data, (await api.get(B.origin + '/x')).data, (await api.get(A.origin + '/x?once=3')).data]); }
{ const own: any = { getToken: async () => ({ value: 'own' }) }; const api: any = bearerAuth(axios.create({ baseURL: A.origin }), own); await t('own source', async () => (await api.get('/x')).data); await t('own source 401', async () => (await api.get('/no').catch((e: any) => [e.status, e.cause?.code]))); await t('own scope', async () => (await api.get('/x', { bearerAuth: { scope: 'x' } })).data); }
// h2
const h2 = http2.createServer(); h2.on('stream', (s, h) => { s.respond({ ':status': h2n++ === 1 ? 401 : 200 }); s.end('h2 ' + h.authorization); }); let h2n = 0; await new Promise<void>((r) => h2.listen(0, r));
{ const base = `http://127.0.0.1:${(h2.address() as any).port}`; const api: any = bearerAuth(axios.create({ baseURL: base, httpVersion: 2 } as any), src()); await t('h2', async () => (await api.get('/x')).data); await t('h2 401', async () => (await api.get('/x')).data); await t('h2 post', async () => (await api.post('/x', { a: 1 })).data); }
console.log(events.filter((e) => e.startsWith('passed')).join()); process.exit();
