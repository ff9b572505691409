import { TestEnvironment } from 'jest-environment-node';

/** What takes a second and more, and notices nothing that others do not. */
const slow = /^many requests at once |a thousand/;

/** The mutant that a test has noticed. */
let noticed;

/** Leaves out the other tests once one has noticed a mutant, since jest itself runs them all; and those that are slow. */
export default class Environment extends TestEnvironment {
  handleTestEvent({ name, test }) {
    const mutant = process.env['__STRYKER_ACTIVE_MUTANT__'];
    const wasNoticed = mutant !== undefined && noticed === mutant;
    if (name === 'test_start' && (wasNoticed || slow.test(`${test.parent.name} ${test.name}`))) test.mode = 'skip';
    if (name === 'test_done' && test.errors.length > 0) noticed = mutant;
  }
}
