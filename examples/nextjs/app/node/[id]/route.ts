import { order } from '../../../lib/orders';

export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return order((await params).id);
}
