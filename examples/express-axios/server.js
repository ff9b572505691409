const axios = require('axios');
const express = require('express');
const { bearerAuth, createTokenSource } = require('@tokenline/axios');

const { API_URL, ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '3000' } = process.env;

// What the service has had all along.
const api = axios.create({ baseURL: API_URL, timeout: 5_000 });
const app = express();

app.get('/orders/:id', async (request, response) => {
  const { data } = await api.get(`/orders/${encodeURIComponent(request.params.id)}`);
  response.json(data);
});

app.use((error, request, response, _next) => {
  console.error(`${request.path}: ${error.message}`);
  response.status(502).json({ error: 'The orders are not available.' });
});

// The one line.
bearerAuth(api, createTokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }));

const server = app.listen(Number(PORT), () => console.log(`http://localhost:${server.address().port}`));
process.once('SIGTERM', () => server.close());
