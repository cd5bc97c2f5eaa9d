// svelte-check finds no error and no warning in the pages, and still sees a fault that is put before it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ui = new URL('../../src/ui/', import.meta.url).pathname;
function check(tsconfig) {
  try {
    return execFileSync(process.execPath, ['node_modules/svelte-check/bin/svelte-check', '--tsconfig', tsconfig, '--threshold', 'warning'], { cwd: ui, encoding: 'utf8' });
  } catch (failure) {
    return failure.stdout;
  }
}

test('the pages have no error and no warning', () => {
  assert.match(check('./tsconfig.json'), /found 0 errors and 0 warnings/);
});

// Alone in a folder of its own, under the rules of all: to look at every page once more would take as long again.
test('a wrong type and a missing label are seen', () => {
  const folder = mkdtempSync(join(ui, 'canary-'));
  try {
    writeFileSync(join(folder, 'tsconfig.json'), '{ "extends": "../tsconfig.json", "include": ["*.svelte"] }');
    writeFileSync(join(folder, 'Canary.svelte'), '<script lang="ts">\n  const price: number = "19.95";\n</script>\n<button>{price}</button><img src="/x.png" />\n');
    const found = check(join(folder, 'tsconfig.json'));
    assert.match(found, /found 1 error and 1 warning/);
    assert.match(found, /Canary\.svelte/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no page has a static style attribute, which the policy forbids', () => {
  const pages = readdirSync(join(ui, 'web'), { recursive: true }).filter((name) => name.endsWith('.svelte'));
  assert.ok(pages.length > 30);
  for (const page of pages) assert.doesNotMatch(readFileSync(join(ui, 'web', page), 'utf8'), /\sstyle="/, page);
});

test('the lock file names no registry', () => {
  assert.ok(!readFileSync(join(ui, 'package-lock.json'), 'utf8').includes('"resolved"'));
});
