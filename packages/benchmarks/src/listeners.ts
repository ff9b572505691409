// What it costs that others can listen: `pnpm --filter @tokenline/benchmarks listeners`, also a part of `pnpm bench`.
import { measureListeners } from './costs/listeners.ts';
import { listenersTable } from './report/listeners-table.ts';

console.log(listenersTable(await measureListeners(400)));
