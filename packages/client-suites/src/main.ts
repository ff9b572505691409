import { readArguments } from './arguments.ts';
import { compare } from './compare.ts';
import { notesOf, type Report, tableOf } from './report.ts';
import { suites } from './suites.ts';
import { Workplace } from './workplace.ts';

// So that what runs at the exit ends all processes and removes the copies.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const { names, checkouts, only, limit } = readArguments(process.argv.slice(2), suites);
const reports: Report[] = [];

for (const { client, folder } of checkouts) {
  using workplace = await Workplace.copy(folder);
  for (const suite of suites.filter((one) => one.client === client)) {
    if (names.length > 0 && !names.includes(suite.name)) continue;
    const leftOut = suite.leftOut.map((one) => one.files);
    const files = (await workplace.find(suite.files, leftOut)).filter((file) => file.includes(only));
    if (files.length === 0) continue;
    const title = `${suite.name} ${workplace.version}`;
    const job = { suite, folder: workplace.folder, files, limit };
    const report = { suite, title, files, ...(await compare(job, (what) => console.error(`${title}: ${what}`))) };
    for (const note of notesOf(report)) console.error(note);
    reports.push(report);
  }
}

if (reports.length > 0) console.log(tableOf(reports));
else console.error('No tests ran. No client ships its tests with its package: pass --checkout <client>=<folder>.');
process.exitCode = reports.length > 0 && reports.every(({ lost }) => lost.length === 0) ? 0 : 1;
