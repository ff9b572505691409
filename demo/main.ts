import { runEmbedded } from './embedded.ts';
import { runOnOwnServer } from './own-server.ts';
import { help, readSettings } from './settings.ts';

try {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === 'help') console.log(help);
  else if (settings === undefined) await runEmbedded();
  else await runOnOwnServer(settings);
} catch (error) {
  // The message alone: the errors of HTTP clients print whole requests.
  console.error(`\nThe demo failed. ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
  process.exitCode = 1;
}
