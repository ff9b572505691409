import { TestEnvironment } from 'jest-environment-node';
import { opened } from './runner.mjs';
import { Session } from './session.mjs';

/** What takes a second and more, and notices nothing that others do not. */
const slow = /many requests at once |a thousand|^a token endpoint that fails |ends in the client’s own time-out/;

/** A suite for each version of a client. */
const suite = /^bearerAuth with (.*) \d+\.[\d.]+$/;

/** Hands the tests over once they are loaded, and never runs them itself. */
export default class Environment extends TestEnvironment {
  async handleTestEvent({ name }, state) {
    if (name !== 'run_start') return;
    skipOlder(state.rootDescribeBlock);
    opened.resolve(new Session(state, this.global, (test) => slow.test(test)));
    await new Promise(() => {});
  }
}

/** The newest version of a client is the first; what is peculiar to the others, the package's own tests say. */
function skipOlder({ children }) {
  const newest = new Set();
  for (const block of children) {
    const [, client] = suite.exec(block.name) ?? [];
    if (newest.has(client)) block.mode = 'skip';
    else if (client) newest.add(client);
  }
}
