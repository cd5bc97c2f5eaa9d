// What changes in the shop, as it changes. One tab of the browser holds the stream, since a browser opens six connections
// to a server and no more; its other tabs hear of it from that one. What a page then asks for by itself is `quiet`: an
// open page must not keep a session alive.
export interface Told { type: string; data: Record<string, unknown> }

const kTypes = ['reset', 'order.created', 'order.updated', 'order.purged', 'shipment.created', 'shipment.updated', 'return.created', 'return.updated', 'refund.created', 'product.created', 'product.updated', 'product.deleted', 'draft.created', 'draft.updated', 'comment.created', 'comment.updated', 'task.created', 'task.updated', 'offer.updated', 'offer.deleted',
  'stock.updated', 'import.updated', 'vault.sealed', 'vault.unsealed', 'vault.purged', 'webhook.disabled', 'schedule.failed'];
const kGather = 300; // ms; what comes together is looked at once
const kLookAgain = 1000; // ms between two looks at the same thing
const kOpenAgain = 10_000; // ms after the appliance has refused the stream: the session has ended, or it is full
const listeners = new Set<(told: Told) => void>();

function tell(told: Told): void {
  for (const listener of listeners) listener(told);
}

// What this tab did, of which no event tells.
export function tellHere(type: string): void {
  tell({ type, data: {} });
}

// While the shell is shown. Ends with the function that it gives back.
export function listen(): () => void {
  const others = new BroadcastChannel('productflow-live');
  others.onmessage = ({ data }: MessageEvent<Told>) => tell(data);
  let source: EventSource | null = null, timer = 0, over = false, release = (): void => {};
  const open = (): void => {
    source = new EventSource('/api/v1/event');
    for (const type of kTypes)
      source.addEventListener(type, ({ data }: MessageEvent<string>) => {
        const told = JSON.parse(data) as Told;
        tell(told);
        others.postMessage(told);
      });
    source.onerror = () => { // it comes back by itself, unless it was refused
      if (source?.readyState === EventSource.CLOSED && !over) timer = window.setTimeout(open, kOpenAgain);
    };
  };
  void navigator.locks.request('productflow-live', () => new Promise<void>((done) => {
    release = done;
    if (over) done();
    else open();
  }));
  return () => {
    over = true;
    clearTimeout(timer);
    source?.close();
    others.close();
    release();
  };
}

// Calls `look` after something of these kinds ("order.") has changed: soon after the first, and seldom however much
// changes; a hidden page looks when it is seen again. For an $effect: ends with the function that it gives back.
// `concerns`: which of these the page has to do with.
export function whenChanged(kinds: string[], look: (told: Told) => void, concerns = (_: Told): boolean => true): () => void {
  let timer = 0, last = 0, due: Told | null = null;
  const run = (): void => {
    timer = 0;
    if (!due || document.hidden) return;
    const told = due;
    due = null;
    last = Date.now();
    look(told);
  };
  const plan = (): void => {
    if (!timer) timer = window.setTimeout(run, Math.max(kGather, last + kLookAgain - Date.now()));
  };
  const listener = (told: Told): void => {
    if (told.type !== 'reset' && !kinds.some((kind) => told.type.startsWith(kind)) || !concerns(told)) return;
    due = told;
    plan();
  };
  const seen = (): void => { if (due && !document.hidden) plan(); };
  listeners.add(listener);
  document.addEventListener('visibilitychange', seen);
  return () => {
    listeners.delete(listener);
    document.removeEventListener('visibilitychange', seen);
    clearTimeout(timer);
  };
}
