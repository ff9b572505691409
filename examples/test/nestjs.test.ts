import { testService } from './service.ts';

// Nest closes the application, and then sends the signal to its process once more.
testService('nestjs', { end: { status: null, signal: 'SIGTERM' } });
