// Where the person is: the address's path and query. Links are plain <a href>; a click on one of ours is taken over
// here, everything else (other hosts, new tabs, downloads) is the browser's.
const state = $state({ path: location.pathname, search: location.search, leaving: 0 });
let back = false; // by the browser's own buttons
let guard: (() => boolean) | null = null; // false: stay, something typed is not saved

const sync = (): void => {
  state.path = location.pathname;
  state.search = location.search;
};

export const route = {
  get path(): string { return state.path; },
  get query(): URLSearchParams { return new URLSearchParams(state.search); },
};

export const cameBack = (): boolean => back;

export function go(to: string, { replace = false, keepScroll = false } = {}): void {
  const address = new URL(to, location.href);
  if (address.pathname !== location.pathname && guard && !guard()) return;
  if (address.pathname !== location.pathname) guard = null;
  if (address.href === location.href) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  back = false;
  sync();
  if (!keepScroll) document.querySelector('main')?.scrollTo(0, 0);
}

// Asked before the page is left by a link of ours or closed; answers whether it may be. Returns how to stop asking.
export function guardLeaving(mayLeave: () => boolean): () => void {
  guard = mayLeave;
  const onUnload = (event: BeforeUnloadEvent): void => {
    if (!quietlyMayLeave()) event.preventDefault();
  };
  const quietlyMayLeave = (): boolean => document.querySelector('[data-unsaved]') === null;
  addEventListener('beforeunload', onUnload);
  return () => {
    removeEventListener('beforeunload', onUnload);
    if (guard === mayLeave) guard = null;
  };
}

export function startRouter(): void {
  addEventListener('popstate', () => {
    back = true;
    sync();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download') || link.pathname.startsWith('/api/')) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.href);
  });
}

// The same address with some of its query changed; an empty value takes the parameter out.
export function withQuery(changes: Record<string, string | string[] | null>): string {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (Array.isArray(value)) for (const one of value) query.append(name, one);
    else if (value) query.set(name, value);
  }
  const text = query.toString();
  return location.pathname + (text ? '?' + text : '');
}
