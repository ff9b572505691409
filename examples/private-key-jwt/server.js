import { createServer } from 'node:http';
import { bearerAuth } from '@tokenline/fetch';
import { publicKeys } from './keys.js';
import { rotatingSource } from './source.js';

const { API_URL, PORT = '3000' } = process.env;

const { source, rotate } = await rotatingSource();
const send = bearerAuth(fetch, source, { origins: [API_URL] });

const server = createServer(async ({ url }, response) => {
  try {
    // The `jwks_uri` of the client: here the identity server learns the public keys.
    const answer = url === '/jwks.json' ? Response.json(await publicKeys()) : await send(`${API_URL}${url}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  } catch (error) {
    console.error(`${url}: ${error.message}`);
    response.writeHead(502).end();
  }
});

process.on('SIGHUP', rotate);
const timer = setInterval(rotate, 60_000);
process.once('SIGTERM', () => {
  clearInterval(timer);
  server.close();
});

server.listen(Number(PORT), () => console.log(`http://localhost:${server.address().port}`));
