import { runEmbedded } from './embedded.ts';
import { reasonOf } from './reason.ts';
import { runOnOwnServer } from './own-server.ts';
import { help, readSettings } from './settings.ts';

try {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === 'help') console.log(help);
  else if (settings === undefined) await runEmbedded();
  else await runOnOwnServer(settings);
} catch (error) {
  console.error(`\nThe demo failed. ${reasonOf(error)}`);
  process.exitCode = 1;
}
