import { bearerAuth, createTokenSource } from '@tokenline/ky';
import ky from 'ky';

const { ORDERS_URL = '', INVOICES_URL = '', ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '' } = process.env;

const source = createTokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
const orders = source.with({ scope: 'orders.read' });
const invoices = source.with({ scope: 'invoices.write' });

// Each origin gets the token of its own source, and no other.
const forOrders = bearerAuth(ky, orders, { origins: [ORDERS_URL] });
const api = bearerAuth(forOrders, invoices, { origins: [INVOICES_URL] });

interface Order {
  readonly id: number;
  readonly total: number;
}

const shipped = await api(`${ORDERS_URL}/orders?state=shipped`).json<Order[]>();
for (const { id, total } of shipped) {
  await api.post(`${INVOICES_URL}/invoices`, { json: { order: id, total } });
  console.log(`invoice for order ${id}: ${total}`);
}
