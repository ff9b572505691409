// Checks that what the packages offer to their users is what packages/*/api says. With --update, writes it there.
import { parseArgs } from 'node:util';
import { currentReports, differences, keep, keptReports } from './reports.ts';
import { build } from '../../scripts/packages/built.ts';

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
build();
const kept = keptReports();
const current = await currentReports();
const changed = differences(kept, current);
if (values.update) {
  keep(kept, current);
  console.log(changed.length > 0 ? `Written: ${changed.join(', ')}` : 'The public API is unchanged');
} else if (changed.length > 0) {
  console.error(`The public API has changed: ${changed.join(', ')}
If that is meant, \`npx -y pnpm@12 api\` writes it down. Commit it with a changeset, so that users learn of it.`);
  process.exitCode = 1;
} else console.log(`The public API is what ${current.size} reports say`);
