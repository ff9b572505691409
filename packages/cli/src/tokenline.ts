#!/usr/bin/env node
import { run } from './command-line.ts';
import { endQuietlyWithTheReader, interruption } from './process.ts';

endQuietlyWithTheReader(process.stdout, process.stderr);
process.exitCode = await interruption((signal) => run(process.argv, signal));
