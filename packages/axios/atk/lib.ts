import http from 'node:http';
export interface Rec { method: string; url: string; authorization: string | undefined; headers: http.IncomingHttpHeaders; body: string }
export async function server(handler: (req: http.IncomingMessage, res: http.ServerResponse, body: string) => void) {
  const requests: Rec[] = [];
  const s = http.createServer((req, res) => {
    let body = '';
    req.on('data', (c) => (body += c));
    req.on('error', () => {});
    req.on('end', () => {
      requests.push({ method: req.method!, url: req.url!, authorization: req.headers.authorization, headers: req.headers, body });
      handler(req, res, body);
    });
  });
  await new Promise<void>((r) => s.listen(0, '127.0.0.1', r));
  s.unref();
  const origin = `http://127.0.0.1:${(s.address() as any).port}`;
  return { origin, requests, s };
}
let n = 0;
export function token(res: http.ServerResponse) { res.setHeader('content-type', 'application/json'); res.end(JSON.stringify({ access_token: `t${++n}`, token_type: 'bearer', expires_in: 3600 })); }
export async function t(name: string, f: () => unknown, ms = 4000) {
  const start = Date.now();
  try {
    const v = await Promise.race([f(), new Promise((_, r) => setTimeout(() => r(new Error('HANG')), ms).unref())]);
    console.log(`${name}:`, v, `${Date.now() - start}ms`);
  } catch (e: any) { console.log(`${name}: THROWS`, e?.name, e?.code ?? '', e?.message, e?.cause?.message ?? '', `${Date.now() - start}ms`); }
}
process.on('unhandledRejection', (e: any) => console.log('!!! UNHANDLED', e));
process.on('uncaughtException', (e: any) => console.log('!!! UNCAUGHT', e));
