import { options, source } from './elsewhere.ts';
import { attachedUndici, type Exports } from './dispatchers.ts';

const attached: Exports = attachedUndici(source, options);

// The tests load it by `require`.
export { attached as 'module.exports' };
