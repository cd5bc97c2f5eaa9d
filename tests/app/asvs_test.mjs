// The map of the security standard's requirements: each has a test that is there, a reason, or is said to be open.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const tests = new URL('..', import.meta.url).pathname;
const map = JSON.parse(readFileSync(tests + 'asvs.json', 'utf8'));
const names = new Set(readdirSync(tests, { recursive: true }).filter((file) => /_test\.(cpp|mjs)$/.test(file)).flatMap((file) => {
  const text = readFileSync(tests + file, 'utf8');
  return [...text.matchAll(/TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)(?:\*\s*[\w:]+)?\)|\btest\('((?:[^'\\]|\\.)*)'/g)]
    .map(([, cpp, js]) => (cpp ? cpp.replace(/"\s*"/g, '').trim().slice(1, -1) : js).replace(/\\(['"])/g, '$1'));
}));

test('every requirement has a test that is there, a reason, or is said to be open', () => {
  assert.ok(names.size > 300, `${names.size} tests were found`);
  for (const [id, { tests: named = [], reason = '', open = '' }] of Object.entries(map.requirements)) {
    assert.match(id, /^\d+\.\d+\.\d+$/);
    assert.ok(map.chapters.includes(id.split('.')[0]), id);
    assert.ok(named.length > 0 || reason || open, `${id} has nothing`);
    for (const name of named) assert.ok(names.has(name), `${id}: there is no test "${name}"`);
  }
  const open = Object.entries(map.requirements).filter(([, one]) => one.open).map(([id, one]) => `${id}: ${one.open}`);
  console.log(`${Object.keys(map.requirements).length} requirements, ${open.length} open:\n${open.join('\n')}`);
});

test('the reasons name files that are there', () => {
  for (const [id, { reason = '' }] of Object.entries(map.requirements))
    for (const [file] of reason.matchAll(/src\/[\w/]+\.\w+/g)) assert.ok(readFileSync(tests + '../' + file), `${id}: ${file}`);
});
