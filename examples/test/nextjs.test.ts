import { testService } from './service.ts';

// Next.js ends by itself, with the status of a signal.
const end = { status: 143, signal: null };

testService('nextjs', { path: '/node', end });
testService('nextjs', { path: '/edge', end });
