import { TestEnvironment } from 'jest-environment-node';
import { opened } from './runner.mjs';
import { Session } from './session.mjs';

/** What takes a second and more, and notices nothing that others do not. */
const slow = /many requests at once |a thousand|^a token endpoint that fails |ends in the client’s own time-out/;

/** Hands the tests over once they are loaded, and never runs them itself. */
export default class Environment extends TestEnvironment {
  async handleTestEvent({ name }, state) {
    if (name !== 'run_start') return;
    opened.resolve(new Session(state, this.global, (test) => slow.test(test)));
    await new Promise(() => {});
  }
}
