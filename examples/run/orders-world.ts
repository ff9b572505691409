import { type OrdinaryWorld, ordinaryWorld } from './world.ts';

/** The ordinary, with the API of `sdk/openapi.json`: it keeps the orders that it is given. */
export function ordersWorld(): Promise<OrdinaryWorld> {
  const orders = new Map<string, unknown>();
  return ordinaryWorld(async (request) => {
    const id = new URL(request.url).pathname.split('/')[2] ?? '';
    if (request.method === 'GET') return Response.json(orders.get(id) ?? null, { status: orders.has(id) ? 200 : 404 });
    const order = (await request.json()) as { id: string };
    orders.set(order.id, order);
    return Response.json(order);
  });
}
