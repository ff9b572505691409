#!/usr/bin/env node
// Imports nothing of its own at once: an older Node fails at that before anybody can say why.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [major = 0, minor = 0] = manifest.engines.node.match(/\d+/g).map(Number);
const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  process.stderr.write(
    `error: tokenline needs Node ${major}.${minor} or newer, and this is Node ${process.versions.node}\n`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import('./main.ts');
  await main();
}
