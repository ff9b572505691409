import { setImmediate } from 'node:timers/promises';

/** A test hangs that takes so much longer than it took before: a busy machine makes it slow, but not as slow as that. */
const hangs = (spent) => 8_000 + 5 * spent;
/** Longer than any test takes. */
const longest = 300_000;

/** Where Stryker's code looks for the mutant that is active, and counts. */
const switches = '__stryker__';

/** The tests of an area, loaded once. A mutant is a switch in the code that they have loaded, so they run again as they are. */
export class Session {
  #state;
  #namespace;
  #tests = new Map();
  #prepared = new Set();
  #last = new Set();
  /** How many milliseconds each test takes at most as the code is. */
  spent = new Map();
  #company = new Map();

  constructor(state, global, leavesOut) {
    this.#state = state;
    this.#namespace = global[switches] ??= {};
    for (const test of testsOf(state.rootDescribeBlock)) {
      let name = nameOf(test);
      if (leavesOut(name)) continue;
      while (this.#tests.has(name)) name += ' again';
      this.#tests.set(name, test);
      const file = fileOf(test);
      this.#company.set(file, (this.#company.get(file) ?? 0) + 1);
    }
  }

  get names() {
    return [...this.#tests.keys()];
  }

  /** How many tests the file of a test has: the fewer, the more they are about the code of this very package. */
  companyOf(name) {
    return this.#company.get(fileOf(this.#tests.get(name)));
  }

  /** Which mutants each test comes across; those without a test ran while the modules were loaded. */
  get coverage() {
    return this.#namespace.mutantCoverage ?? { static: {}, perTest: {} };
  }

  /** Runs a test, with a mutant or as the code is; what went wrong, if anything did, and whether it had no end. */
  async run(name, { mutant, hitLimit } = {}) {
    const test = this.#tests.get(name);
    const spent = this.spent.get(name);
    const limit = spent === undefined && mutant === undefined ? longest : hangs(spent ?? 1_000);
    const begun = performance.now();
    const own = hooksOf(test);
    const hooks = (type) => own.filter((hook) => hook.type === type);
    for (const hook of hooks('beforeAll')) await this.#prepare(hook);
    for (const hook of hooks('afterAll')) this.#last.add(hook);
    const namespace = this.#namespace;
    namespace.currentTestId = mutant === undefined ? name : undefined;
    namespace.activeMutant = mutant;
    namespace.hitLimit = hitLimit;
    namespace.hitCount = hitLimit === undefined ? undefined : 0;
    let failure;
    const attempt = async ({ fn }) => {
      try {
        await withinTime(failure?.endless ? 2_000 : limit, fn);
      } catch (error) {
        failure ??= { error, endless: error === endless || namespace.hitCount > hitLimit };
      }
    };
    for (const hook of hooks('beforeEach')) await attempt(hook);
    if (!failure) await attempt(test);
    for (const hook of hooks('afterEach').toReversed()) await attempt(hook);
    // By then it is known which rejections nobody handles.
    await setImmediate();
    namespace.currentTestId = namespace.activeMutant = undefined;
    if (mutant === undefined) this.spent.set(name, Math.max(spent ?? 0, performance.now() - begun));
    return this.#unhandled() ?? failure;
  }

  /** Ends what tests share, such as a server. */
  async end() {
    for (const { fn } of this.#last) await fn.call({});
  }

  async #prepare(hook) {
    if (this.#prepared.has(hook)) return;
    this.#prepared.add(hook);
    await withinTime(longest, hook.fn);
  }

  #unhandled() {
    const { unhandledErrors, unhandledRejectionErrorByPromise: rejections } = this.#state;
    const [error] = [...unhandledErrors.splice(0), ...rejections.values()];
    rejections.clear();
    return error && { error };
  }
}

const endless = new Error('the test hangs');

async function withinTime(time, run) {
  const { promise, reject } = Promise.withResolvers();
  const timer = setTimeout(() => reject(endless), time);
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

/** The hooks around a test, from the outside. Those that another file has at its top are none of them. */
function hooksOf(test) {
  const file = fileOf(test);
  return lineageOf(test).flatMap(({ hooks }) => hooks.filter((hook) => [undefined, file].includes(fileOf(hook))));
}

function lineageOf({ parent }) {
  return parent ? [...lineageOf(parent), parent] : [];
}

/** The file of tests that a test or a hook is in; none for a hook of a module that files share. */
function fileOf({ asyncError }) {
  const [file] = /[^\s(]+\.test\.ts/.exec(asyncError.stack) ?? [];
  return file;
}

function nameOf({ name, parent }) {
  return parent?.parent ? `${nameOf(parent)} ${name}` : name;
}
