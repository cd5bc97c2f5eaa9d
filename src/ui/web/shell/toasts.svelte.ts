// Short words at the bottom of the screen: what was done, with a way back for 8 seconds, or what went wrong.
import { ApiError } from '../api/client.ts';
import { t } from '../i18n/i18n.svelte.ts';

export interface Toast { id: number; kind: 'done' | 'failed'; text: string; detail: string; undo: (() => void) | null }
const kSeconds = 8;
let next = 1;
export const toasts = $state<Toast[]>([]);

function show(toast: Omit<Toast, 'id'>, seconds: number): number {
  const id = next++;
  toasts.push({ id, ...toast });
  if (seconds > 0) setTimeout(() => dismiss(id), seconds * 1000);
  return id;
}
export function dismiss(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
export function done(text: string): void { show({ kind: 'done', text, detail: '', undo: null }, kSeconds); }

// `act` runs when the time to undo is over; `undone` puts the page back.
export function doneWithUndo(text: string, act: () => Promise<void>, undone: () => void): void {
  let over = false;
  const id = show({
    kind: 'done', text, detail: '',
    undo: () => {
      over = true;
      dismiss(id);
      undone();
    },
  }, 0);
  setTimeout(() => {
    dismiss(id);
    if (!over) act().catch((failure: unknown) => {
      undone();
      failed(failure);
    });
  }, kSeconds * 1000);
}

export function words(failure: unknown): string {
  if (failure instanceof ApiError) {
    if (failure.status === 0) return t('error.offline');
    return failure.message;
  }
  return failure instanceof Error ? failure.message : String(failure);
}
export function failed(failure: unknown): void {
  if (failure instanceof DOMException && failure.name === 'AbortError') return;
  const details: string[] = [];
  if (failure instanceof ApiError) {
    for (const fault of failure.faults) if (!failure.message.endsWith(fault.message)) details.push(`${fault.field}: ${fault.message}`);
    if (failure.requestId) details.push(t('error.request_id', { id: failure.requestId }));
  }
  show({ kind: 'failed', text: words(failure), detail: details.join('\n'), undo: null }, 20);
}
