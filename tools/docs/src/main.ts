import { relative } from 'node:path';
import { faultsInBrowser, findChromium } from './browser.ts';
import { buildSite } from './build.ts';
import { faultsOfBuilt } from './built.ts';
import { navigation } from './navigation.ts';
import { base, root, screenshots, site } from './places.ts';
import { Repository } from './repository.ts';
import { faultsOfSources } from './sources.ts';

/** Ends the program if there are faults. What is built from faulty pages is not worth a look. */
function stopAt(faults: readonly string[]): void {
  if (faults.length === 0) return;
  process.stderr.write(`${faults.join('\n')}\n${faults.length} faults in the documentation\n`);
  process.exit(1);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const repository = new Repository(root);
stopAt(faultsOfSources(repository, navigation));
await buildSite();
stopAt(faultsOfBuilt(site, base, repository));
say(`site: ${relative(root, site)}, for the path ${base}`);

const chromium = findChromium();
if (chromium === undefined) {
  say('no screenshots, and no look at the pages: there is no chromium on the path');
} else {
  stopAt(await faultsInBrowser(chromium, site, base, screenshots));
  say(`screenshots: ${relative(root, screenshots)}`);
}
