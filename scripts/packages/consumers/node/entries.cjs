// Every entry can be imported and required. What is an ES module only is the same for both.
const assert = require('node:assert/strict');

const [dual, single] = process.argv.slice(2).map((names) => names.split(','));

void (async () => {
  for (const name of [...dual, ...single]) {
    const imported = await import(name);
    const required = require(name);
    const names = Object.keys(imported);
    assert.notEqual(names.length, 0);
    assert.deepEqual(Object.keys(required).toSorted(), names.toSorted(), name);
    assert.equal(required === imported, single.includes(name), name);
    console.log(`${name} exports ${names.join(', ')}`);
  }
})();
