export { MemoryStore } from './memory-store.ts';
export { testTokenStore } from './store-contract.ts';
