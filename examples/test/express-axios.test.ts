import { testService } from './service.ts';

testService('express-axios');
