// A worker that is a module, as Cloudflare has it.
import { handle } from './worker.ts';

const worker: { readonly fetch: typeof handle } = { fetch: handle };
// eslint-disable-next-line import/no-default-export -- a worker is a default export
export default worker;
