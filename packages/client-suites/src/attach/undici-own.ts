import { createCustomTokenSource } from '@tokenline/core';
import { options } from './elsewhere.ts';
import { attachedUndici, type Exports } from './dispatchers.ts';

const source = createCustomTokenSource({ acquire: () => ({ value: 'token-of-the-suite' }) });
const attached: Exports = attachedUndici(source, options, true);

export { attached as 'module.exports' };
