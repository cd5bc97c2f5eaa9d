// Two people changed the same: both values are shown, and whose stays is asked.
import { mount, unmount } from 'svelte';
import { ApiError } from '../api/client.ts';
import type { Json } from '../api/types.ts';
import { t } from '../i18n/i18n.svelte.ts';
import type { Conflict } from './draft.ts';

export interface Wording { name: (field: string) => string; text: (field: string, value: Json) => string }

interface Clash { field: string; theirs: Json; mine: Json }
// Of a refusal that says what both made of it; anything else is no conflict.
export function conflictsIn(failure: unknown): Conflict[] {
  const clashes = failure instanceof ApiError && failure.status === 412 ? (failure.problem as { conflicts?: Clash[] }).conflicts : undefined;
  return (clashes ?? []).map(({ field, mine, theirs }) => ({ field, mine, theirs }));
}
// Throws `failure` where it is none of these, and an Error when the person goes on editing.
export async function mineStays(failure: unknown): Promise<boolean> {
  const conflicts = conflictsIn(failure);
  if (conflicts.length === 0) throw failure;
  return (await whoseStay(conflicts)).length === 0;
}
// The fields of which the other's stays; throws an Error when the person goes on editing.
export async function whoseStay(conflicts: Conflict[], wording?: Wording): Promise<string[]> {
  const { default: ConflictDialog } = await import('./ConflictDialog.svelte');
  const theirs = await new Promise<string[] | null>((resolve) => {
    const done = (stays: string[] | null): void => {
      void unmount(shown);
      resolve(stays);
    };
    const shown = mount(ConflictDialog, { target: document.body, props: { conflicts, decide: done, close: () => done(null), ...(wording && { wording }) } });
  });
  if (theirs === null) throw new Error(t('products.conflict_title'));
  return theirs;
}
