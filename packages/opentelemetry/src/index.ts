export { instrumentTokenline, type InstrumentTokenlineOptions } from './instrument-tokenline.ts';
