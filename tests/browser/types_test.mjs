// svelte-check finds no error and no warning in the pages, and still sees a fault that is put before it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ui = new URL('../../src/ui/', import.meta.url).pathname;
function check() {
  try {
    return execFileSync(process.execPath, ['node_modules/svelte-check/bin/svelte-check', '--tsconfig', './tsconfig.json', '--threshold', 'warning'], { cwd: ui, encoding: 'utf8' });
  } catch (failure) {
    return failure.stdout;
  }
}

test('the pages have no error and no warning', () => {
  assert.match(check(), /found 0 errors and 0 warnings/);
});

test('a wrong type and a missing label are seen', () => {
  const canary = join(ui, 'web', 'Canary.svelte');
  try {
    writeFileSync(canary, '<script lang="ts">\n  const price: number = "19.95";\n</script>\n<button>{price}</button><img src="/x.png" />\n');
    const found = check();
    assert.match(found, /found 1 error and 1 warning/);
    assert.match(found, /Canary\.svelte/);
  } finally {
    rmSync(canary, { force: true });
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
