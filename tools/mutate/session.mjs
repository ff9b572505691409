import { setImmediate } from 'node:timers/promises';

/** Longer than any test takes, unless it hangs. */
const timeout = 10_000;

/** Where Stryker's code looks for the mutant that is active, and counts. */
const switches = '__stryker__';

/** The tests of an area, loaded once. A mutant is a switch in the code that they have loaded, so they run again as they are. */
export class Session {
  #state;
  #namespace;
  #tests = new Map();
  #prepared = new Set();

  constructor(state, global, leavesOut) {
    this.#state = state;
    this.#namespace = global[switches] ??= {};
    for (const test of testsOf(state.rootDescribeBlock)) {
      const name = nameOf(test);
      if (!leavesOut(name)) this.#tests.set(name, test);
    }
  }

  get names() {
    return [...this.#tests.keys()];
  }

  /** Which mutants each test comes across; those without a test ran while the modules were loaded. */
  get coverage() {
    return this.#namespace.mutantCoverage ?? { static: {}, perTest: {} };
  }

  /** Runs a test, with a mutant or as the code is; what went wrong, if anything did. */
  async run(name, { mutant, hitLimit } = {}) {
    const test = this.#tests.get(name);
    const lineage = lineageOf(test);
    for (const block of lineage) await this.#prepare(block);
    const hooks = (type) => lineage.flatMap((block) => block.hooks.filter((hook) => hook.type === type));
    const namespace = this.#namespace;
    namespace.currentTestId = mutant === undefined ? name : undefined;
    namespace.activeMutant = mutant;
    namespace.hitLimit = hitLimit;
    namespace.hitCount = hitLimit === undefined ? undefined : 0;
    let failure;
    const attempt = async ({ fn }) => {
      try {
        await withinTime(fn);
      } catch (error) {
        failure ??= { error };
      }
    };
    for (const hook of hooks('beforeEach')) await attempt(hook);
    if (!failure) await attempt(test);
    for (const hook of hooks('afterEach').toReversed()) await attempt(hook);
    // By then it is known which rejections nobody handles.
    await setImmediate();
    namespace.currentTestId = namespace.activeMutant = undefined;
    return this.#unhandled() ?? failure;
  }

  /** Ends what tests share, such as a server. */
  async end() {
    for (const { hooks } of this.#prepared)
      for (const { type, fn } of hooks) if (type === 'afterAll') await fn.call({});
  }

  async #prepare(block) {
    if (this.#prepared.has(block)) return;
    this.#prepared.add(block);
    for (const { type, fn } of block.hooks) if (type === 'beforeAll') await withinTime(fn);
  }

  #unhandled() {
    const { unhandledErrors, unhandledRejectionErrorByPromise: rejections } = this.#state;
    const [error] = [...unhandledErrors.splice(0), ...rejections.values()];
    rejections.clear();
    return error && { error };
  }
}

async function withinTime(run) {
  const { promise, reject } = Promise.withResolvers();
  const timer = setTimeout(() => reject(new Error('hangs')), timeout);
  try {
    await Promise.race([run.call({}), promise]);
  } finally {
    clearTimeout(timer);
  }
}

function testsOf(block) {
  if (block.mode === 'skip' || block.mode === 'todo') return [];
  return block.type === 'test' ? [block] : block.children.flatMap(testsOf);
}

function lineageOf({ parent }) {
  return parent ? [...lineageOf(parent), parent] : [];
}

function nameOf({ name, parent }) {
  return parent?.parent ? `${nameOf(parent)} ${name}` : name;
}
