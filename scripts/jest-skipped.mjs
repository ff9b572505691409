/** A jest reporter that lists the tests that are skipped: their titles say why. */
export default class JestSkipped {
  constructor({ testNamePattern }) {
    this.isWhole = !testNamePattern;
  }

  onRunComplete(_contexts, { testResults }) {
    const tests = testResults.flatMap(({ testResults: all }) => all.filter(({ status }) => status === 'pending'));
    if (!this.isWhole || tests.length === 0) return;
    process.stderr.write(`\nSkipped:\n${tests.map(({ fullName }) => `  ${fullName}\n`).join('')}`);
  }
}
