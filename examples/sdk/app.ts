// What a user of the SDK writes: three ways to say who one is.
import { bearerAuth, createTokenSource } from '@tokenline/fetch';
import { Orders } from './src/orders.ts';

const { API_URL = 'https://api.example.com', ISSUER = 'https://login.example.com' } = process.env;
const { CLIENT_ID: clientId = '', CLIENT_SECRET: clientSecret = '' } = process.env;
const service = { baseUrl: API_URL, issuer: ISSUER };

// With credentials. The user never hears of tokens.
const orders = new Orders({ clientId, clientSecret }, service);
const { id } = await orders.create({ id: '7', item: 'a kettle' });
console.log(`credentials: ${(await orders.get(id)).item}`);

// With a source that the application has for other clients, too: all of them share its token.
const source = createTokenSource({ issuer: ISSUER, clientId, clientSecret });
console.log(`a source: ${(await new Orders({ source }, service).get(id)).item}`);

// With a fetch that sends a token already. The SDK adds nothing to it.
const send = bearerAuth(fetch, source, { origins: [API_URL] });
console.log(`a client: ${(await new Orders({ fetch: send }, service).get(id)).item}`);
